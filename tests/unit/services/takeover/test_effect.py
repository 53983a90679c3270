"""A takeover's day is over: once, whatever runs beside it, and nothing of the former access opens
the space any more."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update

from player import mails
from player.members import ODILE, RENE, becomes, with_account
from player.world import NEW_PASSWORD, PASSWORD
from tests.journeys import (
    count,
    found,
    give_password,
    in_waiting,
    journalled,
    mailed_link,
    mailed_recovery,
    mailed_stop,
    refused,
    reissued,
    signed_in,
    taking_over,
)
from tests.threads import at_once
from webapp.models import (
    Account,
    AddressChange,
    Authenticator,
    Device,
    Passkey,
    RecoveryCode,
    Takeover,
    TermsAcceptance,
)
from webapp.rules.statuses import ACTIVE, DECEASED, LEFT
from webapp.services.account import erasure, recovery, recovery_link
from webapp.services.kernel import sessions
from webapp.services.registration import confirmation
from webapp.services.takeover import effect, waiting

NEW = "odile.neuve@example.org"


pytestmark = pytest.mark.usefixtures("account_id")


@pytest.fixture
def due(work, clock):
    """Odile's newer letter was confirmed a day ago; the token of its link to stop."""
    taking_over(work, email=NEW, password=NEW_PASSWORD)
    clock.advance(hours=24)
    return mailed_stop(work)


def apply(work):
    applied = effect.apply_due(work)
    work.settle()
    return applied


def odile(work, account_id):
    row = work.db.execute(select(Account.__table__).where(Account.id == account_id)).one()
    work.settle()
    return row


def told(work, name):
    return sorted(each.to for each in mails.waiting(work) if each.name == name)


def test_a_second_before_its_time_nothing_is_due(work, clock, account_id):
    taking_over(work, email=NEW)
    clock.advance(hours=23, minutes=59, seconds=59)
    assert not effect.due(work)
    assert apply(work) == 0
    assert odile(work, account_id).email == ODILE.email


def test_the_account_has_the_new_address_and_password_and_the_old_open_nothing(
    work, due, account_id
):
    assert effect.due(work)
    assert apply(work) == 1
    row = odile(work, account_id)
    assert (row.email, row.email_key) == (NEW, NEW)
    assert give_password(work, NEW, NEW_PASSWORD)
    for email, password in ((ODILE.email, PASSWORD), (ODILE.email, NEW_PASSWORD), (NEW, PASSWORD)):
        with refused("sign_in_wrong"):
            give_password(work, email, password)


def test_it_is_told_to_both_addresses_and_written_down(work, due, account_id):
    apply(work)
    assert told(work, "takeover_done") == sorted([ODILE.email, NEW])
    assert journalled(work, "takeover.done") == [{}]
    proofs = work.db.execute(select(TermsAcceptance.__table__).order_by("id")).all()
    assert [each.account_id for each in proofs] == [account_id] * 2
    assert proofs[1].roll_id == odile(work, account_id).roll_id
    assert proofs[1].origin == work.origin


@pytest.mark.parametrize("status", [LEFT, DECEASED])
def test_of_somebody_who_left_or_died_it_waits_until_they_are_active_again(work, due, status):
    becomes(work, status)
    assert not effect.due(work)
    assert apply(work) == 0 and told(work, "takeover_done") == []
    with refused("membership_over"):
        give_password(work, NEW, NEW_PASSWORD)
    becomes(work, ACTIVE)
    assert apply(work) == 1
    assert give_password(work, NEW, NEW_PASSWORD)


def test_of_somebody_who_left_it_can_be_stopped_all_the_same(work, due, account_id):
    becomes(work, LEFT)
    waiting.stop(work, due)
    work.settle()
    becomes(work, ACTIVE)
    assert apply(work) == 0 and odile(work, account_id).email == ODILE.email


def test_a_newer_letter_that_is_confirmed_once_somebody_left_begins_nothing(work, account_id):
    newer = reissued(work)
    in_waiting(work, newer, email=NEW, password=NEW_PASSWORD)
    becomes(work, LEFT)
    assert confirmation.by_link(work, mailed_link(work)) == "over"
    work.settle()
    assert count(work, Takeover) == 0


def test_its_row_says_done_and_holds_no_personal_data(work, due):
    apply(work)
    row = work.db.execute(select(Takeover.__table__)).one()
    assert (row.state, row.email, row.password_hash, row.terms_origin) == ("done", "", "", "")
    assert waiting.look(work, due).state == "done"
    assert not effect.due(work)


def test_all_that_the_former_access_opened_is_over_and_nobody_else_s(work, clock, account_id):
    theirs_id = with_account(work, RENE)
    mine = signed_in(work, remember=True)
    theirs = signed_in(work, email=RENE.email, remember=True, browser="René's")
    taking_over(work, email=NEW, password=NEW_PASSWORD)
    recovery.ask(work, email=ODILE.email, number=ODILE.number)
    work.settle()
    token = mailed_recovery(work)
    clock.advance(hours=24)
    live = signed_in(work, browser="another browser")
    for owner in (account_id, theirs_id):
        hold_everything(work, owner)
    apply(work)
    for entered in (mine, live):
        assert sessions.find(work, entered.token) is None
    with refused("recovery_over"):
        recovery_link.choose(work, token, password="encore une autre phrase")
    work.settle()
    for table in (Device, Passkey, Authenticator, RecoveryCode, AddressChange):
        assert count(work, table) == 1, table
    row = odile(work, account_id)
    assert (row.mailed_code_off, row.closing_at) == (False, None)
    assert odile(work, theirs_id).mailed_code_off
    assert theirs.device_secret


def hold_everything(work, account_id):
    """A passkey, an authenticator app, a recovery code, a change of address, a closing."""
    mark, now = f"{account_id:032x}", work.now
    held = {"account_id": account_id, "created_at": now}
    key = {"credential_id": mark.encode(), "public_key": b"", "sign_count": 0}
    work.db.execute(insert(Passkey).values(**held, **key, transports="", name="clé"))
    app = {"id": mark, "secret": b"", "last_step": 0, "name": "app"}
    work.db.execute(insert(Authenticator).values(**held, **app))
    work.db.execute(insert(RecoveryCode).values(**held, mac=b"x"))
    addresses = dict.fromkeys(("email", "email_key", "former_email", "former_key"), "x@example.org")
    moments = {"mailed_at": now, "expires_at": now}
    change = {"id": mark, "state": "done", "codes": ""}
    work.db.execute(insert(AddressChange).values(**held, **addresses, **moments, **change))
    closing = {"mailed_code_off": True, "closing_at": now}
    work.db.execute(Account.__table__.update().where(Account.id == account_id).values(closing))
    work.settle()


def test_wrong_passwords_of_before_delay_the_new_access_no_more(work, due):
    for _ in range(5):
        with refused("sign_in_wrong"):
            give_password(work, NEW, "ce n'était pas celui-là")
    apply(work)
    assert give_password(work, NEW, NEW_PASSWORD)


def test_the_same_address_gets_the_other_password_and_one_mail(work, clock, account_id):
    taking_over(work, email=ODILE.email, password=NEW_PASSWORD)
    clock.advance(hours=24)
    assert apply(work) == 1
    assert told(work, "takeover_done") == [ODILE.email]
    assert give_password(work, password=NEW_PASSWORD)


def test_an_address_that_became_another_s_in_that_day_changes_nothing_and_says_so(
    work, due, account_id
):
    with_account(work, RENE)
    other = Account.__table__.update().where(Account.email == RENE.email)
    work.db.execute(other.values(email=NEW, email_key=NEW))
    before = odile(work, account_id)
    assert apply(work) == 0
    assert odile(work, account_id) == before
    assert waiting.look(work, due).state == "stopped"
    assert journalled(work, "takeover.stopped") == [{"by": "address_taken"}]
    assert told(work, "takeover_taken") == [NEW]
    assert told(work, "takeover_done") == []
    assert give_password(work)


def test_one_that_changes_nothing_leaves_the_former_mailbox_its_way_back(work, due, account_id):
    week = timedelta(days=7)
    undoable = insert(AddressChange).values(
        id="undoable", account_id=account_id, state="done", email=ODILE.email,
        email_key=ODILE.email, former_email="avant@example.org", former_key="avant@example.org",
        codes="", created_at=work.now, mailed_at=work.now, expires_at=work.now + week,
    )  # fmt: skip
    work.db.execute(undoable)
    with_account(work, RENE)
    other = Account.__table__.update().where(Account.email == RENE.email)
    work.db.execute(other.values(email=NEW, email_key=NEW))
    assert apply(work) == 0
    assert count(work, AddressChange) == 1


def test_one_that_fails_keeps_no_other_from_taking_effect(work, clock, due):
    with_account(work, RENE)
    taking_over(work, RENE, email="rene.neuf@example.org")
    other = Account.__table__.update().where(Account.email == RENE.email)
    work.db.execute(other.values(email=NEW, email_key=NEW))
    work.settle()
    clock.advance(hours=24)
    assert apply(work) == 1
    assert told(work, "takeover_taken") == [NEW]
    assert "rene.neuf@example.org" in told(work, "takeover_done")


def test_stopped_it_never_takes_effect(work, due, account_id):
    waiting.stop(work, due)
    work.settle()
    assert apply(work) == 0
    assert odile(work, account_id).email == ODILE.email


def test_done_it_can_no_longer_be_stopped(work, due, account_id):
    apply(work)
    waiting.stop(work, due)
    work.settle()
    assert odile(work, account_id).email == NEW
    assert journalled(work, "takeover.stopped") == []


def test_eight_senders_at_once_apply_it_once(work, due):
    answers = at_once(work, 8, lambda own, _: effect.apply_due(own))
    assert sorted(answers) == [0] * 7 + [1]
    assert journalled(work, "takeover.done") == [{}]
    assert told(work, "takeover_done") == sorted([ODILE.email, NEW])
    assert count(work, TermsAcceptance) == 2


@pytest.mark.parametrize("again", range(3))
def test_stopped_and_due_at_the_very_same_moment_exactly_one_wins(work, due, account_id, again):
    def act(own, which):
        if which % 2:
            return waiting.stop(own, due)
        return effect.apply_due(own)

    at_once(work, 8, act)
    outcome = (journalled(work, "takeover.done"), journalled(work, "takeover.stopped"))
    email = odile(work, account_id).email
    if outcome == ([{}], []):
        assert (email, waiting.look(work, due).state) == (NEW, "done")
    else:
        assert outcome == ([], [{"by": "link"}])
        assert (email, waiting.look(work, due).state) == (ODILE.email, "stopped")
    work.settle()


def test_a_closing_does_not_erase_the_account_before_the_day_is_over(work, clock, account_id):
    """Who took the trouble of a newer letter is not left without a space."""
    closing_at = work.now + timedelta(hours=12)
    work.db.execute(update(Account).values(closing_at=closing_at))
    taking_over(work, email=NEW, password=NEW_PASSWORD)
    clock.advance(hours=13)
    assert erasure.erase_due(work) == 0
    clock.advance(hours=11)
    assert apply(work) == 1
    assert (odile(work, account_id).email, odile(work, account_id).closing_at) == (NEW, None)


def test_stopped_the_closing_goes_on(work, clock):
    work.db.execute(update(Account).values(closing_at=work.now + timedelta(hours=12)))
    taking_over(work, email=NEW, password=NEW_PASSWORD)
    clock.advance(hours=13)
    waiting.stop(work, mailed_stop(work))
    assert erasure.erase_due(work) == 1


def test_the_new_access_is_a_whole_one(work, due, account_id):
    apply(work)
    entered = signed_in(work, email=NEW, password=NEW_PASSWORD)
    assert found(work, entered.token).account_id == account_id


def test_the_letter_after_that_is_newer_again(work, clock, due, account_id):
    apply(work)
    in_waiting(work, reissued(work), email=ODILE.email)
    assert count(work, Account) == 1
