"""What happened to an account, told to its owner, who may say « Ce n’était pas moi »."""

from datetime import timedelta
from threading import Thread

from sqlalchemy import text

from player import mails
from player.members import ODILE, RENE, with_account
from player.world import PASSWORD
from tests.authenticator import Phone
from tests.journeys import count, found, give_password, journalled, refused, signed_in
from tests.own_steps import signed, with_passkey
from webapp.models import AddressChange, Device, StoredSession
from webapp.services.account import address
from webapp.services.kernel import journal
from webapp.services.kernel.work import Work
from webapp.services.sign_in import passkeys
from webapp.services.sign_in.passkeys import Purpose
from webapp.services.space import history

WAITS = text("SELECT count(*) FROM pg_locks WHERE NOT granted")


def later(work, clock, **facts):
    clock.advance(minutes=1)
    return found(work, signed_in(work, **facts).token)


def test_it_tells_the_newest_first_and_which_sign_in_is_this_one(work, clock, account_id):
    later(work, clock)
    clock.advance(minutes=1)
    with refused("sign_in_wrong"):
        give_password(work, password="ce n’est pas lui")
    here = later(work, clock)
    told = history.page(work, here).entries
    events = [each.event for each in told]
    assert events == ["sign_in.done", "sign_in.password_refused", "sign_in.done"]
    assert [each.disputable for each in told] == [False, False, True]
    assert told[0].words == "Connexion réussie depuis Firefox, Linux"


def test_a_hundred_a_page(work, clock, account_id):
    here = later(work, clock)
    for _ in range(149):
        journal.write(work, "device.forgotten", account_id=account_id)
    first = history.page(work, here)
    second = history.page(work, here, before=first.next)
    assert (len(first.entries), len(second.entries), second.next) == (100, 50, None)
    assert {each.id for each in first.entries}.isdisjoint(each.id for each in second.entries)


def test_neither_older_than_a_year_nor_somebody_else_s(work, clock, account_id):
    later(work, clock)
    journal.write(work, "device.forgotten", account_id=with_account(work, RENE))
    clock.advance(days=366)
    here = later(work, clock)
    assert [each.at for each in history.page(work, here).entries] == [work.now]


def test_a_dispute_shuts_everybody_out_and_mails_a_link(work, clock, account_id):
    stranger = later(work, clock, remember=True)
    here = later(work, clock)
    address.ask(work, stranger, email="voleur@example.org", password=PASSWORD)
    entry = history.page(work, here).entries[-1]
    at = entry.at
    assert history.dispute(work, here, entry.id)
    work.settle()
    for table in (StoredSession, Device, AddressChange):
        assert count(work, table) == 0
    with refused("sign_in_wrong"):
        give_password(work)
    forced = [each for each in mails.waiting(work) if each.name == "password_forced"]
    assert [each.to for each in forced] == [ODILE.email]
    facts = [{"entry": entry.id, "at": at.isoformat()}]
    assert journalled(work, "sign_in.disputed") == facts


def test_a_stranger_s_passkey_used_at_that_very_moment_opens_nothing(work, clock, account_id):
    """Its sign-in, begun and not committed yet, is waited for before sessions are ended."""
    stranger, here, phone = later(work, clock), later(work, clock), Phone()
    with_passkey(work, stranger, phone)
    entry = history.page(work, here).entries[-1]
    answer = signed(work, phone, Purpose.SIGN_IN, None)
    entering, disputing = (Work(work.db.engine, work.world) for _ in range(2))
    passkeys.sign_in(entering, answer, agent="Firefox, Linux", previous=None)
    work.settle()
    thread = Thread(target=lambda: (history.dispute(disputing, here, entry.id), disputing.settle()))
    thread.start()
    while work.db.dialect.name == "postgresql" and not work.db.scalar(WAITS):
        work.settle()
    work.settle()
    entering.close(commit=True)
    thread.join()
    disputing.close(commit=True)
    assert count(work, StoredSession) == 0


def test_only_a_sign_in_of_one_s_own_within_the_year(work, clock, account_id):
    with_account(work, RENE)
    theirs = found(work, signed_in(work, email=RENE.email).token)
    here = later(work, clock)
    their_entry = history.page(work, theirs).entries[0].id
    for entry_id in (their_entry, 0, 2**63 - 1):
        assert history.sign_in(work, here, entry_id) is None
        assert not history.dispute(work, here, entry_id)
    assert give_password(work)


def test_an_address_changed_since_is_told(work, clock, account_id):
    old = later(work, clock)
    entry = history.page(work, old).entries[0]
    assert not history.sign_in(work, old, entry.id).moved
    work.db.execute(
        AddressChange.__table__.insert().values(
            id="a" * 32,
            account_id=account_id,
            state="done",
            email="neuf@example.org",
            email_key="neuf@example.org",
            former_email=ODILE.email,
            former_key=ODILE.email,
            codes="",
            created_at=work.now,
            mailed_at=work.now,
            confirmed_at=work.now,
            expires_at=work.now + timedelta(days=7),
        )
    )
    assert history.sign_in(work, old, entry.id).moved


def test_an_unknown_browser_is_told_by_mail_and_a_known_one_is_not(work, clock, account_id):
    names = []
    for _ in range(3):
        later(work, clock)
        names = [each.name for each in mails.waiting(work)]
    assert "new_sign_in" not in names
    journal.write(work, "sign_in.done", account_id=account_id, agent="Safari sur iPhone")
    clock.advance(days=365)
    journal.write(work, "sign_in.done", account_id=account_id, agent="Safari sur iPhone")
    later(work, clock)
    assert [each.to for each in mails.waiting(work) if each.name == "new_sign_in"]


def test_a_device_that_becomes_trusted_is_told_by_mail(work, clock, account_id):
    later(work, clock, remember=True)
    told = [each for each in mails.waiting(work) if each.name == "new_device"]
    assert [each.to for each in told] == [ODILE.email]
    assert "Firefox, Linux" in told[0].text
