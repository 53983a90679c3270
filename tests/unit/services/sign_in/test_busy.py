"""A machine without room for one more password costs nobody a try: nothing was compared."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select

from player.members import ODILE, RENE, on_the_roll, with_account
from player.world import NEW_PASSWORD, PASSWORD
from tests.hashers import OneSeat
from tests.journeys import (
    drafted,
    found,
    give_password,
    mailed_recovery,
    refused,
    signed_in,
)
from webapp.models import Throttle
from webapp.rules import limits
from webapp.rules.ranks import Member
from webapp.services.account import address, closing, password, recovery, recovery_link
from webapp.services.kernel import throttle
from webapp.services.kernel.work import Work
from webapp.services.sign_in import devices, reauthentication

Act = Callable[[Work, Member], object]


@pytest.fixture
def hasher(work: Work) -> OneSeat:
    only = OneSeat()
    work.world = replace(work.world, hasher=only)
    return only


@pytest.fixture
def session(work: Work, hasher: OneSeat) -> Member:
    """Odile in her space; René has a letter."""
    with_account(work)
    on_the_roll(work, RENE)
    return found(work, signed_in(work).token)


def counts(work: Work) -> dict[str, int]:
    """Every count that may close something, as another request finds it."""
    work.db.rollback()  # what a 503 does
    rows = {row.key: row.used for row in work.db.execute(select(Throttle.key, Throttle.used))}
    work.settle()
    return {key: used for key, used in rows.items() if used}


def change(work: Work, session: Member) -> object:
    return password.change(work, session, present=PASSWORD, password=NEW_PASSWORD)


def choose(work: Work, _: Member) -> object:
    return recovery_link.choose(work, mailed_recovery(work), password=NEW_PASSWORD)


ACTS: dict[str, Act] = {
    "signing in": lambda work, _: give_password(work),
    "signing in to nothing": lambda work, _: give_password(work, "personne@example.org"),
    "the present password": lambda work, own: reauthentication.give(work, own, password=PASSWORD),
    "another password": change,
    "another address": lambda work, own: address.ask(
        work, own, email="neuf@example.org", password=PASSWORD
    ),
    "closing": lambda work, own: closing.ask(work, own, password=PASSWORD),
    "registering": lambda work, _: drafted(work, RENE),
    "a forgotten password": choose,
}


@pytest.mark.parametrize("act", ACTS)
def test_busy_costs_no_try(work: Work, hasher: OneSeat, session: Member, act: str) -> None:
    recovery.ask(work, email=ODILE.email, number=ODILE.number)
    work.settle()
    before = counts(work)
    for _ in range(20):  # more than any limit
        with hasher.taken(), refused("busy"):
            ACTS[act](work, session)
        more = {key for key, used in counts(work).items() if used > before.get(key, 0)}
        assert not more  # a right letter gives something back besides
    if act == "signing in to nothing":
        with refused("sign_in_wrong"):
            ACTS[act](work, session)
    else:
        ACTS[act](work, session)


def test_busy_on_a_trusted_device_costs_none_of_its_own(work: Work, hasher: OneSeat) -> None:
    _, secret = devices.remember(work, with_account(work), "Firefox, Linux")
    work.settle()
    with hasher.taken(), refused("busy"):
        give_password(work, device_secret=secret)
    assert counts(work) == {}


def test_the_new_password_that_found_no_room_costs_no_try(
    work: Work, hasher: OneSeat, session: Member
) -> None:
    """The present one was right; the seat went to somebody else in between."""

    class NoRoomForMore(OneSeat):
        def hash(self, password: str) -> str:
            with self.taken():
                return super().hash(password)

    work.world = replace(work.world, hasher=NoRoomForMore())
    before = counts(work)
    with refused("busy"):
        change(work, session)
    assert counts(work) == before


def test_busy_after_wrong_ones_leaves_these_counted(work: Work, hasher: OneSeat) -> None:
    with_account(work)
    for _ in range(4):
        with refused("sign_in_wrong"):
            give_password(work, password="pas le bon mot de passe")
    with hasher.taken(), refused("busy"):
        give_password(work)
    with refused("sign_in_wrong"):
        give_password(work, password="pas le bon mot de passe")
    with refused("password_closed"):
        give_password(work)


def test_only_busy_gives_a_try_back(work: Work) -> None:
    throttle.spend(work, limits.PASSWORD, "x", "password_closed")
    with refused("sign_in_wrong"), throttle.unless_busy(work, limits.PASSWORD, "x"):
        raise throttle.Refusal("sign_in_wrong")
    assert throttle.spend(work, limits.PASSWORD, "x", "password_closed") == 2
