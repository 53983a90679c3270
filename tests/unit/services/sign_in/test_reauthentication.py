"""The present password, asked again before what is sensitive."""

import pytest
from sqlalchemy import update

from player.members import with_account
from player.world import PASSWORD
from tests.journeys import again, found, journalled, refused, settled, signed_in
from webapp.models import Account
from webapp.services.sign_in import reauthentication


@pytest.fixture
def session(work, clock):
    """Odile's, signed in long enough ago to be asked again."""
    with_account(work)
    entered = signed_in(work)
    clock.advance(minutes=10)
    return found(work, entered.token)


def give(work, session, password=PASSWORD):
    """The form sent once."""
    settled(work, reauthentication.give, session, password=password)


def test_a_sign_in_is_a_proof_for_ten_minutes(work, clock):
    with_account(work)
    session = found(work, signed_in(work).token)
    clock.advance(minutes=9, seconds=59)
    assert reauthentication.is_young(work, session)
    clock.advance(seconds=1)
    assert not reauthentication.is_young(work, session)


def test_the_password_given_again_counts_ten_minutes_more(work, session, clock):
    give(work, session)
    clock.advance(minutes=9, seconds=59)
    rows = journalled(work, "proof.given")
    assert rows == [{"by": "password"}]
    assert reauthentication.is_young(work, again(work, session))
    clock.advance(seconds=1)
    assert not reauthentication.is_young(work, again(work, session))


def test_a_wrong_one_is_told_and_journalled(work, session):
    with refused("present_wrong") as refusal:
        give(work, session, "ce n’est pas lui")
    assert refusal.value.field == "present_password"
    assert len(journalled(work, "proof.refused")) == 1
    assert not reauthentication.is_young(work, again(work, session))


def test_five_wrong_ones_bring_a_wait_that_doubles(work, session, clock):
    for _ in range(5):
        with refused("present_wrong"):
            give(work, session, "ce n’est pas lui")
    with refused("present_closed") as refusal:
        give(work, session)
    assert refusal.value.wait.total_seconds() == 60
    clock.advance(minutes=1)
    with refused("present_wrong"):
        give(work, session, "ce n’est pas lui")
    with refused("present_closed") as refusal:
        give(work, session)
    assert refusal.value.wait.total_seconds() == 120


def test_the_right_one_forgets_the_wrong_ones(work, session):
    for _ in range(3):
        for _ in range(4):
            with refused("present_wrong"):
                give(work, session, "ce n’est pas lui")
        give(work, session)


def test_wrong_ones_are_forgotten_once_the_password_changed(work, session):
    for _ in range(5):
        with refused("present_wrong"):
            give(work, session, "ce n’est pas lui")
    work.db.execute(update(Account).values(password_hash=work.world.hasher.hash(PASSWORD)))
    give(work, session)


def test_a_password_taken_away_matches_nothing(work, session):
    work.db.execute(update(Account).values(password_hash=""))
    for typed in ("", PASSWORD):
        with refused("present_wrong"):
            give(work, session, typed)


def test_it_hands_out_the_hash_that_was_compared(work, session):
    stored = reauthentication.check(work, session, password=PASSWORD)
    assert work.world.hasher.verify(stored, PASSWORD)
