"""SECRET_KEY changed: what the space of before had still works; once the key is thrown away, what
hung on it is refused in words that lead on."""

import json
import re
from dataclasses import replace

import pytest
from sqlalchemy import select, update

from player import mails
from player.mailed_codes import codes_in
from player.members import ODILE, with_account
from player.world import PASSWORD, still_world, test_settings
from tests.authenticator import Phone
from tests.journeys import (
    BROWSER,
    at_code,
    code_in_mail,
    count,
    found,
    mailed_stop,
    refused,
    settled,
    signed_in,
    taking_over,
)
from tests.own_steps import app_code, at_own_step, member, signed, with_app, with_passkey
from webapp.models import Account, Authenticator, OutboxMail, Passkey
from webapp.rules.ranks import Rank
from webapp.services.account import address, address_confirmation, address_undo, closing
from webapp.services.kernel.work import Work
from webapp.services.sign_in import authenticators, passkeys, recovery_codes
from webapp.services.sign_in.passkeys import Purpose
from webapp.services.space import my_data, retention
from webapp.services.takeover import waiting

FORMER, TODAY = "the key of before, long since changed", "the key of today, just now made up"
AGENT, NEW = "Firefox, Linux", "neuf@example.org"


@pytest.fixture
def works(engine):
    """A piece of work before the change, one after it, and one once the former key is gone."""
    settings = ({"secret_key": FORMER}, {"secret_key": TODAY, "secret_key_fallbacks": (FORMER,)})
    before, after = (still_world(test_settings(**each)) for each in settings)
    gone = still_world(test_settings(secret_key=TODAY))
    worlds = (before, *(replace(each, chance=before.chance) for each in (after, gone)))
    made = [Work(engine, world, "203.0.113.7") for world in worlds]
    with_account(made[0])
    made[0].settle()
    yield made
    for work in made:
        work.close(commit=False)


def later(works, **span):
    for work in works:
        work.world.clock.advance(**span)


def mailed(work, name, shape):
    return re.search(shape, text_of(work, name), re.MULTILINE)


def text_of(work, name):
    text = [each.text for each in mails.waiting(work) if each.name == name][-1]
    work.settle()
    return text


def test_a_recovery_code_of_before_is_good_once_while_its_key_is_known(works):
    before, after, gone = works
    codes = [each.replace("-", "") for each in with_app(before, member(before))]
    session = at_own_step(before)
    with refused("recovery_code_wrong"):
        settled(gone, recovery_codes.enter, session, code=codes[0], agent=AGENT)
    entered = settled(after, recovery_codes.enter, session, code=codes[0], agent=AGENT)
    assert entered.rank is Rank.MEMBER
    again = at_own_step(after, browser="another browser")
    with refused("recovery_code_wrong"):
        settled(after, recovery_codes.enter, again, code=codes[0], agent=AGENT)


def test_the_code_of_a_new_address_still_confirms_it(works):
    before, after, _ = works
    session = member(before)
    settled(before, address.ask, session, email=NEW, password=PASSWORD)
    code = codes_in(text_of(after, "address_change"), 6)[0]
    settled(after, address_confirmation.by_code, session, code=code)
    token = mailed(after, "address_changed", r"/adresse/retablir/(\S+)")[1]
    assert address_undo.link_state(after, token) == "ready"


def test_the_links_of_a_new_address_still_confirm_and_undo_it(works):
    before, after, _ = works
    settled(before, address.ask, member(before), email=NEW, password=PASSWORD)
    token = mailed(after, "address_change", r"/adresse/(\S+)")[1]
    assert settled(after, address_confirmation.by_link, token, None) == "done"
    session = found(after, signed_in(after, email=NEW).token)
    after.settle()
    settled(before, address.ask, session, email="trois@example.org", password=PASSWORD)
    code = codes_in(text_of(after, "address_change"), 6)[0]
    settled(before, address_confirmation.by_code, session, code=code)
    undo = mailed(after, "address_changed", r"/adresse/retablir/(\S+)")[1]
    assert settled(after, address_undo.undo, undo) == "done"
    assert after.db.execute(select(Account.email)).scalar() == NEW


def test_the_link_that_stops_a_newer_letter_still_stops_it(works):
    before, after, gone = works
    taking_over(before, email=NEW)
    token = mailed_stop(before)
    before.settle()
    assert waiting.look(gone, token).state == "unknown"
    settled(after, waiting.stop, token)
    assert waiting.look(after, token).state == "stopped"


def test_a_code_to_close_the_space_still_closes_it(works):
    before, after, _ = works
    asked = settled(before, closing.ask, member(before), password=PASSWORD)
    settled(after, closing.confirm, asked, code=code_in_mail(after))
    assert after.db.execute(select(Account.closing_at)).scalar() is not None


def test_a_passkey_outlives_the_key_that_named_its_owner(works):
    """The handle stays in the device for years: it is stored, not made again."""
    before, _, gone = works
    phone = Phone()
    with_passkey(before, member(before), phone)
    entered = passkeys.sign_in(
        gone, signed(gone, phone, Purpose.SIGN_IN, None), agent=AGENT, previous=None
    )
    gone.settle()
    assert entered.rank is Rank.MEMBER
    session = found(gone, entered.token)
    options = json.loads(passkeys.to_add(gone, session, browser=BROWSER).options)
    gone.settle()
    with_passkey(gone, session, Phone())
    handles = set(gone.db.execute(select(Passkey.handle)).scalars())
    assert len(handles) == 1 and len(handles.pop()) == 32
    assert (
        options["user"]["id"]
        == json.loads(passkeys.to_add(gone, session, browser=BROWSER).options)["user"]["id"]
    )


def test_an_app_is_sealed_anew_when_it_is_used_and_then_needs_no_former_key(works):
    before, after, gone = works
    with_app(before, member(before))
    later(works, seconds=30)
    session = at_own_step(after)
    settled(after, authenticators.enter, session, code=app_code(after), agent=AGENT)
    later(works, seconds=30)
    again = at_own_step(gone, browser="another browser")
    entered = settled(gone, authenticators.enter, again, code=app_code(gone), agent=AGENT)
    assert entered.rank is Rank.MEMBER


def test_an_app_whose_key_is_gone_is_a_clear_refusal_and_the_mail_is_another_way(works):
    before, _, gone = works
    with_app(before, member(before))
    later(works, seconds=30)
    session = at_own_step(gone)
    with refused("app_unreadable"):
        settled(gone, authenticators.enter, session, code=app_code(before), agent=AGENT)
    assert "m" in session.ways


def test_an_app_being_added_whose_key_is_gone_is_begun_again(works):
    before, _, gone = works
    session = member(before)
    settled(before, authenticators.start, session)
    code = app_code(before)
    assert authenticators.setup(gone, session) is None
    with refused("app_over"):
        settled(gone, authenticators.confirm, session, name="Appli", code=code)
    settled(gone, authenticators.start, session)
    assert authenticators.setup(gone, session) is not None
    assert count(gone, Authenticator) == 1


def test_mails_of_before_are_still_found_and_wiped_with_the_account(works):
    before, after, _ = works
    settled(before, address.ask, member(before), email=NEW, password=PASSWORD)
    taking_over(before, email=NEW)
    session = found(after, signed_in(after).token)
    assert "takeover" in {each["name"] for each in my_data.held(after, session).parts["letters"]}
    waiting.stop(after, mailed_stop(after))
    after.db.execute(update(Account).values(closing_at=after.now))
    settled(after, retention.purge)
    old = select(OutboxMail.sealed).where(OutboxMail.name == "takeover")
    assert after.db.execute(old).scalar() == b""
    assert at_code_is_refused(after)


def at_code_is_refused(work):
    with refused("sign_in_wrong"):
        at_code(work, email=ODILE.email)
    return True
