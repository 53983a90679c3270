"""The link to a new password: once, for half an hour, and what it ends."""

import pytest
from sqlalchemy import select, update

from player.members import ODILE, RENE, with_account
from player.world import NEW_PASSWORD, PASSWORD
from tests.journeys import (
    count,
    dump,
    found,
    give_password,
    journalled,
    last_mail,
    mailed_recovery,
    refused,
    settled,
    signed_in,
)
from tests.threads import at_once, refusals
from webapp.models import Account, Device, Recovery, StoredSession
from webapp.services.account import recovery, recovery_link
from webapp.services.kernel import sessions
from webapp.services.sign_in import devices
from webapp.services.space import retention

pytestmark = pytest.mark.usefixtures("account_id")


def asked(work, letter=ODILE):
    """The token of a link just mailed."""
    recovery.ask(work, email=letter.email, number=letter.number)
    work.settle()
    return mailed_recovery(work)


def choose(work, token, password=NEW_PASSWORD):
    """The form sent once."""
    settled(work, recovery_link.choose, token, password=password)


def opens(work, password, email=ODILE.email):
    """Whether this password is the account's."""
    stored = work.db.execute(select(Account.password_hash).where(Account.email == email)).scalar()
    work.settle()
    return work.world.hasher.verify(stored, password)


def test_the_new_password_opens_and_the_old_one_no_longer_does(work):
    choose(work, asked(work))
    assert give_password(work, password=NEW_PASSWORD)
    with refused("sign_in_wrong"):
        give_password(work, password=PASSWORD)


def test_the_owner_is_told_by_mail(work):
    choose(work, asked(work))
    mail = last_mail(work)
    assert (mail.name, mail.to) == ("password_changed", ODILE.email)


def test_looking_at_a_link_changes_nothing(work):
    token = asked(work)
    before = dump(work)
    assert [recovery_link.link_state(work, token) for _ in range(3)] == ["ready"] * 3
    assert dump(work) == before


def test_a_link_serves_once(work):
    token = asked(work)
    choose(work, token)
    assert recovery_link.link_state(work, token) == "used"
    with refused("recovery_over"):
        choose(work, token, "encore une autre phrase")
    assert opens(work, NEW_PASSWORD)


def passwords(many):
    return [f"des mots pour le fil numero {each}" for each in range(many)]


def one_change(work, answers):
    """One thread came through, its password is in force, one mail says so."""
    assert refusals(answers) == ["recovery_over"] * (len(answers) - 1)
    through = next(at for at, each in enumerate(answers) if isinstance(each, recovery_link.Chosen))
    assert opens(work, passwords(len(answers))[through])
    assert journalled(work, "recovery.done") == [{}]
    return True


def test_a_link_in_eight_threads_at_once_makes_one_change(work):
    token = asked(work)
    answers = at_once(
        work, 8, lambda own, which: recovery_link.choose(own, token, password=passwords(8)[which])
    )
    assert one_change(work, answers)


def test_sibling_links_in_threads_at_once_make_one_change(work):
    tokens = [asked(work) for _ in range(3)]
    answers = at_once(
        work,
        3,
        lambda own, which: recovery_link.choose(own, tokens[which], password=passwords(3)[which]),
    )
    assert one_change(work, answers)


def test_a_link_lives_thirty_minutes_and_is_dead_after(work, clock):
    token = asked(work)
    clock.advance(minutes=29, seconds=59)
    assert recovery_link.link_state(work, token) == "ready"
    clock.advance(seconds=1)
    assert recovery_link.link_state(work, token) == "over"
    with refused("recovery_over"):
        choose(work, token)
    assert opens(work, PASSWORD)


@pytest.mark.parametrize("change", ["password_hash", "email_key"])
def test_a_link_is_dead_once_the_password_or_the_address_changed(work, change):
    token = asked(work)
    work.db.execute(update(Account).values({change: "something else"}))
    work.settle()
    assert recovery_link.link_state(work, token) == "over"
    with refused("recovery_over"):
        choose(work, token)


def test_a_link_is_dead_once_a_sibling_was_used(work):
    first, second = asked(work), asked(work)
    choose(work, second)
    assert recovery_link.link_state(work, first) == "over"
    with refused("recovery_over"):
        choose(work, first, "encore une autre phrase")
    assert opens(work, NEW_PASSWORD)


def test_a_younger_link_does_not_kill_the_one_before(work):
    first, _ = asked(work), asked(work)
    choose(work, first)
    assert opens(work, NEW_PASSWORD)


@pytest.mark.parametrize("token", ["", "x", "é", "\ud800", "a.b.c", "0" * 10_000])
def test_a_link_that_is_not_ours_is_unknown_and_opens_nothing(work, token):
    assert recovery_link.link_state(work, token) == "unknown"
    with refused("recovery_over"):
        choose(work, token)


def test_a_registration_s_link_is_no_recovery_s(work):
    asked(work)
    row_id = work.db.execute(select(Recovery.id)).scalar_one()
    token = work.world.seals.seal_link("registration", row_id)
    assert recovery_link.link_state(work, token) == "unknown"


@pytest.mark.parametrize(
    ("password", "key"),
    [
        ("trop court", "too_short"),
        ("x" * 129, "too_long"),
        (f"moi et {ODILE.number}", "contains_identity"),
        (f"moi et {ODILE.email}", "contains_identity"),
        ("ma mutuelle smie", "contains_mutual"),
        ("motdepasse2024", "too_common"),
    ],
)
def test_a_weak_password_is_refused_and_the_link_stays_good(work, password, key):
    token = asked(work)
    with refused(key) as refusal:
        choose(work, token, password)
    assert refusal.value.field == "password"
    choose(work, token)
    assert opens(work, NEW_PASSWORD)


def test_every_session_and_device_of_the_account_ends_and_nobody_else_s(work):
    with_account(work, RENE)
    mine = signed_in(work, remember=True)
    under_way = give_password(work, browser="another browser")
    theirs = signed_in(work, email=RENE.email, remember=True, browser="René's")
    choose(work, asked(work))
    assert sessions.find(work, mine.token) is None
    assert sessions.find(work, under_way.token) is None
    assert found(work, theirs.token)
    assert mine.device_secret and theirs.device_secret
    assert devices.remembered_email(work, mine.device_secret) is None
    assert devices.remembered_email(work, theirs.device_secret) == RENE.email
    assert count(work, Device) == 1
    assert opens(work, PASSWORD, RENE.email)


def test_it_opens_no_session(work):
    choose(work, asked(work))
    assert journalled(work, "sign_in.done") == []
    assert count(work, StoredSession) == 0


def test_wrong_passwords_of_before_delay_the_new_one_no_more(work):
    for _ in range(5):
        with refused("sign_in_wrong"):
            give_password(work, password="ce n'était pas celui-là")
    with refused("password_closed"):
        give_password(work)
    choose(work, asked(work))
    assert give_password(work, password=NEW_PASSWORD)


def test_no_table_holds_the_token_or_the_password_in_clear(work):
    token = asked(work)
    row_id = work.world.seals.open_link("recovery", token)[0]
    held = dump(work)
    assert token not in held and row_id in held
    choose(work, token)
    held = dump(work)
    assert token not in held and NEW_PASSWORD not in held


def test_the_journal_says_that_it_was_done(work):
    with refused("recovery_over"):
        choose(work, "not ours")
    assert journalled(work, "recovery.done") == []
    choose(work, asked(work))
    assert journalled(work, "recovery.done") == [{}]


def test_a_request_is_erased_a_day_after_its_end(work, clock):
    asked(work)
    clock.advance(hours=24, minutes=29)
    retention.purge(work)
    assert count(work, Recovery) == 1
    clock.advance(minutes=1)
    retention.purge(work)
    assert count(work, Recovery) == 0
