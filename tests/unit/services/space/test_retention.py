"""The purge removes what is past its time, and nothing else."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, select, update

from player.members import ODILE, RENE, on_the_roll, with_account
from tests.closings import purge
from tests.journeys import (
    at_code,
    count,
    drafted,
    enter,
    found,
    give_password,
    in_waiting,
    journalled,
    mailed_link,
    refused,
    reissued,
    signed_in,
)
from tests.pairs.members import Member, change_of_address, link_to_password
from webapp.models import (
    Account,
    AddressChange,
    Authenticator,
    Base,
    Device,
    JournalEntry,
    Letter,
    LetterBatch,
    OutboxMail,
    Recovery,
    Registration,
    RollEntry,
    StoredSession,
    Takeover,
    TermsAcceptance,
    Throttle,
)
from webapp.rules.ranks import Rank
from webapp.services.kernel import sessions
from webapp.services.letters import batches as letters
from webapp.services.letters import posting, states
from webapp.services.letters.batches import BatchRefused
from webapp.services.registration import confirmation
from webapp.services.sign_in import devices


def test_nothing_that_lives_is_removed(work):
    on_the_roll(work)
    with_account(work, RENE)
    in_waiting(work)
    drafted(work)
    signed_in(work, email=RENE.email, remember=True)
    before = {table.name: count(work, table) for table in Base.metadata.sorted_tables}
    assert purge(work) == 0
    assert {table.name: count(work, table) for table in Base.metadata.sorted_tables} == before


def test_abandoned_registrations_go_with_all_their_personal_data(work, clock):
    on_the_roll(work)
    in_waiting(work)
    drafted(work)
    clock.advance(hours=23, minutes=59)
    purge(work)
    assert count(work, Registration) == 2
    clock.advance(minutes=1)
    purge(work)
    assert count(work, Registration) == count(work, StoredSession) == 0
    assert count(work, RollEntry) == 1
    journal = repr(work.db.execute(select(JournalEntry.__table__)).all())
    assert ODILE.email not in journal


def test_the_letter_works_again_after_the_purge(work, clock):
    on_the_roll(work)
    in_waiting(work)
    clock.advance(hours=25)
    purge(work)
    in_waiting(work)
    assert confirmation.by_link(work, mailed_link(work)) == "confirmed"


def test_a_confirmed_registration_goes_after_a_week_and_its_account_stays(work, clock):
    on_the_roll(work)
    in_waiting(work)
    confirmation.by_link(work, mailed_link(work))
    clock.advance(days=7)
    purge(work)
    assert count(work, Registration) == 0
    assert count(work, Account) == count(work, TermsAcceptance) == 1


def test_ended_sessions_go_and_live_ones_stay(work, clock):
    with_account(work)
    signed_in(work)
    clock.advance(minutes=29)
    live = signed_in(work, browser="another browser")
    clock.advance(minutes=1)
    purge(work)
    assert count(work, StoredSession) == 1
    assert sessions.find(work, live.token)


def test_past_devices_go(work, clock):
    with_account(work)
    signed_in(work, remember=True)
    clock.advance(days=29)
    purge(work)
    assert count(work, Device) == 1
    clock.advance(days=1)
    purge(work)
    assert count(work, Device) == 0


def test_counts_go_when_their_window_is_over_and_no_delay_is_cut_short(work, clock):
    for _ in range(5):
        with refused("sign_in_wrong"):
            give_password(work)
    purge(work)
    with refused("password_closed"):
        give_password(work)
    work.settle()
    clock.advance(days=1)
    purge(work)
    assert count(work, Throttle) == 0


@pytest.mark.parametrize("state", ["sent", "failed", "expired"])
def test_mails_that_left_go_after_ninety_days(work, clock, state):
    with_account(work)
    at_code(work)
    work.db.execute(update(OutboxMail).values(state=state, ended_at=work.now))
    clock.advance(days=89, hours=23)
    purge(work)
    assert count(work, OutboxMail) == 1
    clock.advance(hours=1)
    purge(work)
    assert count(work, OutboxMail) == 0


def test_a_mail_that_still_waits_stays(work, clock):
    with_account(work)
    at_code(work)
    clock.advance(days=365)
    purge(work)
    assert count(work, OutboxMail) == 1


def test_the_journal_is_kept_a_year(work, clock):
    with_account(work)
    found(work, signed_in(work).token)
    clock.advance(days=364, hours=23)
    purge(work)
    assert journalled(work, "sign_in.done")
    clock.advance(hours=1)
    purge(work)
    assert not journalled(work, "sign_in.done")


def test_the_purge_tells_the_journal_how_much_and_twice_is_harmless(work, clock):
    on_the_roll(work)
    in_waiting(work)
    clock.advance(hours=24)
    removed = purge(work)
    assert removed and journalled(work, "database.purged") == [{"rows": removed}]
    assert purge(work) == 0
    assert len(journalled(work, "database.purged")) == 1


def test_changes_of_address_and_takeovers_go_when_they_are_over(work, clock):
    account_id = with_account(work)
    common = {"account_id": account_id, "email": "n@example.org", "email_key": "n@example.org"}
    work.db.execute(
        insert(AddressChange).values(
            id="a" * 32, state="done", former_email=ODILE.email, former_key=ODILE.email, codes="",
            created_at=work.now, mailed_at=work.now, expires_at=work.now + timedelta(days=7),
            **common,
        )
    )  # fmt: skip
    work.db.execute(
        insert(Takeover).values(
            id="b" * 32, state="done", password_hash="", terms_version="", terms_hash="",
            terms_at=work.now, terms_origin="", created_at=work.now, effective_at=work.now,
            ended_at=work.now, **common,
        )
    )  # fmt: skip
    clock.advance(days=6, hours=23)
    purge(work)
    assert count(work, AddressChange) == count(work, Takeover) == 1
    clock.advance(hours=1)
    purge(work)
    assert count(work, AddressChange) == count(work, Takeover) == 0


@pytest.mark.parametrize(
    "day",
    [
        datetime(2028, 2, 29, 23, 30, tzinfo=UTC),
        datetime(2027, 3, 28, 0, 59, tzinfo=UTC),  # clocks go forward an hour later in France
        datetime(2027, 10, 31, 0, 59, tzinfo=UTC),  # and back here
        datetime(2027, 12, 31, 23, 59, tzinfo=UTC),
    ],
    ids=lambda day: f"{day:%d %B %Y}",
)
def test_no_day_of_the_calendar_shortens_or_lengthens_what_is_kept(work, clock, day):
    clock.advance(seconds=(day - work.now).total_seconds())
    on_the_roll(work, RENE)
    in_waiting(work, RENE)
    clock.advance(hours=23, minutes=59)
    purge(work)
    assert count(work, Registration) == 1
    clock.advance(minutes=2)
    purge(work)
    assert count(work, Registration) == 0


def test_what_a_new_beginning_ended_goes_and_what_had_its_effect_stays(work, clock):
    account_id = with_account(work)
    member = Member(account_id, ODILE.number, ODILE.email, "")
    dead, alive = at_epoch_one(work, member), {}
    for table in dead:
        alive[table] = count(work, table) - 1
    purge(work)
    assert {table: count(work, table) for table in dead} == alive
    assert purge(work) == 0


def at_epoch_one(work, member):
    """The account began anew beside somebody who held these rows; one of each is dead, others are
    of after, of the former release, or had their effect before."""
    for epoch in (0, 1, None):
        devices.remember(work, member.account_id, "Firefox, Linux", epoch)
        token = enter(work, Rank.MEMBER, None, account_id=member.account_id, epoch=epoch)
        assert token
    change_of_address(work, member, "waiting", former=member.email, new="n@example.org")
    change_of_address(work, member, "done", former=member.email, new="o@example.org")
    used, _ = link_to_password(work, member), link_to_password(work, member)
    used_id = work.world.seals.open_link("recovery", used)[0]
    work.db.execute(update(Recovery).where(Recovery.id == used_id).values(used_at=work.now))
    work.db.execute(
        insert(Authenticator).values(
            id="a" * 32, account_id=member.account_id, secret=b"1", name="", epoch=0,
            created_at=work.now,
        )
    )  # fmt: skip
    work.db.execute(update(Account).values(epoch=1))
    work.settle()
    return StoredSession, Device, Recovery, AddressChange, Authenticator


def test_an_app_in_force_stays_whatever_began_anew(work, clock):
    member = Member(with_account(work), ODILE.number, ODILE.email, "")
    at_epoch_one(work, member)
    work.db.execute(update(Authenticator).values(confirmed_at=work.now))
    work.settle()
    purge(work)
    assert count(work, Authenticator) == 1


# Paper letters


def batches(work):
    found = select(LetterBatch.id).order_by(LetterBatch.id)
    return list(work.db.scalars(found))


def sealed(work):
    return sum(each is not None for each in work.db.scalars(select(Letter.sealed)))


def test_a_batch_goes_a_year_after_it_left_and_the_last_one_stays_without_its_letters(work, clock):
    on_the_roll(work)
    reissued(work)
    clock.advance(days=30)
    reissued(work)
    posting.posted(work, 1, on=None, operator="c.martin")
    clock.advance(days=364)
    purge(work)
    assert (batches(work), count(work, Letter)) == ([1, 2], 2)
    clock.advance(days=1)
    purge(work)
    assert (batches(work), count(work, Letter)) == ([2], 0)
    reissued(work)
    assert batches(work) == [2, 3]


def test_sealed_codes_are_destroyed_once_the_printed_day_is_over_though_nobody_says_posted(
    work, clock
):
    on_the_roll(work)
    reissued(work)
    clock.advance(days=105, hours=12)
    purge(work)
    assert sealed(work) == 1
    clock.advance(hours=3)  # midnight in Paris
    assert purge(work) == 1
    assert (sealed(work), count(work, Letter)) == (0, 1)
    with pytest.raises(BatchRefused, match="over"):
        list(letters.sheets(work, letters.find(work, 1)))
    assert posting.posted(work, 1, on=None, operator="c.martin").posted_on


def test_an_erased_space_leaves_its_letter_used(work, clock):
    on_the_roll(work)
    newer = reissued(work)
    in_waiting(work, newer)
    confirmation.by_link(work, mailed_link(work))
    work.db.execute(update(Account).values(closing_at=work.now))
    purge(work)
    assert count(work, Account) == 0
    assert states.counts(work, 1)["used"] == 1
