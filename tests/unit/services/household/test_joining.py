"""A letter registered with an address that opens a space already: its owner is asked."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from player import mails
from player.members import LUCE, ODILE, RENE, Letter, becomes, on_the_roll, with_account
from player.statements import Statements
from player.world import NEW_PASSWORD, PASSWORD
from tests import households
from tests.households import NAME, asking
from tests.journeys import (
    code_in_mail,
    count,
    found,
    give_password,
    in_waiting,
    journalled,
    last_mail,
    mailed_link,
    refused,
    reissued,
    settled,
)
from webapp.models import Account, Registration
from webapp.rules.ranks import Rank
from webapp.services.registration import confirmation, pending
from webapp.services.space import home, retention

pytestmark = pytest.mark.usefixtures("account_id", "rene")
NEW = "neuf@example.org"


@pytest.fixture
def rene(work):
    return households.rene_on_the_roll(work)


def names(work):
    told = [(each.name, each.to) for each in mails.waiting(work)]
    work.settle()
    return told


def test_the_usual_mail_says_whose_space_it_opens_and_with_which_password(work):
    in_waiting(work, RENE, email=ODILE.email)
    mail = last_mail(work)
    assert (mail.name, mail.to) == ("registration", ODILE.email)
    assert mail.subject == "Espace SMiE Mutuelle - Demande de confirmation d’inscription"
    for body in (mail.text, mail.html):
        said = f"ouvre l’espace de {NAME} avec l’adresse et le mot de passe de l’espace qui existe"
        assert said in body and "Je valide mon inscription" in body and "7\u00a0jours" in body
    assert len(code_in_mail(work)) == 13


@pytest.mark.parametrize("way", ["link", "code"])
def test_confirmed_it_asks_the_owner_and_opens_nothing(work, account_id, rene, way):
    registration_id = in_waiting(work, RENE, email=ODILE.email)
    if way == "link":
        token = mailed_link(work)
        assert confirmation.by_link(work, token) == "confirmed"
        told = confirmation.look(work, token)
    else:
        told = confirmation.by_code(work, registration_id, code=code_in_mail(work))
    work.settle()
    until = work.now + timedelta(days=7)
    assert (told.state, told.join, told.join_until) == ("confirmed", "waiting", until)
    [request] = households.requests(work)
    assert (request.account_id, request.roll_id) == (account_id, rene)
    assert request.expires_at == until
    assert (count(work, Account), households.joined(work)) == (1, [])
    assert names(work) == [("registration", ODILE.email), ("join_asked", ODILE.email)]
    assert NAME in last_mail(work).text and "8\u00a0décembre" in last_mail(work).text
    terms = work.world.terms.version
    assert journalled(work, "registration.join_asked") == [{"by": way, "terms": terms}]
    assert journalled(work, "household.asked") == [{}]


def test_confirming_twice_asks_once(work):
    in_waiting(work, RENE, email=ODILE.email)
    token = mailed_link(work)
    assert [settled(work, confirmation.by_link, token) for _ in range(2)] == ["confirmed"] * 2
    assert len(households.requests(work)) == 1
    assert [each for each, _ in names(work)].count("join_asked") == 1


def test_the_password_typed_for_nothing_waits_with_the_registration_and_never_opens(work):
    in_waiting(work, RENE, email=ODILE.email, password=NEW_PASSWORD)
    assert found(work, give_password(work, password=NEW_PASSWORD).token).rank is Rank.WAITING
    confirmation.by_link(work, mailed_link(work))
    work.settle()
    with refused("sign_in_wrong"):
        give_password(work, password=NEW_PASSWORD)
    assert found(work, give_password(work, password=PASSWORD).token).rank is Rank.CODE
    stored = work.db.execute(select(Registration.password_hash, Registration.email)).all()
    assert all(tuple(each) == ("", "") for each in stored)


def test_the_letter_stays_good_until_the_owner_agrees(work):
    asking(work)
    in_waiting(work, RENE, email=NEW)
    assert confirmation.by_link(work, mailed_link(work)) == "confirmed"
    work.settle()
    assert count(work, Account) == 2 and households.requests(work) == []


def test_a_newer_registration_of_the_letter_ends_the_request_before(work):
    first = asking(work)
    in_waiting(work, RENE, email=ODILE.email)
    assert households.requests(work) == []
    assert pending.find(work, first).join == "over"
    confirmation.by_link(work, mailed_link(work))
    work.settle()
    [request] = households.requests(work)
    assert request.id != first


def test_screen_7_says_nothing_of_it_until_it_is_confirmed(work):
    known = in_waiting(work, RENE, email=ODILE.email)
    on_the_roll(work, LUCE)
    unknown = in_waiting(work, LUCE, email=NEW)
    facts = [pending.find(work, each) for each in (known, unknown)]
    same = replace(facts[0], email="", number="") == replace(facts[1], email="", number="")
    assert same and facts[0].join is None
    confirmation.by_link(work, mailed_link(work))
    assert pending.find(work, unknown).join is None


def test_a_known_and_an_unknown_address_ask_the_database_the_same(work):
    on_the_roll(work, LUCE)
    asked = []
    for letter, email in ((LUCE, NEW), (RENE, ODILE.email)):
        with Statements(work.db.engine) as statements:
            registration_id = in_waiting(work, letter, email=email, password=NEW_PASSWORD)
            pending.find(work, registration_id)
            work.settle()
            session = found(work, give_password(work, email, NEW_PASSWORD).token)
        assert session.rank is Rank.WAITING
        asked.append(list(statements.seen))
    assert asked[0] == asked[1]


def test_after_seven_days_it_is_over_and_the_purge_takes_it(work, clock):
    registration_id = asking(work)
    session = households.owner(work)
    assert home.asking(work, session, home.home(work, session)) == NAME
    clock.advance(days=6, hours=23)
    assert pending.find(work, registration_id).join == "waiting"
    clock.advance(hours=1)
    assert pending.find(work, registration_id).join == "over"
    assert not home.home(work, session).is_asked
    retention.purge(work)
    assert households.requests(work) == []


def test_a_space_that_vanished_since_the_mail_makes_the_registration_void(work):
    in_waiting(work, RENE, email=ODILE.email)
    link = mailed_link(work)
    work.db.execute(update(Account).values(email=NEW, email_key=NEW))
    work.settle()
    assert confirmation.by_link(work, link) == "over"
    work.settle()
    assert count(work, Account) == 1 and households.requests(work) == []
    in_waiting(work, RENE, email=ODILE.email)  # the letter is good
    assert confirmation.by_link(work, mailed_link(work)) == "confirmed"


def test_an_address_that_got_a_space_since_the_mail_is_joined(work):
    in_waiting(work, RENE, email=NEW)
    link = mailed_link(work)
    work.db.execute(update(Account).values(email=NEW, email_key=NEW))
    work.settle()
    assert confirmation.by_link(work, link) == "confirmed"
    assert confirmation.look(work, link).join == "waiting"
    assert count(work, Account) == 1 and len(households.requests(work)) == 1


@pytest.mark.parametrize("why", ["closing", "left"])
def test_a_space_that_closes_or_is_shut_is_not_joined(work, why):
    if why == "closing":
        work.db.execute(update(Account).values(closing_at=work.now + timedelta(days=7)))
        work.settle()
    else:
        becomes(work, why)
    in_waiting(work, RENE, email=ODILE.email)
    assert names(work) == [("address_taken", ODILE.email)]


def test_a_member_who_has_a_space_does_not_join_another(work):
    with_account(work, LUCE)
    in_waiting(work, reissued(work, LUCE), email=ODILE.email)
    assert names(work) == [("address_taken", ODILE.email)]


def test_five_wait_for_one_owner_and_no_sixth(work):
    letters = [Letter(f"009000{each}", RENE.access_code, "") for each in range(6)]
    for letter in letters[:5]:
        on_the_roll(work, letter)
        asking(work, letter)
    on_the_roll(work, letters[5])
    in_waiting(work, letters[5], email=ODILE.email)
    with refused("joins_full"):
        settled(work, confirmation.by_link, mailed_link(work))
    with_account(work, LUCE)
    asking(work, letters[5], email=LUCE.email)  # another space counts for itself


@pytest.mark.usefixtures("apart")
def test_where_nobody_joins_the_mail_says_what_to_do_instead(work):
    in_waiting(work, RENE, email=ODILE.email)
    assert names(work) == [("address_taken", ODILE.email)]
    for body in (last_mail(work).text, re.sub(r"</?span[^>]*>", "", last_mail(work).html)):
        assert "une autre adresse e-mail" in body and "Appelez-nous" in body
        assert "/inscription/validation/" not in body


def test_a_request_that_nobody_may_agree_to_any_more_where_joining_was_turned_off(work):
    in_waiting(work, RENE, email=ODILE.email)
    work.world = replace(work.world, households=False)
    with refused("email_taken"):
        settled(work, confirmation.by_link, mailed_link(work))
    assert households.requests(work) == []
