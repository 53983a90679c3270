"""What is erased of a closed space after its seven days, and what stays."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from player import mails
from player.members import ODILE, RENE, on_the_roll, with_account
from tests.closings import closed, everything_of, names, purge
from tests.journeys import (
    count,
    found,
    in_waiting,
    journalled,
    mailed_link,
    refused,
    reissued,
    signed_in,
)
from tests.roll_desk import SOURCE, WHO_WAITS, batch_of
from tests.threads import at_once
from webapp.models import (
    Account,
    AddressChange,
    Authenticator,
    Device,
    JournalEntry,
    OutboxMail,
    Passkey,
    Recovery,
    RecoveryCode,
    Registration,
    RollEntry,
    StoredSession,
    Takeover,
    TermsAcceptance,
)
from webapp.rules import lifetimes
from webapp.rules.refusals import Refusal
from webapp.rules.roll_headers import plan
from webapp.services.account import closing, erasure
from webapp.services.registration import confirmation
from webapp.services.roll.import_file import import_roll
from webapp.services.space import retention

pytestmark = pytest.mark.usefixtures("account_id")


@pytest.fixture
def session(work):
    """Odile, in her space."""
    return found(work, signed_in(work).token)


def test_after_seven_days_all_that_hangs_on_the_account_is_erased(work, session, account_id, clock):
    everything_of(work, account_id)
    closed(work, session)
    clock.advance(days=6, hours=23, minutes=59)
    purge(work)
    assert count(work, Account) == count(work, Passkey) == count(work, Authenticator) == 1
    clock.advance(minutes=1)
    assert purge(work)
    tables = (
        Account, StoredSession, Device, Passkey, Authenticator, RecoveryCode, AddressChange,
        Takeover, Recovery, Registration,
    )  # fmt: skip
    assert {table.__name__: count(work, table) for table in tables} == {
        table.__name__: 0 for table in tables
    }
    assert count(work, RollEntry) == 1
    entries = work.db.execute(select(JournalEntry.account_id, JournalEntry.facts)).all()
    assert entries and {each.account_id for each in entries} == {None}
    assert ODILE.email not in repr(entries)
    assert purge(work) == 0


def test_the_last_mail_says_so_and_those_that_waited_are_wiped(work, session, clock):
    closed(work, session)
    clock.advance(days=7)
    purge(work)
    left = work.db.execute(
        select(OutboxMail.name, OutboxMail.sealed).where(OutboxMail.name.in_(("closing", "closed")))
    ).all()
    work.settle()
    assert {each.name: bool(each.sealed) for each in left} == {"closing": False, "closed": True}
    assert mails.waiting(work)[-1].to == ODILE.email
    assert journalled(work, "account.closed") == [{}]


def test_two_purges_at_once_erase_once(work, session, clock):
    closed(work, session)
    clock.advance(days=7)
    at_once(work, 4, lambda own, _: retention.purge(own))
    assert names(work).count("closed") == 1
    assert len(journalled(work, "account.closed")) == 1


def test_erasing_and_keeping_at_once_end_one_way(work, session, clock):
    asked = closed(work, session)
    clock.advance(days=7)

    def act(own, which):
        return closing.cancel(own, asked) if which else bool(erasure.erase_due(own))

    erased, kept = at_once(work, 2, act)
    assert not isinstance(erased, Refusal)
    assert erased != kept
    assert count(work, Account) == int(kept)


def test_proofs_of_terms_stay_five_years_tied_to_the_roll_alone(work, session, clock):
    closed(work, session)
    clock.advance(days=7)
    erased_at = clock.time
    purge(work)
    proof = work.db.execute(select(TermsAcceptance.__table__)).one()
    assert proof.account_id is None and proof.roll_id
    assert proof.origin == "127.0.0.1"
    assert proof.kept_until == erased_at + lifetimes.TERMS_PROOF
    clock.time = proof.kept_until - timedelta(minutes=1)
    purge(work)
    assert count(work, TermsAcceptance) == 1
    clock.advance(minutes=1)
    purge(work)
    assert count(work, TermsAcceptance) == 0


def test_other_members_keep_everything(work, session, clock):
    with_account(work, RENE)
    work.settle()
    closed(work, session)
    clock.advance(days=7)
    purge(work)
    assert work.db.execute(select(Account.email)).scalars().all() == [RENE.email]
    assert {each.kept_until for each in _proofs(work, RENE)} == {None}


def _proofs(work, letter):
    return work.db.execute(
        select(TermsAcceptance.kept_until)
        .join(RollEntry, RollEntry.id == TermsAcceptance.roll_id)
        .where(RollEntry.number == letter.number)
    ).all()


def imported(work, code):
    """The roll's file imported again, with this access code for Odile (None: none given)."""
    header = plan(["numero_adherent", "code_acces"]).header
    rows = [(2, [ODILE.number, code or ""])]
    report = import_roll(work, header, lambda: rows, source=SOURCE)
    written = batch_of(work, WHO_WAITS)
    work.settle()
    return report, written


def erased(work, session, clock):
    closed(work, session)
    clock.advance(days=7)
    purge(work)


def test_the_old_paper_opens_nothing_any_more(work, session, clock):
    erased(work, session, clock)
    with refused("letter_spent"):
        in_waiting(work)


def test_not_even_when_the_same_file_is_imported_again(work, session, clock):
    erased(work, session, clock)
    report, _ = imported(work, ODILE.access_code)
    assert report.unchanged == 1
    with refused("letter_spent"):
        in_waiting(work)


def test_no_letter_is_written_to_who_left(work, session, clock):
    erased(work, session, clock)
    _, written = imported(work, None)
    assert written == []


def test_with_a_new_letter_the_member_comes_back(work, session, clock):
    erased(work, session, clock)
    imported(work, RENE.access_code)
    in_waiting(work, type(ODILE)(ODILE.number, RENE.access_code, ODILE.email))
    assert confirmation.by_link(work, mailed_link(work)) == "confirmed"
    work.settle()
    assert count(work, Account) == 1
    assert count(work, TermsAcceptance) == 2
    assert found(work, signed_in(work).token)


def test_a_registration_of_the_same_letter_goes_too(work, session, clock, account_id):
    roll_id = work.db.execute(select(Account.roll_id)).scalar_one()
    closed(work, session)
    clock.advance(days=7)
    work.db.execute(
        insert(Registration).values(
            id="d" * 32, roll_id=roll_id, state="waiting", email="x@example.org",
            email_key="x@example.org", password_hash="x", link_id="e" * 32, codes="",
            created_at=work.now, expires_at=work.now + timedelta(hours=1),
        )
    )  # fmt: skip
    purge(work)
    assert count(work, Registration) == 0


def test_a_newer_letter_and_what_it_began_outlive_the_erasure(work, session, clock):
    """A member who asked for another letter meanwhile, and registered with it, loses neither."""
    closed(work, session)
    clock.advance(days=6, hours=12)
    newer = reissued(work)
    in_waiting(work, newer, email="odile.neuve@example.org")
    link = mailed_link(work)
    clock.advance(hours=12)
    assert purge(work) > 0 and count(work, Account) == 0
    assert confirmation.by_link(work, link) == "confirmed"
    assert count(work, Account) == 1


def test_nobody_without_a_request_is_erased(work, clock):
    on_the_roll(work, RENE)
    clock.advance(days=3000)
    purge(work)
    assert count(work, Account) == 1
