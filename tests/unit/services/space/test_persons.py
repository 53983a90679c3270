"""A space of several: what each sees of it, and nothing of the others."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update

from player.households import GERARD, SUZANNE, joins
from player.members import ODILE, with_account
from tests.journeys import give_password, journalled, refused, signed_in
from webapp.models import AddressChange, JoinedMember, JournalEntry, Leaving, TermsAcceptance
from webapp.services.account import terms
from webapp.services.kernel import journal, sessions
from webapp.services.space import history, home, my_data

NUMBERS = (ODILE.number, GERARD.letter.number, SUZANNE.letter.number)


@pytest.fixture
def account_id(work):
    """Odile's space, which she had alone for a day: her address was another, then."""
    account_id = with_account(work)
    work.db.execute(
        insert(AddressChange).values(
            id="a" * 32, account_id=account_id, state="done", email=ODILE.email,
            email_key=ODILE.email, former_email="avant@example.org",
            former_key="avant@example.org", codes="", created_at=work.now,
            mailed_at=work.now, confirmed_at=work.now,
            expires_at=work.now + timedelta(days=7),
        )
    )  # fmt: skip
    journal.write(work, "address.changed", account_id=account_id, by="link")
    signed_in(work)
    return account_id


@pytest.fixture
def each(work, clock, account_id):
    """The session as a page of each finds it: Odile's, Gérard's and Suzanne's, who joined today."""
    clock.advance(days=1)
    ids = [joins(work, account_id, who) for who in (GERARD, SUZANNE)]
    clock.advance(minutes=1)
    token = signed_in(work).token
    first = sessions.find(work, token)
    return (first, *(sessions.find(work, token, roll_id) for roll_id in ids))


def exported(work, session):
    text = my_data.export(work, session)
    work.settle()
    return json.loads(text)


def test_a_session_speaks_of_who_is_asked_for(work, each):
    assert [session.person.number for session in each] == list(NUMBERS)
    assert {session.id for session in each} == {each[0].id}
    assert [session.for_whom for session in each[1:]] == [GERARD.name, SUZANNE.name]


def test_the_home_is_of_the_member_shown(work, each):
    spaces = [home.home(work, session) for session in each]
    assert [space.number for space in spaces] == list(NUMBERS)
    assert [space.contract for space in spaces[1:]] == [GERARD.contract, SUZANNE.contract]
    assert {space.email for space in spaces} == {ODILE.email}
    assert spaces[1].greeted == "Monsieur Exemple"


def test_the_home_counts_what_came_since_one_joined(work, clock, each):
    assert [home.home(work, session).last_sign_in for session in each] == [
        work.now - timedelta(days=1, minutes=1),
        None,
        None,
    ]
    clock.advance(minutes=2)
    with refused("sign_in_wrong"):
        give_password(work, password="ce n’est pas lui")
    assert [home.home(work, session).wrong_passwords for session in each] == [1, 1, 1]


def test_the_home_tells_whose_closing_waits(work, each):
    closing_at = work.now + timedelta(days=7)
    joined = update(JoinedMember).where(JoinedMember.roll_id == each[1].roll_id)
    work.db.execute(joined.values(closing_at=closing_at))
    told = [home.home(work, session).closing_at for session in each]
    assert told == [None, closing_at, None]
    held = [my_data.held(work, session).account["closing_at"] for session in each]
    assert held == [None, closing_at, None]


def test_the_home_tells_who_is_to_leave_by_a_newer_letter(work, each):
    gone_at = work.now + timedelta(days=1)
    work.db.execute(
        insert(Leaving).values(
            id="b" * 32, account_id=each[2].account_id, roll_id=each[2].roll_id, state="waiting",
            email="ailleurs@example.org", email_key="ailleurs@example.org", password_hash="",
            terms_version="2026-11", terms_hash="", terms_at=work.now, terms_origin="",
            created_at=work.now, effective_at=gone_at,
        )
    )  # fmt: skip
    told = [home.home(work, session).takeover_at for session in each]
    assert told == [None, None, gone_at]


def test_the_history_has_one_s_own_and_the_space_s_since_one_joined(work, clock, each):
    for session in each:
        clock.advance(minutes=1)
        own = {"account_id": session.account_id, "roll_id": session.person_id}
        journal.write(work, "account.kept", **own)
    journal.write(work, "device.forgotten", account_id=each[0].account_id)
    told = [[entry.event for entry in history.page(work, session).entries] for session in each]
    since = ["device.forgotten", "account.kept", "sign_in.done"]
    assert told == [[*since, "sign_in.done", "address.changed"], since, since]
    of_whom = [history.page(work, session).entries[1].at for session in each]
    assert of_whom == sorted(of_whom) and len(set(of_whom)) == 3


def test_nobody_disputes_a_sign_in_of_before_they_joined(work, each):
    visits = select(JournalEntry.id).where(JournalEntry.event == history.SIGN_IN)
    before, since = work.db.execute(visits.order_by(JournalEntry.id)).scalars()
    assert [history.sign_in(work, session, before) is None for session in each] == [
        False,
        True,
        True,
    ]
    assert all(history.sign_in(work, session, since) for session in each)


def test_the_file_is_of_one_alone(work, each):
    for session in each:
        file = exported(work, session)
        assert file["member"]["number"] == session.person.number
        others = set(NUMBERS) - {session.person.number}
        text = json.dumps(file)
        assert not [number for number in others if number in text]
        assert len(file["terms"]) == 1
        assert len(file["sessions"]) == 2
    assert journalled(work, "data.exported") == [{}, {}, {}]
    written = select(JournalEntry.roll_id).where(JournalEntry.event == "data.exported")
    found = work.db.execute(written.order_by(JournalEntry.id)).scalars().all()
    assert found == [session.roll_id for session in each]


def test_the_file_of_who_joined_has_of_the_space_what_came_since(work, each):
    first, second, _ = (exported(work, session) for session in each)
    assert len(first["address_changes"]) == 1 and second["address_changes"] == []
    assert "avant@example.org" not in json.dumps(second)
    assert "joined_at" in second["account"] and "joined_at" not in first["account"]
    events = [entry["event"] for entry in second["journal"]]
    assert "sign_in.done" in events and "address.changed" not in events
    assert len(first["letters"]) > len(second["letters"]) > 0


def test_a_proof_of_terms_is_shown_to_its_member_alone(work, each):
    proofs = select(TermsAcceptance.id, TermsAcceptance.roll_id)
    for proof_id, roll_id in work.db.execute(proofs).all():
        shown = [terms.proof(work, session, proof_id) for session in each]
        assert [proof is not None for proof in shown] == [
            session.roll_id == roll_id for session in each
        ]


def test_in_a_space_of_one_s_own_again_nothing_of_who_left_is_told(work, each):
    """Whoever leaves takes along what is theirs; a row that stayed behind shows to nobody."""
    first = sessions.find(work, signed_in(work, browser="another").token)
    alone = type(first)(**{**vars(first), "persons": (), "joined": 0})
    theirs = {"account_id": first.account_id, "roll_id": each[1].roll_id}
    journal.write(work, "account.kept", **theirs)
    assert "account.kept" not in [entry.event for entry in history.page(work, alone).entries]
    assert len(exported(work, alone)["terms"]) == 1
