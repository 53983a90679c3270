"""What an operator does for a member: each deed once, written down with who and why."""

import pytest
from sqlalchemy import delete, select, update

from player.mails import waiting as mails
from player.members import LUCE, ODILE, RENE, becomes, on_the_roll, with_account
from player.world import NEW_PASSWORD
from tests.journeys import (
    count,
    drafted,
    give_password,
    in_waiting,
    journalled,
    last_mail,
    refused,
    settled,
    signed_in,
    taking_over,
)
from tests.shared_spaces import joins
from webapp.models import Account, Device, JournalEntry, Leaving, RollEntry, StoredSession, Takeover
from webapp.rules.ranks import Rank
from webapp.rules.statuses import ACTIVE, DECEASED, LEFT, REFUSED
from webapp.services.desk import member
from webapp.services.desk.deeds import (
    catalogue,
    confirmation,
    delays,
    newer_letter,
    notes,
    parting,
    sign_out,
)
from webapp.services.roll.report import NEVER

WHY = "appel du matin"
WRONG = "a wrong one for sure"
pytestmark = pytest.mark.usefixtures("adviser")


@pytest.fixture
def odile(work):
    """Her entry of the roll: she has a space."""
    with_account(work)
    roll_id = work.db.execute(select(Account.roll_id)).scalar_one()
    work.settle()
    return roll_id


@pytest.fixture
def rene(work):
    """His entry: he has a letter."""
    roll_id = on_the_roll(work, RENE)
    work.settle()
    return roll_id


def offered(work, roll_id):
    keys = [each.key for each in catalogue.offered(member.look(work, roll_id))]
    work.settle()
    return keys


def who_and_why(work, event):
    entry = select(JournalEntry.operator_id, JournalEntry.roll_id, JournalEntry.facts)
    row = work.db.execute(entry.where(JournalEntry.event == event)).one()
    work.settle()
    return row.operator_id, row.roll_id, row.facts["reason"]


# the mail of a registration


def test_the_confirmation_leaves_again_within_its_limits(work, rene, adviser, clock):
    assert "confirmation" not in offered(work, rene)
    in_waiting(work, RENE)
    assert "confirmation" in offered(work, rene)
    with refused("resend_soon"):
        settled(work, confirmation.resend, rene, WHY)
    clock.advance(minutes=1)
    before = len(mails(work))
    settled(work, confirmation.resend, rene, WHY)
    assert len(mails(work)) == before + 1
    assert who_and_why(work, "desk.confirmation_resent") == (adviser, rene, WHY)


@pytest.mark.parametrize("hours", [None, 25])
def test_without_a_registration_in_waiting_none_leaves(work, rene, clock, hours):
    if hours:
        in_waiting(work, RENE)
        clock.advance(hours=hours)
    with refused("desk_no_registration"):
        settled(work, confirmation.resend, rene, WHY)


# delays


def closed(work, letter=ODILE):
    for _ in range(5):
        with refused("sign_in_wrong"):
            give_password(work, letter.email, WRONG)
    with refused("password_closed"):
        give_password(work, letter.email)


def test_a_lifted_delay_lets_its_member_try_at_once(work, odile, adviser):
    closed(work)
    assert "delays" in offered(work, odile)
    settled(work, delays.lift, odile, WHY)
    assert give_password(work).rank is Rank.CODE
    assert who_and_why(work, "desk.delay_lifted") == (adviser, odile, WHY)
    with refused("desk_no_delay"):
        settled(work, delays.lift, odile, WHY)


def test_a_delay_before_there_is_a_space_is_lifted_too(work, rene, clock):
    in_waiting(work, RENE)
    for _ in range(5):
        clock.advance(minutes=1)
        settled(work, confirmation.resend, rene, WHY)
    clock.advance(minutes=1)
    with refused("resend_closed"):
        settled(work, confirmation.resend, rene, WHY)
    settled(work, delays.lift, rene, WHY)
    settled(work, confirmation.resend, rene, WHY)


def test_another_s_delay_and_the_origin_s_stay(work, odile):
    with_account(work, RENE)
    work.settle()
    closed(work, RENE)
    with refused("desk_no_delay"):
        settled(work, delays.lift, odile, WHY)
    with refused("password_closed"):
        give_password(work, RENE.email)


# signed out everywhere


def test_everybody_is_signed_out(work, odile, adviser):
    signed_in(work, remember=True)
    settled(work, sign_out.everywhere, odile, WHY)
    assert (count(work, StoredSession), count(work, Device)) == (0, 0)
    assert journalled(work, "session.shut_by_mutual") == [{"reason": WHY}]


def test_without_a_space_nobody_is_signed_out(work, rene):
    with refused("desk_no_space"):
        settled(work, sign_out.everywhere, rene, WHY)


# what a newer letter began


def test_a_takeover_is_stopped_and_both_addresses_are_told(work, odile, adviser):
    taking_over(work, email=RENE.email, password=NEW_PASSWORD)
    assert "newer_letter" in offered(work, odile)
    before = len(mails(work))
    settled(work, newer_letter.stop, odile, WHY)
    assert work.db.execute(select(Takeover.state)).scalars().all() == ["stopped"]
    assert len(mails(work)) == before + 2
    assert who_and_why(work, "desk.newer_letter_stopped") == (adviser, odile, WHY)
    with refused("desk_nothing_waits"):
        settled(work, newer_letter.stop, odile, WHY)
    assert "newer_letter" not in offered(work, odile)


def test_a_departure_is_stopped(work, odile):
    account_id = work.db.execute(select(Account.id)).scalar_one()
    rene = joins(work, account_id, RENE)
    taking_over(work, RENE, email="a.part@example.org", password=NEW_PASSWORD)
    settled(work, newer_letter.stop, rene, WHY)
    assert work.db.execute(select(Leaving.state)).scalars().all() == ["stopped"]
    work.settle()


# notes


def test_a_returned_letter_is_dead(work, rene, adviser):
    assert "returned" in offered(work, rene)
    settled(work, notes.came_back, rene, WHY)
    with refused("letter_returned"):
        drafted(work, RENE)
    assert "arrives" in offered(work, rene) and "letter" not in offered(work, rene)
    assert who_and_why(work, "desk.return_noted") == (adviser, rene, WHY)
    assert journalled(work, "letter.returned") == [{"operator": "a.petit"}]


def test_the_address_is_good_after_all(work, rene):
    with refused("desk_noted"):
        settled(work, notes.arrives_after_all, rene, WHY)
    settled(work, notes.came_back, rene, WHY)
    settled(work, notes.arrives_after_all, rene, WHY)
    assert "letter" in offered(work, rene)
    with refused("letter_returned"):
        drafted(work, RENE)


def test_a_letter_that_was_never_made_can_t_be_back(work, rene):
    work.db.execute(update(RollEntry).values(code_issued_at=NEVER))
    work.settle()
    with refused("desk_no_letter_yet"):
        settled(work, notes.came_back, rene, WHY)
    assert "returned" not in offered(work, rene)


def test_a_death_closes_the_space_and_is_taken_back(work, odile, adviser):
    inside = signed_in(work)
    note(work, odile, DECEASED)
    assert signed_in(work, browser="b").rank is Rank.SHUT
    assert journalled(work, "space.shut") == [{"status": DECEASED}]
    assert who_and_why(work, "desk.status_noted") == (adviser, odile, WHY)
    assert {"active", "deceased", "letter"} & set(offered(work, odile)) == {"active"}
    note(work, odile, ACTIVE)
    assert journalled(work, "space.reopened") == [{"status": ACTIVE}]
    assert inside.rank is Rank.MEMBER


def note(work, roll_id, to):
    settled(work, notes.status, roll_id, WHY, to=to)


def test_the_same_note_twice_is_told(work, odile):
    note(work, odile, DECEASED)
    with refused("desk_noted"):
        note(work, odile, DECEASED)


def test_who_refuses_keeps_letter_and_space_and_is_written_to_no_more(work, odile, rene):
    note(work, rene, REFUSED)
    note(work, odile, REFUSED)
    assert "letter" not in offered(work, rene)
    assert drafted(work, RENE) and give_password(work).rank is Rank.CODE


def test_active_again_whose_letter_is_over_waits_for_another(work, rene, clock):
    note(work, rene, REFUSED)
    clock.advance(days=91)
    note(work, rene, ACTIVE)
    issued = work.db.execute(select(RollEntry.code_issued_at).where(RollEntry.id == rene)).scalar()
    assert issued == NEVER
    work.settle()


def test_active_again_a_letter_that_is_good_stays_so(work, rene):
    note(work, rene, DECEASED)
    with refused("membership_over"):
        drafted(work, RENE)
    note(work, rene, ACTIVE)
    assert drafted(work, RENE)


@pytest.mark.parametrize("to", [ACTIVE, DECEASED, REFUSED])
def test_of_who_left_nothing_is_noted_and_their_space_stays_shut(work, odile, to):
    becomes(work, LEFT, ODILE)
    assert not {"active", "deceased", "refused"} & set(offered(work, odile))
    with refused("desk_not_noted"):
        note(work, odile, to)
    assert work.db.execute(select(RollEntry.status)).scalars().all() == [LEFT]
    work.settle()
    assert signed_in(work).rank is Rank.SHUT


def test_who_died_does_not_refuse(work, odile):
    note(work, odile, DECEASED)
    with refused("desk_not_noted"):
        note(work, odile, REFUSED)


# parting


def test_who_shares_with_nobody_is_not_parted(work, odile):
    with refused("desk_alone"):
        settled(work, parting.part, odile, WHY)
    assert "part" not in offered(work, odile)


def test_who_is_parted_leaves_the_space_to_the_others(work, odile):
    account_id = work.db.execute(select(Account.id)).scalar_one()
    rene = joins(work, account_id, RENE)
    assert "part" in offered(work, rene)
    settled(work, parting.part, rene, WHY)
    assert "plus dans votre espace" in last_mail(work).text
    assert journalled(work, "person.parted") == [{"reason": WHY}] * 2


def test_nobody_s_entry_has_nothing_to_do(work):
    gone = on_the_roll(work, LUCE)
    work.db.execute(delete(RollEntry).where(RollEntry.id == gone))
    with pytest.raises(LookupError):
        member.look(work, gone)
