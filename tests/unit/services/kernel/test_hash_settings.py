"""Which argon2 settings are in use: noted once, dropped when no password needs them any more."""

from dataclasses import replace

import pytest
from sqlalchemy import select, update

from player.members import ODILE, RENE, on_the_roll, with_account
from player.world import PASSWORD
from tests.closings import purge
from tests.journeys import give_password, in_waiting, mailed_link, refused, reissued
from webapp.adapters.argon2 import Argon2Hasher
from webapp.models import Account, HashSettings
from webapp.services.kernel import hash_settings
from webapp.services.kernel.work import Work
from webapp.services.registration import confirmation

TODAYS = Argon2Hasher(2, 16, 1)


def noted(work: Work) -> set[str]:
    found = set(work.db.execute(select(HashSettings.settings)).scalars())
    work.settle()
    return found


def changed(work: Work) -> str:
    """The operator changes ARGON2_* and starts anew; returns the former settings."""
    former = work.world.hasher.settings
    work.world = replace(work.world, hasher=TODAYS)
    hash_settings.note(work)
    work.settle()
    return former


def test_noted_twice_is_once(work: Work) -> None:
    hash_settings.note(work)
    hash_settings.note(work)
    assert noted(work) == {work.world.hasher.settings}


def test_a_server_that_could_not_note_its_own_does_so_at_the_first_sign_in(work: Work) -> None:
    with refused("sign_in_wrong"):
        give_password(work)
    assert noted(work) == {work.world.hasher.settings}


def test_former_settings_stay_while_an_account_was_hashed_with_them(work: Work, clock) -> None:
    with_account(work)
    former = changed(work)
    clock.advance(days=400)
    purge(work)
    assert noted(work) == {former, TODAYS.settings}


def test_they_go_once_the_last_one_signed_in(work: Work, clock) -> None:
    with_account(work)
    former = changed(work)
    clock.advance(days=1)
    give_password(work)
    assert former not in work.db.execute(select(Account.password_hash)).scalar_one()
    purge(work)
    assert noted(work) == {TODAYS.settings}


@pytest.mark.parametrize("takes_over", [False, True])
def test_they_stay_for_what_waits(work: Work, clock, takes_over: bool) -> None:
    """A registration, or a newer letter's access: until its day is over."""
    letter = RENE
    if takes_over:
        with_account(work, RENE)
        letter = reissued(work, RENE)
    else:
        on_the_roll(work, RENE)
    clock.advance(hours=12)
    in_waiting(work, letter, email=RENE.other_email)
    if takes_over:
        confirmation.by_link(work, mailed_link(work))
        work.db.execute(update(Account).values(password_hash=TODAYS.hash(PASSWORD)))
    hash_settings.note(work)
    former = changed(work)
    work.db.execute(update(HashSettings).values(since=work.now))
    clock.advance(hours=23)
    purge(work)
    assert former in noted(work)


def test_settings_just_noted_are_left_for_a_day(work: Work, clock) -> None:
    """Hosts that start one after the other: the first has stored nothing yet."""
    former = work.world.hasher.settings
    hash_settings.note(work)
    changed(work)
    clock.advance(hours=23)
    purge(work)
    assert former in noted(work)
    clock.advance(hours=1)
    purge(work)
    assert noted(work) == {TODAYS.settings}


def test_todays_are_never_dropped(work: Work, clock) -> None:
    hash_settings.note(work)
    clock.advance(days=400)
    purge(work)
    assert noted(work) == {work.world.hasher.settings}


def test_a_hash_whose_settings_nobody_noted_still_opens(work: Work) -> None:
    with_account(work)
    work.db.execute(update(Account).values(password_hash=Argon2Hasher(3, 24, 1).hash(PASSWORD)))
    assert give_password(work, ODILE.email).token
