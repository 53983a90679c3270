"""Registration below the web: the letter proved, the terms accepted once, the mail written once."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from player.mails import waiting
from player.members import ODILE, RENE, on_the_roll, with_account
from player.world import PASSWORD
from tests.journeys import (
    at_rank,
    count,
    drafted,
    found,
    in_waiting,
    journalled,
    last_mail,
    mailed_link,
    refused,
    settled,
)
from tests.threads import at_once, refusals
from webapp.models import Account, Registration, StoredSession
from webapp.rules.ranks import Rank
from webapp.services.registration import confirmation, drafts, pending


@pytest.fixture(autouse=True)
def roll(work):
    on_the_roll(work)
    work.settle()


def draft(work, **changes):
    facts = {
        "number": ODILE.number,
        "access_code": ODILE.access_code,
        "email": ODILE.email,
        "password": PASSWORD,
        "previous": None,
    }
    return settled(work, lambda own: found(own, drafts.write(own, **(facts | changes))[0]))


def rows(work):
    found = work.db.execute(select(Registration.__table__)).all()
    work.settle()
    return found


def states(work):
    rows = work.db.execute(select(Registration.state)).scalars().all()
    work.settle()
    return sorted(rows)


def test_the_letter_opens_a_draft_and_writes_to_nobody(work):
    session = drafted(work)
    assert session.rank is Rank.REGISTERING
    assert pending.find(work, session.registration_id).state == "draft"
    assert waiting(work) == []


def test_a_weak_password_is_refused_and_nothing_is_kept(work):
    with refused("too_short") as refusal:
        draft(work, password="onze signes")
    assert refusal.value.field == "password"
    assert count(work, Registration) == 0


def test_the_names_on_the_letter_make_a_weak_password(work):
    with refused("contains_identity"):
        draft(work, password=f"mon numéro {ODILE.number} !")


def test_the_letter_of_a_member_who_has_a_space_says_so(work):
    with_account(work, RENE)
    work.settle()
    with refused("registration_done"):
        draft(work, number=RENE.number, access_code=RENE.access_code)


def test_the_terms_accepted_the_registration_waits_and_one_mail_is_written(work):
    registration_id = in_waiting(work)
    facts = pending.find(work, registration_id)
    assert (facts.state, facts.email) == ("waiting", ODILE.email)
    assert facts.expires_at == work.now + timedelta(hours=24)
    assert [(each.name, each.to) for each in waiting(work)] == [("registration", ODILE.email)]
    assert journalled(work, "registration.submitted") == [
        {"terms": work.world.terms.version, "address_taken": False}
    ]


def test_no_account_is_made_before_the_confirmation(work):
    in_waiting(work)
    assert count(work, Account) == 0


def test_accepting_the_terms_twice_is_once(work):
    registration_id = in_waiting(work)
    pending.accept_terms(work, registration_id)
    assert len(waiting(work)) == 1


def test_accepting_the_terms_in_eight_threads_is_once(work):
    session = drafted(work)
    answers = at_once(work, 8, lambda own, _: pending.accept_terms(own, session.registration_id))
    assert answers == [None] * 8
    assert len(waiting(work)) == 1
    assert states(work) == ["waiting"]


def test_eight_browsers_with_one_letter_leave_one_registration_in_waiting(work):
    drafts = [drafted(work, email=f"odile{each}@example.org") for each in range(8)]
    answers = at_once(
        work, 8, lambda own, each: pending.accept_terms(own, drafts[each].registration_id)
    )
    assert set(refusals(answers)) <= {"registration_over"}
    assert states(work).count("waiting") == 1


def test_a_registration_in_waiting_never_blocks_its_member(work):
    first = in_waiting(work, email="odile@exemple.invalid")
    link = mailed_link(work)
    second = in_waiting(work, email=ODILE.email)
    assert last_mail(work).to == ODILE.email
    assert pending.find(work, first) is None
    assert confirmation.link_state(work, link) == "over"
    assert pending.find(work, second).state == "waiting"
    assert states(work) == ["waiting"]


def test_until_the_new_terms_are_accepted_the_former_link_lives(work):
    in_waiting(work)
    link = mailed_link(work)
    drafted(work, email="odile.b@example.org")
    assert confirmation.link_state(work, link) == "ready"


def test_going_back_keeps_what_was_proved_and_chosen(work):
    session = drafted(work)
    again = draft(work, access_code=None, password=None, previous=session)
    assert again.registration_id == session.registration_id
    other = draft(work, password=None, email="o@example.org", previous=again)
    assert other.registration_id == session.registration_id
    assert pending.find(work, other.registration_id).email == "o@example.org"
    pending.accept_terms(work, other.registration_id)
    assert last_mail(work).to == "o@example.org"


@pytest.mark.parametrize("step", [drafted, in_waiting])
@pytest.mark.parametrize(
    "changes",
    [
        {"email": "o@example.org"},
        {"password": PASSWORD, "email": ODILE.email},
        {"password": "quatre autres mots choisis"},
    ],
)
def test_going_back_moves_neither_address_nor_password_without_the_letter(work, step, changes):
    made = step(work)
    which = made if isinstance(made, str) else made.registration_id
    session = at_rank(work, Rank.REGISTERING, which)
    before = rows(work)
    with refused("missing_access_code") as refusal:
        draft(work, **({"access_code": None, "password": None, "previous": session} | changes))
    assert refusal.value.field == "access_code"
    assert rows(work) == before


def test_going_back_without_the_letter_keeps_the_address_to_the_sign(work):
    session = drafted(work)
    typed = {"email": ODILE.email.upper(), "password": None}
    again = draft(work, access_code=None, previous=session, **typed)
    assert pending.find(work, again.registration_id).email == ODILE.email


def test_going_back_after_the_mail_makes_a_new_registration_that_replaces_the_first(work):
    registration_id = in_waiting(work)
    link = mailed_link(work)
    session = draft(work)
    assert session.registration_id != registration_id
    pending.accept_terms(work, session.registration_id)
    assert confirmation.link_state(work, link) == "over"
    assert confirmation.link_state(work, mailed_link(work)) == "ready"


@pytest.mark.parametrize("missing", ["access_code", "password"])
def test_nothing_may_be_left_out_without_a_proof_in_this_browser(work, missing):
    with refused(f"missing_{missing}"):
        draft(work, **{missing: None})


def test_the_proof_of_one_letter_is_no_proof_of_another(work):
    on_the_roll(work, RENE)
    session = drafted(work)
    with refused("missing_access_code"):
        draft(work, number=RENE.number, access_code=None, previous=session)


def test_nor_of_one_whose_number_only_looks_like_it(work):
    twin = replace(RENE, number=f"{ODILE.number[:-1]}.{ODILE.number[-1]}")
    on_the_roll(work, twin)
    session = drafted(work)
    with refused("missing_access_code"):
        draft(work, number=twin.number, access_code=None, password=None, previous=session)
    with refused("missing_password"):
        letter = {"number": twin.number, "access_code": twin.access_code}
        draft(work, **letter, password=None, previous=session)
    assert draft(work, access_code=None, password=None, previous=session)


def test_another_browser_inherits_no_proof(work, clock):
    session = drafted(work)
    clock.advance(hours=24)
    with refused("missing_access_code"):
        draft(work, access_code=None, previous=session)


@pytest.mark.usefixtures("apart")
def test_an_address_with_an_account_gets_another_mail_and_the_screen_says_the_same(work):
    with_account(work, RENE)
    registration_id = in_waiting(work, email=RENE.email)
    assert [(each.name, each.to) for each in waiting(work)] == [("address_taken", RENE.email)]
    facts = pending.find(work, registration_id)
    assert (facts.state, facts.undeliverable) == ("waiting", False)
    assert facts.expires_at == work.now + timedelta(hours=24)


def test_ten_mails_an_hour_leave_for_one_letter(work, clock):
    for each in range(10):
        in_waiting(work, email=f"odile{each}@example.org")
    session = drafted(work)
    with refused("mail_closed"):
        pending.accept_terms(work, session.registration_id)
    work.settle()
    clock.advance(hours=1)
    pending.accept_terms(work, session.registration_id)
    assert last_mail(work).to == ODILE.email


def test_a_draft_a_day_old_is_over(work, clock):
    session = drafted(work)
    clock.advance(hours=24)
    assert pending.find(work, session.registration_id).state == "over"
    with refused("registration_over"):
        pending.accept_terms(work, session.registration_id)


def test_each_browser_holds_its_own_session(work):
    drafted(work)
    drafted(work)
    assert count(work, StoredSession) == 2
