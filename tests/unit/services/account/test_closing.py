"""Closing a space: asked twice over, seven days to change one's mind, and what is then erased."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from player import mails
from player.members import ODILE, RENE, on_the_roll, with_account
from player.world import PASSWORD
from tests.journeys import (
    again,
    code_in_mail,
    count,
    found,
    in_waiting,
    journalled,
    mailed_link,
    refused,
    reissued,
    settled,
    signed_in,
    wrong,
)
from tests.threads import at_once, refusals
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
from webapp.rules.roll_file import read_header
from webapp.services.account import closing, erasure, recovery
from webapp.services.kernel import sessions
from webapp.services.registration import confirmation
from webapp.services.roll.import_file import import_roll
from webapp.services.space import retention

pytestmark = pytest.mark.usefixtures("account_id")


@pytest.fixture
def session(work):
    """Odile, in her space."""
    return found(work, signed_in(work).token)


def ask(work, session, password=PASSWORD):
    """« Recevoir le code »."""
    return settled(work, closing.ask, session, password=password)


def confirm(work, session, code):
    """The code typed once."""
    settled(work, closing.confirm, session, code=code)


def closed(work, session):
    """Both proofs given."""
    asked = ask(work, session)
    confirm(work, asked, code_in_mail(work))
    return asked


def purge(work):
    removed = retention.purge(work)
    work.settle()
    return removed


def names(work):
    found = [each.name for each in mails.waiting(work)]
    work.settle()
    return found


def due(work, session):
    moment = closing.due_at(work, session)
    work.settle()
    return moment


def test_the_right_password_mails_a_code_and_closes_nothing(work, session):
    ask(work, session)
    assert names(work)[-1] == "closing_code"
    assert due(work, session) is None


def test_a_wrong_password_mails_nothing(work, session):
    with refused("present_wrong"):
        ask(work, session, "pas le bon mot de passe")
    assert "closing_code" not in names(work)


def test_the_right_code_closes_in_seven_days_and_tells_the_owner(work, session, clock):
    closed(work, session)
    assert due(work, session) == clock.time + timedelta(days=7)
    assert mails.waiting(work)[-1].name == "closing"
    assert "8\u00a0décembre 2026" in mails.waiting(work)[-1].text
    assert journalled(work, "account.closing") == [{}]


def test_every_other_session_and_device_ends_and_this_one_stays(work, session):
    other = signed_in(work, browser="another browser", remember=True)
    assert count(work, Device) == 1
    closed(work, session)
    assert sessions.find(work, other.token) is None
    assert count(work, Device) == 0
    live = select(StoredSession.id).where(StoredSession.idle_until > work.now)
    assert work.db.execute(live).scalars().all() == [session.id]


def test_a_code_lives_five_minutes_to_the_second(work, session, clock):
    asked = ask(work, session)
    code = code_in_mail(work)
    clock.advance(minutes=5)
    with refused("code_expired"):
        confirm(work, asked, code)
    assert due(work, session) is None
    clock.advance(seconds=-1)
    confirm(work, asked, code)
    assert due(work, session)


def test_five_wrong_codes_end_the_request_and_the_right_one_comes_too_late(work, session):
    asked = ask(work, session)
    code = code_in_mail(work)
    for by in range(1, 5):
        with refused("code_wrong"):
            confirm(work, asked, wrong(code, by))
    with refused("closing_spent"):
        confirm(work, asked, wrong(code, 5))
    with refused("closing_over"):
        confirm(work, asked, code)
    assert due(work, session) is None
    assert [each["left"] for each in journalled(work, "account.closing_code_refused")] == [
        4, 3, 2, 1, 0,
    ]  # fmt: skip


def test_another_session_of_the_same_member_cannot_use_the_code(work, session):
    other = found(work, signed_in(work, browser="another browser").token)
    ask(work, session)
    with refused("closing_over"):
        confirm(work, other, code_in_mail(work))


def test_within_a_minute_no_second_mail_leaves_and_the_code_stays_good(work, session):
    ask(work, session)
    code = code_in_mail(work)
    asked = ask(work, session)
    assert names(work).count("closing_code") == 1
    confirm(work, asked, code)
    assert due(work, session)


def test_another_code_after_a_minute_and_five_an_hour(work, session, clock):
    asked = ask(work, session)
    first = code_in_mail(work)
    with refused("resend_soon"):
        closing.resend(work, asked)
    for _ in range(4):
        clock.advance(minutes=1)
        closing.resend(work, again(work, asked))
        work.settle()
    clock.advance(minutes=1)
    with refused("resend_closed"):
        closing.resend(work, again(work, asked))
    assert names(work).count("closing_code") == 5
    with refused("code_expired"):
        confirm(work, again(work, asked), first)


def test_nothing_is_sent_again_that_was_not_asked_for(work, session):
    with refused("closing_over"):
        closing.resend(work, session)


def test_of_four_right_codes_at_once_one_closes(work, session):
    asked = ask(work, session)
    code = code_in_mail(work)
    answers = at_once(work, 4, lambda own, _: closing.confirm(own, asked, code=code))
    assert answers.count(None) == 1
    assert set(refusals(answers)) <= {"closing_already", "closing_over"}
    assert names(work).count("closing") == 1


def test_a_second_tab_is_told_that_it_closes_already(work, session):
    closed(work, session)
    with refused("closing_already"):
        ask(work, again(work, session))


def test_changing_one_s_mind_keeps_everything_and_kills_the_code(work, session, clock):
    asked = ask(work, session)
    code = code_in_mail(work)
    confirm(work, asked, code)
    kept = again(work, asked)
    assert closing.cancel(work, kept) is True
    work.settle()
    assert due(work, session) is None
    assert names(work)[-1] == "closing_kept"
    with refused("closing_over"):
        confirm(work, asked, code)
    assert closing.cancel(work, kept) is False
    assert names(work).count("closing_kept") == 1
    clock.advance(days=30)
    purge(work)
    assert count(work, Account) == 1


def test_a_member_signs_in_during_the_seven_days_and_keeps_the_space(work, session, clock):
    closed(work, session)
    clock.advance(days=6, hours=23)
    later = found(work, signed_in(work).token)
    assert closing.cancel(work, later)
    clock.advance(days=1)
    purge(work)
    assert count(work, Account) == 1


def everything_of(work, account_id, session):
    """A row of the member in every table."""
    work.db.execute(
        insert(Passkey).values(
            account_id=account_id, credential_id=b"1", public_key=b"1", sign_count=0,
            transports="", name="Téléphone", created_at=work.now,
        )
    )  # fmt: skip
    work.db.execute(
        insert(Authenticator).values(
            id="a" * 32, account_id=account_id, secret=b"1", name="App", last_step=0,
            created_at=work.now, confirmed_at=work.now,
        )
    )  # fmt: skip
    work.db.execute(
        insert(RecoveryCode).values(account_id=account_id, mac=b"1" * 32, created_at=work.now)
    )
    far = work.now + timedelta(days=30)
    work.db.execute(
        insert(AddressChange).values(
            id="b" * 32, account_id=account_id, state="waiting", email="n@example.org",
            email_key="n@example.org", former_email=ODILE.email, former_key=ODILE.email, codes="",
            created_at=work.now, mailed_at=work.now, expires_at=far,
        )
    )  # fmt: skip
    work.db.execute(
        insert(Takeover).values(
            id="c" * 32, account_id=account_id, state="stopped", email="n@example.org",
            email_key="n@example.org", password_hash="", terms_version="", terms_hash="",
            terms_at=work.now, terms_origin="", created_at=work.now, effective_at=far,
        )
    )  # fmt: skip
    recovery.ask(work, email=ODILE.email, number=ODILE.number)
    work.settle()


def test_after_seven_days_all_that_hangs_on_the_account_is_erased(work, session, account_id, clock):
    everything_of(work, account_id, session)
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
        select(OutboxMail.name, OutboxMail.sealed).where(OutboxMail.to_key.is_not(None))
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
    header = read_header(["numero_adherent", "code_acces"])
    written = []
    report = import_roll(work, header, [(2, [ODILE.number, code or ""])], deliver=written.append)
    work.settle()
    return report, written


def erased(work, session, clock):
    closed(work, session)
    clock.advance(days=7)
    purge(work)


def test_the_old_paper_opens_nothing_any_more(work, session, clock):
    erased(work, session, clock)
    with refused("letter_wrong"):
        in_waiting(work)


def test_not_even_when_the_same_file_is_imported_again(work, session, clock):
    erased(work, session, clock)
    report, _ = imported(work, ODILE.access_code)
    assert report.unchanged == 1
    with refused("letter_wrong"):
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
