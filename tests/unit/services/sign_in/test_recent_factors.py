"""Second steps younger than the last known good sign-in: which they are, and how they go."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from player.mails import waiting
from player.members import ODILE, RENE, with_account
from tests.authenticator import Phone
from tests.journeys import count, journalled, refused
from tests.own_steps import member, signed, with_app, with_passkey
from webapp.models import Account, Authenticator, JournalEntry, Passkey, RecoveryCode
from webapp.rules import lifetimes
from webapp.services.kernel import journal
from webapp.services.sign_in import (
    authenticators,
    passkeys,
    recent_factors,
    recovery_codes,
    second_factors,
)
from webapp.services.sign_in.passkeys import Purpose
from webapp.services.space import history


@pytest.fixture
def odile(work):
    with_account(work)
    return member(work)


def kinds(work, session):
    shown = [step.kind for step in recent_factors.listed(work, session.account_id)]
    some = work.db.execute(select(recent_factors.some(work, session.account_id))).scalar()
    assert bool(shown) == bool(some)
    work.settle()
    return shown


def keys(work, session):
    return [step.key for step in recent_factors.listed(work, session.account_id)]


def remove(work, session, *which):
    gone = recent_factors.remove(work, session.account_id, which, email=ODILE.email)
    work.settle()
    return [each.kind for each in gone]


def days(clock, count):
    clock.advance(days=count)


def comes_in(work, session):
    """Somebody signs in to this account; the journal's entry."""
    journal.write(work, "sign_in.done", account_id=session.account_id, by="app", agent="")
    last = select(JournalEntry.id).order_by(JournalEntry.id.desc()).limit(1)
    entry = work.db.execute(last).scalar_one()
    work.settle()
    return entry


def dispute(work, session, entry):
    assert history.dispute(work, session, entry)
    work.settle()


def test_before_any_known_good_sign_in_everything_is_recent(work, odile):
    with_passkey(work, odile, Phone())
    with_app(work, odile)
    assert sorted(kinds(work, odile)) == ["app", "codes", "passkey"]
    shown = recent_factors.listed(work, odile.account_id)
    assert {step.name for step in shown} == {"Mon téléphone", "Mon appli", ""}


def test_nothing_of_one_s_own_nothing_recent(work, odile):
    authenticators.start(work, odile)  # being added: no step yet
    assert kinds(work, odile) == []


def test_a_step_stays_recent_until_a_later_sign_in_is_a_week_old(work, clock, odile):
    with_passkey(work, odile, Phone())
    days(clock, 300)
    assert "passkey" in kinds(work, odile)  # however long nobody came
    comes_in(work, odile)
    days(clock, 7)
    clock.advance(seconds=-1)
    assert "passkey" in kinds(work, odile)
    clock.advance(seconds=1)
    assert kinds(work, odile) == []


def test_sign_ins_up_to_a_dispute_vouch_for_nothing(work, clock, odile):
    with_passkey(work, odile, Phone())
    clock.advance(minutes=1)
    strangers = comes_in(work, odile)
    clock.advance(minutes=1)
    comes_in(work, odile)  # whose was this one?
    dispute(work, odile, strangers)
    days(clock, 8)
    assert "passkey" in kinds(work, odile)
    comes_in(work, odile)
    days(clock, 8)
    assert kinds(work, odile) == []


def test_a_dispute_leaves_the_sign_ins_before_it_good(work, clock, odile):
    with_passkey(work, odile, Phone())
    clock.advance(minutes=1)
    comes_in(work, odile)
    clock.advance(minutes=1)
    dispute(work, odile, comes_in(work, odile))
    days(clock, 8)
    assert kinds(work, odile) == []


def test_what_the_journal_has_forgotten_was_disputed_by_nobody(work, clock, odile):
    with_passkey(work, odile, Phone())
    days(clock, lifetimes.JOURNAL.days + 1)
    assert kinds(work, odile) == []


def test_new_recovery_codes_are_recent_where_the_app_is_not(work, clock, odile):
    with_app(work, odile)
    clock.advance(minutes=1)
    comes_in(work, odile)
    days(clock, 8)
    assert kinds(work, odile) == []
    recovery_codes.renew(work, odile)
    work.settle()
    assert kinds(work, odile) == ["codes"]


def test_a_passkey_removed_opens_nothing_and_its_owner_is_told(work, odile):
    phone = Phone(counts=False)
    with_passkey(work, odile, phone)
    answer = signed(work, phone, Purpose.SIGN_IN, None)
    key = next(each for each in keys(work, odile) if each.startswith("cle-"))
    assert remove(work, odile, key) == ["passkey"]
    with refused("passkey_unknown"):
        passkeys.sign_in(work, answer, agent="", previous=None)
    (told,) = [each for each in waiting(work) if each.name == "second_step_removed"]
    assert told.to == ODILE.email
    assert "Mon téléphone" in told.text


def test_several_go_at_once_and_the_mailed_code_is_on_again(work, odile):
    with_passkey(work, odile, Phone())
    with_app(work, odile)
    second_factors.stop_mail(work, odile)
    work.settle()
    assert remove(work, odile, *keys(work, odile)) == ["passkey", "app", "codes"]
    assert [count(work, table) for table in (Passkey, Authenticator, RecoveryCode)] == [0, 0, 0]
    assert work.db.execute(select(Account.mailed_code_off)).scalar() is False
    assert [each["kind"] for each in journalled(work, "second_step.removed")] == [
        "passkey",
        "app",
        "codes",
    ]
    mails = [each for each in waiting(work) if each.name == "second_step_removed"]
    assert len(mails) == 1


def test_codes_alone_leave_the_mail_as_it_was(work, odile):
    with_passkey(work, odile, Phone())
    second_factors.stop_mail(work, odile)
    work.settle()
    assert remove(work, odile, recent_factors.CODES) == ["codes"]
    assert work.db.execute(select(Account.mailed_code_off)).scalar() is True


def test_with_the_last_step_its_codes_go_too(work, odile):
    with_passkey(work, odile, Phone())
    key = work.db.execute(select(Passkey.id)).scalar_one()
    assert remove(work, odile, f"cle-{key}") == ["passkey"]
    assert count(work, RecoveryCode) == 0


def test_an_established_step_is_not_removed_so(work, clock, odile):
    with_passkey(work, odile, Phone())
    clock.advance(minutes=1)
    comes_in(work, odile)
    days(clock, 8)
    key = work.db.execute(select(Passkey.id)).scalar_one()
    for each in (f"cle-{key}", recent_factors.ALL, recent_factors.APP, recent_factors.CODES):
        assert remove(work, odile, each) == []
    assert (count(work, Passkey), count(work, RecoveryCode)) == (1, 10)


FORGED = ["", "cle-", "cle-x", "cle-١", f"cle-{'9' * 40}", "cle-1 ", "tous", "cle-999"]


@pytest.mark.parametrize("forged", FORGED)
def test_a_forged_key_does_nothing(work, odile, forged):
    with_passkey(work, odile, Phone())
    before = len(waiting(work))
    assert remove(work, odile, forged) == []
    assert count(work, Passkey) == 1
    assert len(waiting(work)) == before


def test_nobody_removes_another_member_s(work, odile):
    with_passkey(work, odile, Phone())
    key = work.db.execute(select(Passkey.id)).scalar_one()
    rene = with_account(work, RENE)
    work.settle()
    for each in (f"cle-{key}", recent_factors.ALL):
        assert recent_factors.remove(work, rene, [each], email=RENE.email) == ()
    assert count(work, Passkey) == 1


def test_each_account_has_its_own_known_good_sign_in(work, clock, odile):
    """René's sign-ins say nothing of Odile's."""
    with_passkey(work, odile, Phone())
    rene = replace(odile, account_id=with_account(work, RENE))
    clock.advance(minutes=1)
    comes_in(work, rene)
    days(clock, 8)
    assert "passkey" in kinds(work, odile)
