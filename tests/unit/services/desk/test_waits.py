"""Whoever answers the telephone reads for what a member waits, and until when."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from player.members import ODILE, RENE, on_the_roll, with_account
from player.world import StillClock
from tests import address_changes, closings
from tests.journeys import (
    at_code,
    code_in_mail,
    found,
    give_code,
    give_password,
    in_waiting,
    mailed_recovery,
    resend,
    settled,
    signed_in,
    wrong,
)
from webapp.models import Account, RollEntry
from webapp.rules import limits
from webapp.rules.refusals import Refusal
from webapp.services.account import address_confirmation, recovery, recovery_link
from webapp.services.desk import member
from webapp.services.desk.waits import Wait
from webapp.services.kernel.work import Work
from webapp.services.registration import confirmation, drafts, pending

Act = Callable[..., Any]
WRONG = "cheval-tulipe-azur-99"


@pytest.fixture
def on_roll(work: Work) -> None:
    on_the_roll(work)
    work.settle()


@pytest.fixture
def with_space(work: Work) -> None:
    with_account(work)
    work.settle()


def waits(work: Work, number: str = ODILE.number) -> tuple[Wait, ...]:
    own = select(RollEntry.id).where(RollEntry.number == number)
    return member.look(work, work.db.scalars(own).one()).waits


def often(times: int, act: Act, *args: Any, **facts: Any) -> None:
    """So many tries, refused or not."""
    for _ in range(times):
        with suppress(Refusal):
            act(*args, **facts)


def only(work: Work, name: str, *, within: timedelta) -> None:
    """This is closed, and nothing else, for no longer than the limit says."""
    [one] = waits(work)
    assert one.limit == name
    assert work.now < one.until <= work.now + within


def letter_tried(work: Work, code: str) -> None:
    drafts.write(
        work, number=ODILE.number, access_code=code, email=ODILE.email, password=WRONG,
        previous=None,
    )  # fmt: skip


def test_who_waits_for_nothing(work: Work, with_space: None) -> None:
    signed_in(work)
    assert waits(work) == ()


def test_the_code_of_the_letter(work: Work, on_roll: None) -> None:
    often(6, settled, work, letter_tried, code="000000000000")
    only(work, "access_code", within=limits.HOUR)


def test_the_code_of_the_letter_of_a_number_with_a_dash(work: Work, on_roll: None) -> None:
    work.db.execute(update(RollEntry).values(number="00-12345"))
    often(6, settled, work, letter_tried, code="000000000000")
    assert [each.limit for each in waits(work, "00-12345")] == ["access_code"]


def test_the_mail_of_a_registration_sent_again(
    work: Work, on_roll: None, clock: StillClock
) -> None:
    waiting = in_waiting(work)
    for _ in range(6):
        clock.advance(minutes=1)
        often(1, settled, work, pending.resend, waiting)
    only(work, "registration_resend", within=limits.HOUR)


def test_the_activation_code(work: Work, on_roll: None) -> None:
    waiting = in_waiting(work)
    other = wrong(code_in_mail(work))
    often(6, settled, work, confirmation.by_code, waiting, code=other)
    only(work, "activation_code", within=limits.HOUR)


def test_the_password(work: Work, with_space: None) -> None:
    often(6, give_password, work, password=WRONG)
    only(work, "password", within=limits.MINUTE)


def test_the_password_on_a_trusted_device(work: Work, with_space: None) -> None:
    secret = signed_in(work, remember=True).device_secret
    often(6, give_password, work, password=WRONG, device_secret=secret)
    [one] = waits(work)
    assert (one.limit, one.device) == ("password", True)


def test_the_security_code(work: Work, with_space: None) -> None:
    for _ in range(4):
        session = at_code(work)
        often(5, give_code, work, session, wrong(code_in_mail(work)))
    only(work, "code_account", within=limits.DAY)


def test_the_security_code_sent_again(work: Work, with_space: None, clock: StillClock) -> None:
    session = at_code(work)
    for _ in range(6):
        clock.advance(minutes=1)
        often(1, resend, work, session)
    only(work, "code_resend", within=limits.HOUR)


def test_the_first_code_of_sign_ins(work: Work, with_space: None) -> None:
    for at in range(21):
        often(1, at_code, work, browser=f"browser {at}")
    only(work, "code_mail", within=limits.HOUR)


def test_the_link_to_a_new_password(work: Work, with_space: None) -> None:
    often(4, settled, work, recovery.ask, email=ODILE.email, number=ODILE.number)
    only(work, "recovery", within=limits.HOUR)


def test_the_number_asked_for_after_that_link(work: Work, with_space: None) -> None:
    work.db.execute(update(Account).values(password_hash=""))  # as after « tout fermer »
    settled(work, recovery.ask, email=ODILE.email, number=ODILE.number)
    token = mailed_recovery(work)
    often(6, settled, work, recovery_link.choose, token, password=WRONG, number=RENE.number)
    only(work, "recovery_number", within=limits.HOUR)


def test_the_password_asked_for_again_in_the_space(work: Work, with_space: None) -> None:
    session = found(work, signed_in(work).token)
    often(6, closings.ask, work, session, password=WRONG)
    only(work, "present_password", within=limits.MINUTE)


def test_the_mail_and_the_code_of_another_address(work: Work, with_space: None) -> None:
    session = found(work, signed_in(work).token)
    often(6, address_changes.ask, work, session)
    only(work, "address_mail", within=limits.HOUR)
    other = wrong(address_changes.code(work))
    often(6, settled, work, address_confirmation.by_code, session, code=other)
    assert {each.limit for each in waits(work)} == {"address_mail", "address_code"}


def test_the_code_that_closes_a_space(work: Work, with_space: None, clock: StillClock) -> None:
    session = found(work, signed_in(work).token)
    for _ in range(6):
        clock.advance(minutes=1)
        often(1, closings.ask, work, session)
    only(work, "closing_code", within=limits.HOUR)


def test_nobody_else_s_wait_is_shown(work: Work, with_space: None) -> None:
    on_the_roll(work, RENE)
    often(6, give_password, work, password=WRONG)
    assert waits(work, RENE.number) == ()


def test_a_wait_that_is_over_is_not_shown(work: Work, with_space: None, clock: StillClock) -> None:
    often(6, give_password, work, password=WRONG)
    clock.advance(minutes=1)
    assert waits(work) == ()
