"""A newer letter: its address and password wait for a day, and the former address may stop them."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from player import mails
from player.members import ODILE, RENE, with_account
from player.world import NEW_PASSWORD, PASSWORD
from tests.journeys import (
    code_in_mail,
    count,
    dump,
    found,
    give_password,
    in_waiting,
    journalled,
    last_mail,
    mailed_link,
    mailed_stop,
    refused,
    reissued,
    signed_in,
    taking_over,
)
from tests.threads import at_once
from webapp.models import Account, Takeover
from webapp.services.registration import confirmation, pending
from webapp.services.space import home, retention
from webapp.services.takeover import waiting

NEW = "odile.neuve@example.org"


pytestmark = pytest.mark.usefixtures("account_id")


def waiting_takeover(work):
    row = work.db.execute(select(Takeover.__table__)).one()
    work.settle()
    return row


def account(work):
    row = work.db.execute(select(Account.__table__).where(Account.email != RENE.email)).one()
    work.settle()
    return row


def stop(work, token):
    waiting.stop(work, token)
    work.settle()


def names(work, to=None):
    found = [each.name for each in mails.waiting(work) if to in (None, each.to)]
    work.settle()
    return found


def test_the_used_letter_still_says_that_there_is_a_space(work):
    with refused("registration_done"):
        in_waiting(work)


def test_a_newer_letter_goes_the_usual_way_to_the_mail_and_changes_nothing_yet(work):
    before = account(work)
    registration_id = in_waiting(work, reissued(work), email=NEW, password=NEW_PASSWORD)
    facts = pending.find(work, registration_id)
    assert (facts.state, facts.newer) == ("waiting", True)
    assert (last_mail(work).name, last_mail(work).to) == ("registration", NEW)
    assert "Vous avez déjà un espace" in last_mail(work).text
    assert (count(work, Takeover), account(work)) == (0, before)


@pytest.mark.parametrize("way", ["link", "code"])
def test_confirming_makes_no_second_account_but_a_takeover_in_a_day(work, account_id, way):
    registration_id = in_waiting(work, reissued(work), email=NEW, password=NEW_PASSWORD)
    if way == "link":
        assert confirmation.by_link(work, mailed_link(work)) == "confirmed"
    else:
        facts = confirmation.by_code(work, registration_id, code=code_in_mail(work))
        assert facts.takeover == "waiting"
    work.settle()
    row = waiting_takeover(work)
    assert (row.account_id, row.state, row.email) == (account_id, "waiting", NEW)
    assert row.effective_at == work.now + timedelta(hours=24)
    assert count(work, Account) == 1
    assert account(work).email == ODILE.email
    facts = pending.find(work, registration_id)
    assert (facts.state, facts.takeover, facts.email) == ("confirmed", "waiting", "")
    assert facts.effective_at == row.effective_at
    terms = work.world.terms.version
    assert journalled(work, "takeover.confirmed") == [{"by": way, "terms": terms}]
    assert journalled(work, "registration.confirmed") == []


def test_the_former_address_is_told_at_once_and_not_the_whole_new_one(work):
    taking_over(work, email=NEW)
    mail = last_mail(work)
    assert (mail.name, mail.to) == ("takeover", ODILE.email)
    assert "2\u00a0décembre 2026 à\u00a010\u00a0h\u00a000" in mail.text
    assert "o•••@e•••.org" in mail.text and NEW not in mail.text + mail.html


def test_the_letter_is_used_up_by_it(work):
    newer = taking_over(work, email=NEW)
    for letter in (newer, ODILE):
        with refused("registration_done" if letter is newer else "letter_replaced"):
            in_waiting(work, letter, email="encore@example.org")
    stop(work, mailed_stop(work))
    with refused("registration_done"):
        in_waiting(work, newer, email="encore@example.org")


def test_confirming_twice_or_in_eight_threads_makes_one(work):
    in_waiting(work, reissued(work), email=NEW)
    link = mailed_link(work)
    answers = at_once(work, 8, lambda own, _: confirmation.by_link(own, link))
    assert answers == ["confirmed"] * 8
    assert count(work, Takeover) == 1
    assert len(journalled(work, "takeover.confirmed")) == 1
    assert names(work, ODILE.email) == ["takeover"]


def test_the_same_address_with_another_password_waits_and_is_told_too(work):
    taking_over(work, email=ODILE.email)
    assert names(work, ODILE.email) == ["registration", "takeover"]
    assert waiting_takeover(work).state == "waiting"


def test_somebody_else_s_address_is_told_to_its_owner_alone(work):
    with_account(work, RENE)
    registration_id = in_waiting(work, reissued(work), email=RENE.email)
    assert [(each.name, each.to) for each in mails.waiting(work)] == [("address_taken", RENE.email)]
    assert pending.find(work, registration_id).state == "waiting"


def test_an_address_that_got_an_account_before_the_confirmation_is_told(work):
    in_waiting(work, reissued(work), email=RENE.email)
    link = mailed_link(work)
    with_account(work, RENE)
    work.settle()
    with refused("email_taken"):
        confirmation.by_link(work, link)
    work.settle()
    assert count(work, Takeover) == 0


def test_a_letter_more_stops_the_one_waiting_and_takes_its_place(work, clock):
    taking_over(work, email=NEW)
    first = mailed_stop(work)
    clock.advance(hours=1)
    another = reissued(work)
    assert waiting.look(work, first).state == "stopped"
    assert journalled(work, "takeover.stopped") == [{"by": "operator"}]
    in_waiting(work, another, email="autre@example.org")
    confirmation.by_link(work, mailed_link(work))
    work.settle()
    row = waiting_takeover(work)
    assert (row.email, row.state) == ("autre@example.org", "waiting")
    assert row.effective_at == work.now + timedelta(hours=24)
    assert waiting.look(work, first).state == "over"
    stop(work, first)
    assert waiting_takeover(work).state == "waiting"


def test_the_link_of_the_first_registration_no_longer_says_finished(work):
    in_waiting(work, reissued(work), email=NEW)
    link = mailed_link(work)
    confirmation.by_link(work, link)
    work.settle()
    assert confirmation.look(work, link).takeover == "waiting"
    taking_over(work, email="autre@example.org")
    assert confirmation.link_state(work, link) == "over"


def test_looking_at_the_stop_link_changes_nothing(work):
    taking_over(work, email=NEW)
    token, before = mailed_stop(work), dump(work)
    facts = [waiting.look(work, token) for _ in range(3)]
    assert {each.state for each in facts} == {"waiting"}
    assert dump(work) == before


def test_one_button_stops_it_once_and_both_are_told(work, account_id):
    before = account(work)
    taking_over(work, email=NEW)
    token = mailed_stop(work)
    stop(work, token)
    stop(work, token)
    assert waiting.look(work, token).state == "stopped"
    assert journalled(work, "takeover.stopped") == [{"by": "link"}]
    assert names(work).count("takeover_stopped") == 2
    assert "takeover_stopped" in names(work, NEW) and "takeover_stopped" in names(work, ODILE.email)
    row = waiting_takeover(work)
    assert (row.email, row.email_key, row.password_hash, row.terms_origin) == ("",) * 4
    after = account(work)
    assert (after.email, after.password_hash) == (before.email, before.password_hash)


def test_a_signed_in_member_sees_it_and_stops_it(work, account_id):
    entered = signed_in(work)
    assert home.home(work, found(work, entered.token)).takeover_at is None
    taking_over(work, email=NEW)
    shown = home.home(work, found(work, entered.token))
    assert shown.takeover_at == work.now + timedelta(hours=24)
    assert waiting.stop_own(work, account_id) and not waiting.stop_own(work, account_id)
    work.settle()
    assert home.home(work, found(work, entered.token)).takeover_at is None
    assert journalled(work, "takeover.stopped") == [{"by": "member"}]


def test_another_member_stops_nothing_of_mine(work):
    theirs = with_account(work, RENE)
    taking_over(work, email=NEW)
    for account_id in (theirs, None):
        assert not waiting.stop_own(work, account_id)
    assert waiting_takeover(work).state == "waiting"


@pytest.mark.parametrize("token", ["", "x", "é", "\ud800", "a.b.c", "0" * 10_000])
def test_a_link_that_is_not_ours_is_unknown_and_stops_nothing(work, token):
    taking_over(work, email=NEW)
    assert waiting.look(work, token).state == "unknown"
    stop(work, token)
    assert waiting_takeover(work).state == "waiting"


def test_a_registration_s_link_is_no_takeover_s(work):
    taking_over(work, email=NEW)
    token = work.world.seals.seal_link("registration", waiting_takeover(work).id)
    assert waiting.look(work, token).state == "unknown"


def test_stopped_in_eight_threads_it_is_told_once(work):
    taking_over(work, email=NEW)
    token = mailed_stop(work)
    at_once(work, 8, lambda own, _: waiting.stop(own, token))
    assert journalled(work, "takeover.stopped") == [{"by": "link"}]
    assert names(work).count("takeover_stopped") == 2


def test_until_then_the_former_access_works_and_the_new_one_says_when(work, clock):
    taking_over(work, email=NEW, password=NEW_PASSWORD)
    assert signed_in(work)
    clock.advance(minutes=30)
    with refused("new_access_waits") as refusal:
        give_password(work, NEW, NEW_PASSWORD)
    assert refusal.value.wait == timedelta(hours=24)
    with refused("sign_in_wrong"):
        give_password(work, NEW, PASSWORD)


def test_with_the_same_address_each_password_is_known_for_what_it_is(work):
    taking_over(work, email=ODILE.email, password=NEW_PASSWORD)
    with refused("new_access_waits"):
        give_password(work, password=NEW_PASSWORD)
    assert give_password(work)


def test_the_activation_code_is_asked_for_at_the_sign_in_with_the_new_password(work):
    registration_id = in_waiting(work, reissued(work), email=ODILE.email, password=NEW_PASSWORD)
    session = found(work, give_password(work, password=NEW_PASSWORD).token)
    assert session.registration_id == registration_id


def test_no_personal_data_stay_in_an_ended_one_and_its_row_goes_after_a_week(work, clock):
    taking_over(work, email=NEW)
    stop(work, mailed_stop(work))
    assert NEW not in repr(waiting_takeover(work)) and "argon2" not in repr(waiting_takeover(work))
    clock.advance(days=6, hours=23)
    retention.purge(work)
    assert count(work, Takeover) == 1
    clock.advance(hours=1)
    retention.purge(work)
    assert count(work, Takeover) == 0


def test_the_letter_stays_used_up_once_the_row_is_gone(work, clock):
    newer = taking_over(work, email=NEW)
    stop(work, mailed_stop(work))
    clock.advance(days=8)
    retention.purge(work)
    with refused("registration_done"):
        in_waiting(work, newer, email=NEW)
    with refused("letter_replaced"):
        in_waiting(work, replace(newer, access_code=ODILE.access_code), email=NEW)
