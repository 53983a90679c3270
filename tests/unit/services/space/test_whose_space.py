"""What is whose in a space of several, when its first member goes; and whose a mail is."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import insert, update

from player.households import GERARD, SUZANNE, joins
from player.members import ODILE, with_account
from tests.journeys import give_password, refused, signed_in
from webapp.models import AddressChange, OutboxMail
from webapp.services.kernel import journal, promotion, sessions
from webapp.services.mail import notices
from webapp.services.space import history, home, my_data

BEFORE = "avant@example.org"


@pytest.fixture
def account_id(work):
    """Odile's space: she changed her address in it, and signed in."""
    account_id = with_account(work)
    change = {
        "id": "a" * 32, "account_id": account_id, "state": "done", "email": ODILE.email,
        "email_key": ODILE.email, "former_email": BEFORE, "former_key": BEFORE, "codes": "",
        "created_at": work.now, "mailed_at": work.now, "confirmed_at": work.now,
        "expires_at": work.now + timedelta(days=7),
    }  # fmt: skip
    work.db.execute(insert(AddressChange).values(change))
    journal.write(work, "address.changed", account_id=account_id, by="link")
    signed_in(work, browser="odile")
    with refused("sign_in_wrong"):
        give_password(work, password="ce n’est pas elle")
    return account_id


@pytest.fixture
def promoted(work, clock, account_id, request):
    """The session of Gérard, who joined a day later and is the first since Odile went: with
    Suzanne, or alone."""
    clock.advance(days=1)
    for who in (GERARD, SUZANNE)[: request.param]:
        joins(work, account_id, who)
    clock.advance(minutes=1)
    token = signed_in(work, browser="gerard").token
    first = sessions.find(work, token)
    promotion.let_go(work, account_id, first.roll_id)
    promotion.carry(work, first.roll_id, account_id)
    found = sessions.find(work, token)
    assert len(found.persons) == (2 if request.param == 2 else 0)
    return found


alone_or_not = pytest.mark.parametrize("promoted", [1, 2], ids=["alone", "of two"], indirect=True)


@alone_or_not
def test_who_becomes_the_first_reads_nothing_of_before_they_joined(work, promoted):
    events = [entry.event for entry in history.page(work, promoted).entries]
    assert "sign_in.done" in events
    assert "address.changed" not in events
    visits = [entry for entry in history.page(work, promoted).entries if entry.disputable]
    assert visits == []  # their own is the present one
    file = json.loads(my_data.export(work, promoted))
    assert BEFORE not in json.dumps(file)
    assert file["address_changes"] == []
    assert file["account"]["joined_at"] > file["account"]["created_at"]
    assert min(mail["created_at"] for mail in file["letters"]) >= file["account"]["joined_at"]


@alone_or_not
def test_their_home_counts_from_the_day_on_which_they_joined(work, promoted):
    space = home.home(work, promoted)
    assert (space.number, space.last_sign_in, space.wrong_passwords) == (
        GERARD.letter.number,
        None,
        0,
    )


def test_a_first_member_from_the_beginning_has_all_of_their_space(work, account_id):
    token = signed_in(work, browser="again").token
    session = sessions.find(work, token)
    events = [entry.event for entry in history.page(work, session).entries]
    assert "address.changed" in events
    file = json.loads(my_data.export(work, session))
    assert "joined_at" not in file["account"]
    assert BEFORE in json.dumps(file)
    assert {mail["shared"] for mail in file["letters"]} == {False}


def test_each_has_the_mails_about_them_and_those_of_the_space(work, clock, account_id):
    """What tells of one is in the file of nobody else, though all of it came to one mailbox."""
    clock.advance(days=1)
    gerard = joins(work, account_id, GERARD)
    clock.advance(minutes=1)
    token = signed_in(work, browser="both").token
    first, second = sessions.find(work, token), sessions.find(work, token, gerard)
    for session in (first, second):
        about = {"person": session.for_whom, "roll_id": session.person_id}
        notices.tell(work, "closing_kept", to=ODILE.email, **about)
    notices.tell(work, "password_changed", to=ODILE.email)
    for session in (first, second):
        letters = my_data.held(work, session).parts["letters"]
        kept = [mail for mail in letters if mail["name"] == "closing_kept"]
        assert [mail["shared"] for mail in kept] == [False]
        changed = [mail for mail in letters if mail["name"] == "password_changed"]
        assert [mail["shared"] for mail in changed] == [True]
        assert all("roll_id" not in mail for mail in letters)


def test_the_mail_about_one_is_theirs_from_before_they_joined(work, clock, account_id):
    gerard_at = work.now + timedelta(days=1)
    gerard = joins(work, account_id, GERARD, at=gerard_at)
    mail_id = notices.tell(work, "password_changed", to=ODILE.email)
    about = update(OutboxMail).where(OutboxMail.id == mail_id)
    work.db.execute(about.values(roll_id=gerard))
    clock.advance(days=1, minutes=1)
    token = signed_in(work, browser="both").token
    found = [sessions.find(work, token, which) for which in (None, gerard)]
    held = [[mail["id"] for mail in my_data.held(work, one).parts["letters"]] for one in found]
    assert [mail_id in ids for ids in held] == [False, True]
