"""SECRET_KEY changed while letters, links and codes of the former one are still about."""

import pytest

from player.members import ODILE, on_the_roll, with_account
from player.world import NEW_PASSWORD, StillClock, still_world, test_settings
from tests.journeys import (
    at_code,
    code_in_mail,
    give_code,
    in_waiting,
    mailed_link,
    mailed_recovery,
    refused,
)
from webapp.adapters.keys import KeyedSeals
from webapp.rules.ranks import Rank
from webapp.services.account import recovery, recovery_link
from webapp.services.kernel.work import Work
from webapp.services.registration import confirmation
from webapp.services.roll import entries

FORMER, TODAY = "the key of before, long since changed", "the key of today, just now made up"
SITE, ROW = "https://espace.example.org", "0123456789abcdef0123456789abcdef"


def seals(*keys: str) -> KeyedSeals:
    return KeyedSeals(keys[0], SITE, StillClock(), keys[1:])


def test_what_a_former_key_made_still_opens_and_new_things_are_today_s() -> None:
    before, both, after = seals(FORMER), seals(TODAY, FORMER), seals(TODAY)
    assert both.unlock(ROW, before.lock(ROW, b"123456")) == b"123456"
    assert both.open_link("recovery", before.seal_link("recovery", ROW))
    assert both.same(before.mac("p", "a"), "p", "a")
    assert not both.same(before.mac("p", "a"), "p", "b")
    assert not both.same(before.mac("q", "a"), "p", "a")

    assert after.unlock(ROW, both.lock(ROW, b"123456")) == b"123456"
    assert after.open_link("recovery", both.seal_link("recovery", ROW))
    assert after.mac("p", "a") == both.mac("p", "a")


def test_without_it_nothing_of_a_former_key_opens() -> None:
    before, after = seals(FORMER), seals(TODAY)
    assert after.open_link("recovery", before.seal_link("recovery", ROW)) is None
    assert not after.same(before.mac("p", "a"), "p", "a")
    with pytest.raises(ValueError, match="SECRET_KEY"):
        after.unlock(ROW, before.lock(ROW, b"123456"))


@pytest.fixture
def changed(engine):
    """A work before the change, and one after it, in one world's time and chance."""
    former = still_world(test_settings(secret_key=FORMER))
    today = still_world(test_settings(secret_key=TODAY, secret_key_fallbacks=(FORMER,)))
    works = Work(engine, former, "203.0.113.7"), Work(engine, today, "203.0.113.7")
    yield works
    for work in works:
        work.close(commit=False)


def test_a_paper_letter_of_before_still_registers(changed) -> None:
    before, after = changed
    on_the_roll(before)
    before.settle()
    assert in_waiting(after)


def test_a_mailed_link_and_its_letter_of_before_still_confirm(changed) -> None:
    before, after = changed
    on_the_roll(before)
    before.settle()
    in_waiting(before)
    assert confirmation.by_link(after, mailed_link(after)) == "confirmed"


def test_a_security_code_of_before_still_signs_in(changed) -> None:
    before, after = changed
    with_account(before)
    before.settle()
    session = at_code(before)
    before.settle()
    assert give_code(after, session, code_in_mail(after)).rank is Rank.MEMBER


def test_a_recovery_link_of_before_still_chooses_a_password(changed) -> None:
    before, after = changed
    with_account(before)
    before.settle()
    recovery.ask(before, email=ODILE.email, number=ODILE.number)
    before.settle()
    recovery_link.choose(after, mailed_recovery(after), password=NEW_PASSWORD)


def test_once_the_former_key_is_gone_its_paper_letter_is_refused(changed, engine) -> None:
    before, _ = changed
    on_the_roll(before)
    before.settle()
    alone = Work(engine, still_world(test_settings(secret_key=TODAY)), "203.0.113.7")
    with refused("letter_wrong"):
        entries.entry_of_letter(alone, ODILE.number, ODILE.access_code)
    alone.close(commit=False)
