"""A suspended space lets nobody in and changes nothing, by any door; nothing is lost by it."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from player.mails import waiting as mails
from player.members import LUCE, ODILE, RENE, on_the_roll
from player.world import NEW_PASSWORD, PASSWORD
from tests.address_changes import confirmed, undo_link
from tests.journeys import (
    at_code,
    code_in_mail,
    count,
    drafted,
    found,
    give_code,
    give_password,
    in_waiting,
    journalled,
    last_mail,
    mailed_link,
    mailed_recovery,
    refused,
    reissued,
    settled,
    signed_in,
    taking_over,
)
from tests.shared_spaces import joins
from webapp.models import Account, Device, JournalEntry, StoredSession
from webapp.rules.ranks import Rank
from webapp.rules.statuses import SUSPENDED
from webapp.services.account import address_undo, erasure, recovery, recovery_link
from webapp.services.desk.deeds import suspension
from webapp.services.household import effect, joinable
from webapp.services.kernel import sessions
from webapp.services.registration import confirmation, pending

WHY = "téléphone volé"
pytestmark = pytest.mark.usefixtures("adviser")


@pytest.fixture
def roll_id(work, account_id):
    return work.db.execute(select(Account.roll_id)).scalar_one()


def suspend(work, roll_id):
    settled(work, suspension.suspend, roll_id, WHY)


def resume(work, roll_id):
    settled(work, suspension.resume, roll_id, WHY)


def test_sessions_end_at_once_and_devices_are_forgotten(work, roll_id):
    inside = signed_in(work, remember=True)
    suspend(work, roll_id)
    assert sessions.find(work, inside.token) is None
    assert (count(work, StoredSession), count(work, Device)) == (0, 0)


def test_both_steps_lead_to_the_page_that_says_so_and_nothing_is_remembered(work, roll_id):
    suspend(work, roll_id)
    entered = signed_in(work, remember=True)
    assert (entered.rank, entered.session.status) == (Rank.SHUT, SUSPENDED)
    assert entered.device_secret is None and count(work, Device) == 0


def test_the_password_alone_is_answered_as_ever(work, roll_id):
    suspend(work, roll_id)
    assert give_password(work).rank is Rank.CODE
    with refused("sign_in_wrong"):
        give_password(work, password="a wrong one for sure")


def test_who_was_between_both_steps_does_not_come_in(work, roll_id):
    between = at_code(work)
    code = code_in_mail(work)
    suspend(work, roll_id)
    with refused("code_over"):
        give_code(work, between, code)


def test_who_signed_in_meanwhile_is_out_once_it_is_resumed(work, roll_id):
    suspend(work, roll_id)
    meanwhile = signed_in(work)
    resume(work, roll_id)
    assert sessions.find(work, meanwhile.token) is None
    assert signed_in(work, browser="b").rank is Rank.MEMBER


def test_a_forgotten_password_leads_to_a_page_that_names_no_suspension(work, roll_id):
    settled(work, recovery.ask, email=ODILE.email, number=ODILE.number)
    before = mailed_recovery(work)
    suspend(work, roll_id)
    assert recovery_link.look(work, before).state == "over"
    settled(work, recovery.ask, email=ODILE.email, number=ODILE.number)
    token = mailed_recovery(work)
    assert recovery_link.look(work, token).state == "held"
    with refused("space_held"):
        settled(work, recovery_link.choose, token, password=NEW_PASSWORD)
    resume(work, roll_id)
    assert recovery_link.look(work, token).state == "over"


def test_a_newer_letter_opens_nothing_there(work, roll_id):
    newer = reissued(work)
    suspend(work, roll_id)
    with refused("space_held"):
        drafted(work, newer)
    assert journalled(work, "registration.space_held") == [{}]
    resume(work, roll_id)
    assert drafted(work, newer)


def test_a_registration_that_waits_goes_on_once_it_is_resumed(work, roll_id):
    newer = reissued(work)
    which = in_waiting(work, newer, email=RENE.email)
    token = mailed_link(work)
    suspend(work, roll_id)
    assert confirmation.link_state(work, token) == "over"
    assert give_password(work, RENE.email).rank is Rank.WAITING
    assert pending.find(work, which).state == "over"
    with refused("registration_over"):
        settled(work, pending.resend, which)
    resume(work, roll_id)
    assert confirmation.link_state(work, token) == "ready"


def test_a_takeover_waits_and_takes_effect_once_it_is_resumed(work, roll_id, clock):
    taking_over(work, email=RENE.email, password=NEW_PASSWORD)
    suspend(work, roll_id)
    clock.advance(hours=25)
    assert settled(work, effect.apply_due) == 0
    with refused("space_held"):
        give_password(work, RENE.email, NEW_PASSWORD)
    resume(work, roll_id)
    assert settled(work, effect.apply_due) == 1
    assert give_password(work, RENE.email, NEW_PASSWORD).rank is Rank.CODE


def test_who_leaves_a_space_of_several_waits_too(work, roll_id, account_id, clock):
    rene = joins(work, account_id, RENE)
    newer = reissued(work, RENE)
    in_waiting(work, newer, email="a.part@example.org", password=NEW_PASSWORD)
    settled(work, confirmation.by_link, mailed_link(work))
    suspend(work, rene)
    clock.advance(hours=25)
    assert settled(work, effect.apply_due) == 0
    resume(work, roll_id)
    assert settled(work, effect.apply_due) == 1


def test_everybody_of_a_space_of_several_is_out(work, roll_id, account_id):
    joins(work, account_id, RENE)
    suspend(work, roll_id)
    entered = signed_in(work)
    assert entered.rank is Rank.SHUT
    again = found(work, entered.token)
    assert (again.rank, again.status) == (Rank.SHUT, SUSPENDED)


def test_nobody_joins_it(work, roll_id):
    luce = on_the_roll(work, LUCE)
    space = select(joinable.space_of(ODILE.email, luce))
    assert work.db.scalar(space) is not None
    suspend(work, roll_id)
    assert work.db.scalar(space) is None
    work.settle()


def test_its_former_address_changes_nothing(work, roll_id):
    session = found(work, signed_in(work).token)
    confirmed(work, session)
    token = undo_link(work)
    suspend(work, roll_id)
    assert address_undo.link_state(work, token) == "held"
    assert settled(work, address_undo.undo, token) == "held"
    resume(work, roll_id)
    assert settled(work, address_undo.undo, token) == "done"


def test_nothing_is_erased_that_a_thief_may_have_asked_for(work, roll_id, clock):
    work.db.execute(update(Account).values(closing_at=work.now + timedelta(days=7)))
    suspend(work, roll_id)
    clock.advance(days=8)
    assert settled(work, erasure.erase_due) == 0
    resume(work, roll_id)
    assert settled(work, erasure.erase_due) == 1


def test_no_mail_warns_of_wrong_passwords_there(work, roll_id):
    suspend(work, roll_id)
    before = len(mails(work))
    for _ in range(4):
        with refused("sign_in_wrong"):
            give_password(work, password="a wrong one for sure")
    assert len(mails(work)) == before


def test_it_is_written_down_with_who_and_why_and_told_to_the_address(work, roll_id, adviser):
    suspend(work, roll_id)
    assert "suspendu" in last_mail(work).subject
    resume(work, roll_id)
    assert "remis en service" in last_mail(work).subject
    for event in ("space.suspended", "space.resumed"):
        assert journalled(work, event) == [{"reason": WHY}]
    by = select(JournalEntry.operator_id).where(JournalEntry.event.startswith("space."))
    assert work.db.scalars(by).all() == [adviser, adviser]
    work.settle()


def test_twice_is_refused(work, roll_id):
    with refused("desk_not_suspended"):
        resume(work, roll_id)
    suspend(work, roll_id)
    with refused("desk_suspended"):
        suspend(work, roll_id)


def test_without_a_space_there_is_nothing_to_suspend(work):
    roll_id = on_the_roll(work, LUCE)
    with refused("desk_no_space"):
        suspend(work, roll_id)


def test_the_password_opens_again_what_it_opened_before(work, roll_id):
    suspend(work, roll_id)
    resume(work, roll_id)
    assert give_password(work, password=PASSWORD).rank is Rank.CODE
