"""The mail of a registration in waiting: sent again, or written to another address."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from player.mails import waiting
from player.members import ODILE, RENE, on_the_roll, with_account
from tests.journeys import (
    at_rank,
    code_in_mail,
    drafted,
    in_waiting,
    journalled,
    last_mail,
    mailed_link,
    refused,
    settled,
    wrong,
)
from tests.threads import at_once, refusals
from webapp.models import OutboxMail, Registration
from webapp.rules.ranks import Rank
from webapp.services.registration import address, confirmation, pending

ELSEWHERE = "odile.exemple@example.org"


@pytest.fixture
def registered(work):
    """A registration in waiting, its mail a minute old."""
    on_the_roll(work)
    return in_waiting(work)


def resend(work, registration_id):
    pending.resend(work, registration_id)
    work.settle()


def change(work, registration_id, email=ELSEWHERE, rank=Rank.WAITING, access_code=None):
    session = at_rank(work, rank, registration_id)
    settled(work, address.change, session, email=email, access_code=access_code)


def test_the_mail_is_sent_again_after_a_minute_and_not_before(work, clock, registered):
    clock.advance(seconds=59)
    with refused("resend_soon") as refusal:
        resend(work, registered)
    assert refusal.value.wait == timedelta(seconds=1)
    clock.advance(seconds=1)
    resend(work, registered)
    assert [each.to for each in waiting(work)] == [ODILE.email] * 2


def test_the_mail_is_sent_again_five_times_an_hour(work, clock, registered):
    for _ in range(5):
        clock.advance(minutes=1)
        resend(work, registered)
    clock.advance(minutes=1)
    with refused("resend_closed"):
        resend(work, registered)
    clock.advance(hours=1)
    resend(work, registered)
    assert len(waiting(work)) == 7


def test_eight_taps_at_once_send_one_mail(work, clock, registered):
    clock.advance(minutes=1)
    answers = at_once(work, 8, lambda own, _: pending.resend(own, registered))
    assert refusals(answers) == ["resend_soon"] * 7
    assert len(waiting(work)) == 2


def test_the_earlier_mails_stay_good(work, clock, registered):
    link, code = mailed_link(work), code_in_mail(work)
    for _ in range(2):
        clock.advance(minutes=1)
        resend(work, registered)
    assert confirmation.link_state(work, link) == "ready"
    confirmation.by_code(work, registered, code=code)
    assert pending.find(work, registered).state == "confirmed"


def test_each_mail_lives_its_own_twenty_four_hours(work, clock, registered):
    link, code = mailed_link(work), code_in_mail(work)
    clock.advance(hours=23)
    resend(work, registered)
    clock.advance(hours=1)
    assert confirmation.link_state(work, link) == "over"
    assert confirmation.link_state(work, mailed_link(work)) == "ready"
    with refused("activation_wrong"):
        confirmation.by_code(work, registered, code=code)
    confirmation.by_code(work, registered, code=code_in_mail(work))


def test_a_change_of_address_kills_the_former_link_and_code(work, registered):
    link, code = mailed_link(work), code_in_mail(work)
    change(work, registered)
    assert confirmation.link_state(work, link) == "over"
    with refused("activation_wrong"):
        confirmation.by_code(work, registered, code=code)
    work.settle()
    assert last_mail(work).to == ELSEWHERE
    assert confirmation.by_link(work, mailed_link(work)) == "confirmed"


def test_a_change_against_eight_resendings_never_tells_the_former_address_the_new_link(
    work, clock, registered
):
    clock.advance(minutes=1)
    session = at_rank(work, Rank.REGISTERING, registered)

    def act(own, which):
        if which == 4:
            address.change(own, session, email=ELSEWHERE, access_code=ODILE.access_code)
        else:
            pending.resend(own, registered)

    answers = at_once(work, 8, act)
    assert set(refusals(answers)) <= {"resend_soon"}
    facts = pending.find(work, registered)
    assert facts.email == ELSEWHERE
    for mail in waiting(work):
        link = mail.text.split("/inscription/validation/")[1].split()[0]
        lives = confirmation.link_state(work, link) == "ready"
        assert lives == (mail.to == ELSEWHERE)


@pytest.mark.parametrize("code", [None, RENE.access_code])
def test_the_browser_that_registered_changes_no_address_without_the_letter(work, registered, code):
    link = mailed_link(work)
    with refused("access_code_wrong" if code else "missing_access_code") as refusal:
        change(work, registered, rank=Rank.REGISTERING, access_code=code)
    assert refusal.value.field == "access_code"
    assert [each.to for each in waiting(work)] == [ODILE.email]
    assert confirmation.link_state(work, link) == "ready"


def test_with_the_letter_it_does(work, registered):
    change(work, registered, rank=Rank.REGISTERING, access_code=ODILE.access_code)
    assert last_mail(work).to == ELSEWHERE


def test_eight_wrong_codes_at_once_are_five(work, registered):
    session = at_rank(work, Rank.REGISTERING, registered)

    def act(own, _):
        return address.change(own, session, email=ELSEWHERE, access_code=RENE.access_code)

    answers = refusals(at_once(work, 8, act))
    assert sorted(answers) == ["access_code_wrong"] * 5 + ["letter_closed"] * 3


def test_the_same_address_is_no_change(work, registered):
    with refused("same_email") as refusal:
        change(work, registered, ODILE.email.upper())
    assert refusal.value.field == "email"


def test_the_address_is_changed_ten_mails_an_hour(work, registered):
    for each in range(9):
        change(work, registered, f"odile{each}@example.org")
    with refused("mail_closed"):
        change(work, registered)


@pytest.mark.parametrize("name", ["registration", "address_taken"])
def test_a_change_to_an_address_with_an_account_answers_the_same(work, registered, name):
    work.world = replace(work.world, households=name == "registration")
    with_account(work, RENE)
    change(work, registered, RENE.email)
    assert (last_mail(work).name, last_mail(work).to) == (name, RENE.email)
    assert journalled(work, "registration.address_changed") == [{"address_taken": True}]


def test_an_address_that_the_relay_refused_is_said_to_its_member(work, registered):
    work.db.execute(update(OutboxMail).values(state="failed"))
    assert pending.find(work, registered).undeliverable
    change(work, registered)
    assert not pending.find(work, registered).undeliverable


def acts(work, registration_id):
    yield lambda: pending.resend(work, registration_id or "")
    yield lambda: change(work, registration_id)
    code = ODILE.access_code
    yield lambda: change(work, registration_id, rank=Rank.REGISTERING, access_code=code)


def test_no_mail_leaves_for_a_registration_that_is_over(work, clock, registered):
    clock.advance(hours=24)
    for act in acts(work, registered):
        with refused("registration_over"):
            act()


def test_no_mail_leaves_for_a_registration_that_is_done(work, clock, registered):
    clock.advance(minutes=1)
    confirmation.by_code(work, registered, code=code_in_mail(work))
    for act in acts(work, registered):
        with refused("registration_done"):
            act()


def test_no_mail_leaves_before_the_terms_are_accepted(work, clock):
    on_the_roll(work)
    session = drafted(work)
    clock.advance(minutes=1)
    for act in acts(work, session.registration_id):
        with refused("registration_over"):
            act()
    assert waiting(work) == []


def test_no_mail_leaves_for_nobodys_registration(work):
    with refused("registration_over"):
        pending.resend(work, "0" * 32)
    for act in acts(work, None):
        with refused("registration_over"):
            act()


def test_activation_codes_differ_from_mail_to_mail(work, clock, registered):
    first = code_in_mail(work)
    clock.advance(minutes=1)
    resend(work, registered)
    assert code_in_mail(work) not in (first, wrong(first))
    stored = work.db.execute(select(Registration.codes)).scalar_one()
    assert len(stored.split()) == 2
