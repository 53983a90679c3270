"""What asks whose space it is: every door finds a member who joined, as it finds the first."""

import pytest
from sqlalchemy import insert, select, update

from player.members import LUCE, ODILE, RENE, becomes, on_the_roll, with_account
from player.world import NEW_PASSWORD, PASSWORD
from tests.address_changes import ask as ask_address
from tests.journeys import (
    count,
    found,
    give_password,
    in_waiting,
    journalled,
    mailed_recovery,
    refused,
    settled,
    signed_in,
)
from tests.roll_desk import SOURCE, batch_of
from tests.shared_spaces import members_of
from webapp.models import Account, JoinedMember, JoinRequest, Recovery, RollEntry, StoredSession
from webapp.rules.roll_guards import TEST_NUMBERS
from webapp.rules.roll_headers import plan
from webapp.rules.statuses import ACTIVE, DECEASED, LEFT
from webapp.services.account import (
    address,
    password,
    recovery,
    recovery_link,
    restored,
    sign_out_everywhere,
    take_back,
)
from webapp.services.kernel import sessions
from webapp.services.letters import former, posting, states
from webapp.services.letters.choosing import Choice
from webapp.services.roll import entries, qa_members
from webapp.services.roll.import_file import import_roll
from webapp.services.space import retention

pytestmark = pytest.mark.usefixtures("account_id", "rene")


def imported(work, *rows, head=("numero_adherent", "statut")):
    report = import_roll(
        work, plan([*head]).header, lambda: enumerate([list(each) for each in rows], 2),
        source=SOURCE,
    )  # fmt: skip
    work.settle()
    return report


def test_the_letter_of_who_joined_was_used_and_leads_to_the_space(work, account_id):
    entry = entries.entry_of_letter(work, RENE.number, RENE.access_code)
    work.settle()
    assert (entry.account_id, entry.used) == (account_id, True)
    with refused("registration_done"):
        in_waiting(work, RENE)


@pytest.mark.parametrize("letter", [ODILE, RENE])
def test_any_member_s_number_recovers_the_password_with_the_space_s_address(work, letter):
    settled(work, recovery.ask, email=ODILE.email, number=letter.number)
    token = mailed_recovery(work)
    settled(work, recovery_link.choose, token, password=NEW_PASSWORD)
    assert give_password(work, password=NEW_PASSWORD)


def test_the_number_of_somebody_else_recovers_nothing(work):
    with_account(work, LUCE)
    work.settle()
    settled(work, recovery.ask, email=ODILE.email, number=LUCE.number)
    settled(work, recovery.ask, email=LUCE.email, number=RENE.number)
    assert count(work, Recovery) == 0


@pytest.mark.parametrize("letter", [ODILE, RENE])
def test_a_link_that_came_by_itself_asks_for_any_member_s_number(work, account_id, letter):
    since = select(Account.created_at).where(Account.id == account_id).scalar_subquery()
    assert settled(work, take_back.take_back, account_id, since=since)
    token = mailed_recovery(work)
    with_account(work, LUCE)
    work.settle()
    with refused("recovery_number_wrong"):
        settled(work, recovery_link.choose, token, password=NEW_PASSWORD, number=LUCE.number)
    settled(work, recovery_link.choose, token, password=NEW_PASSWORD, number=letter.number)
    assert give_password(work, password=NEW_PASSWORD)


@pytest.mark.parametrize("letter", [ODILE, RENE])
def test_a_new_password_names_no_member_of_the_space(work, letter):
    weak = f"mon numéro {letter.number} est long"
    session = found(work, signed_in(work).token)
    with refused("contains_identity"):
        settled(work, password.change, session, present=PASSWORD, password=weak)
    settled(work, recovery.ask, email=ODILE.email, number=ODILE.number)
    with refused("contains_identity"):
        settled(work, recovery_link.choose, mailed_recovery(work), password=weak)


def test_taken_back_nobody_leaves_the_space(work, account_id):
    work.db.execute(update(JoinedMember).values(closing_at=work.now))
    since = select(Account.created_at).where(Account.id == account_id).scalar_subquery()
    assert settled(work, take_back.take_back, account_id, since=since)
    assert work.db.execute(select(JoinedMember.closing_at)).scalars().all() == [None]
    work.settle()


@pytest.mark.parametrize("gone", [ODILE, RENE])
@pytest.mark.parametrize("status", [LEFT, DECEASED])
def test_while_one_is_here_the_space_is_open_and_who_is_not_is_not_shown(work, gone, status):
    becomes(work, status, gone)
    here = RENE if gone is ODILE else ODILE
    session = found(work, signed_in(work).token)
    assert session.person.number == here.number
    away = next(each.roll_id for each in session.persons if each.number == gone.number)
    assert sessions.find(work, signed_in(work, browser="b").token, away).roll_id != away
    settled(work, recovery.ask, email=ODILE.email, number=here.number)
    token = mailed_recovery(work)
    assert recovery_link.look(work, token).state == "ready"
    settled(work, recovery_link.choose, token, password=NEW_PASSWORD)
    assert give_password(work, password=NEW_PASSWORD)


def test_once_nobody_is_here_the_space_is_shut(work):
    inside = signed_in(work)
    settled(work, recovery.ask, email=ODILE.email, number=RENE.number)
    token = mailed_recovery(work)
    for each in (ODILE, RENE):
        becomes(work, LEFT, each)
    assert sessions.find(work, inside.token).rank == "shut"
    assert recovery_link.look(work, token).state == "shut"


def test_a_change_of_address_goes_on_while_one_is_here(work):
    session = found(work, signed_in(work).token)
    ask_address(work, session)
    becomes(work, DECEASED, ODILE)
    assert address.waiting(work, session)
    becomes(work, LEFT, RENE)
    assert address.waiting(work, session) is None


def test_an_import_says_who_is_gone_and_shuts_the_space_with_the_last(work):
    imported(work, [RENE.number, "décédé"])
    assert journalled(work, "person.gone") == [{"status": DECEASED}]
    assert journalled(work, "space.shut") == []
    imported(work, [ODILE.number, "parti"])
    assert journalled(work, "space.shut") == [{"status": LEFT}]
    imported(work, [ODILE.number, "actif"])
    assert journalled(work, "space.reopened") == [{"status": ACTIVE}]
    imported(work, [RENE.number, "actif"])
    assert journalled(work, "person.back") == [{"status": ACTIVE}]
    assert len(journalled(work, "space.reopened")) == 1


def test_all_gone_and_back_in_one_import_shut_and_open_the_space_once(work):
    imported(work, [RENE.number, "décédé"], [ODILE.number, "décédé"])
    assert journalled(work, "space.shut") == [{"status": DECEASED}]
    imported(work, [RENE.number, "actif"], [ODILE.number, "actif"])
    assert journalled(work, "space.reopened") == [{"status": ACTIVE}]
    assert journalled(work, "person.gone") == journalled(work, "person.back") == []


def test_who_is_active_again_in_a_shared_space_gets_no_letter_by_itself(work):
    imported(work, [RENE.number, "parti"])
    imported(work, [RENE.number, "actif"])
    assert batch_of(work, Choice(no_address_needed=True)) == []
    entry = entries.entry_of_letter(work, RENE.number, RENE.access_code)
    assert entry.used
    work.settle()


def test_no_batch_writes_to_who_joined(work, clock):
    clock.advance(days=200)
    choice = Choice(new=True, expired=True, unused_since=1, no_address_needed=True)
    assert batch_of(work, choice) == []
    work.settle()


def test_a_letter_that_joined_its_member_is_used(work, account_id):
    on = select(RollEntry.id).where(RollEntry.number == LUCE.number).scalar_subquery()
    with_letter(work, LUCE)
    assert states.counts(work)["used"] == 0
    work.db.execute(
        insert(JoinedMember).values(
            account_id=account_id, roll_id=on, terms_version="", joined_at=work.now,
            code_mac=select(RollEntry.code_mac).where(RollEntry.id == on).scalar_subquery(),
        )
    )  # fmt: skip
    work.db.execute(update(Account).values(joined=Account.joined + 1))
    assert states.counts(work)["used"] == 1
    [came] = posting.returned(work, [LUCE.number], operator="c.martin")
    assert came.used
    work.settle()
    retention.purge(work)
    work.settle()


def with_letter(work, letter):
    """A member for whom a letter was made."""
    on_the_roll(work, letter)
    batch_of(work, Choice(numbers=(letter.number,), no_address_needed=True))
    work.settle()


def test_a_request_to_join_ends_with_its_letter(work, account_id):
    with_letter(work, LUCE)
    luce = work.db.execute(
        select(RollEntry.id, RollEntry.code_mac).where(RollEntry.number == LUCE.number)
    ).one()
    texts = dict.fromkeys(("terms_version", "terms_hash", "terms_origin"), "")
    moments = dict.fromkeys(("terms_at", "asked_at", "expires_at"), work.now)
    whose = {"account_id": account_id, "roll_id": luce.id, "code_mac": luce.code_mac}
    work.db.execute(insert(JoinRequest).values(id="a", **whose, **texts, **moments))
    former.end_begun(work, [luce.id])
    assert count(work, JoinRequest) == 0


def test_a_sign_out_by_any_number_ends_all_of_the_space_and_says_whose(work, account_id):
    inside = signed_in(work)
    [reached] = sign_out_everywhere.reached(work, [RENE.number])
    assert reached.has_space
    assert [each.number for each in reached.others] == [ODILE.number]
    shut = settled(work, sign_out_everywhere.shut, [RENE.number, ODILE.number])
    assert shut == 2
    assert sessions.find(work, inside.token) is None
    assert count(work, StoredSession) == 0
    assert len(journalled(work, "session.shut_by_mutual")) == 1


def test_after_a_restored_backup_nobody_leaves_for_a_week(work):
    work.db.execute(update(JoinedMember).values(closing_at=work.now))
    assert settled(work, restored.make_safe).closings == 1
    assert retention.purge(work) is not None
    assert count(work, JoinedMember) == 1


def test_test_members_go_out_of_the_space_and_take_nobody_along(work, account_id):
    work.db.execute(
        update(RollEntry)
        .where(RollEntry.number == ODILE.number)
        .values(number=f"{TEST_NUMBERS}1", number_key=f"{TEST_NUMBERS}1")
    )
    assert settled(work, qa_members.remove) == 1
    assert members_of(work, account_id) == [RENE.number]
