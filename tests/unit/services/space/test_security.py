"""The page « Sécurité » lists what its member has open, and nobody else's."""

import pytest
from sqlalchemy import update

from player.members import RENE, with_account
from tests.journeys import (
    at_code,
    code_in_mail,
    found,
    give_code,
    give_password,
    refused,
    signed_in,
)
from webapp.models import Account, StoredSession
from webapp.rules.ranks import Rank
from webapp.services.kernel import other_sessions, sessions
from webapp.services.sign_in import devices
from webapp.services.space import security

pytestmark = pytest.mark.usefixtures("account_id")


def test_devices_are_listed_the_last_used_first_until_they_are_past(work, clock, account_id):
    devices.remember(work, account_id, "Firefox, Linux")
    clock.advance(days=1)
    _, secret = devices.remember(work, account_id, "Safari, iPhone")
    devices.remember(work, with_account(work, RENE), "Chrome, Windows")
    clock.advance(minutes=1)
    mine = found(work, give_password(work, device_secret=secret).token)
    agents = [each.agent for each in security.overview(work, mine).devices]
    assert agents == ["Safari, iPhone", "Firefox, Linux"]


def test_sessions_are_those_signed_in_and_alive(work, clock):
    old = found(work, signed_in(work).token)
    clock.advance(minutes=20)
    here = found(work, signed_in(work).token)
    at_code(work, browser="another browser")
    assert [each.id for each in security.overview(work, here).sessions] == [here.id, old.id]
    clock.advance(minutes=10)
    assert [each.id for each in security.overview(work, here).sessions] == [here.id]


def test_one_that_has_yet_to_accept_new_terms_is_listed_and_ended_too(work):
    """Both steps opened it: it reads the data and may close the space."""
    here, other = found(work, signed_in(work).token), found(work, signed_in(work).token)
    at_terms = update(StoredSession).where(StoredSession.id == other.id).values(rank=Rank.TERMS)
    work.db.execute(at_terms)
    assert {each.id for each in security.overview(work, here).sessions} == {here.id, other.id}
    assert security.end_session(work, here, other.id)


def test_the_present_session_is_not_ended_by_its_number(work):
    here = found(work, signed_in(work).token)
    assert not security.end_session(work, here, here.id)


def test_a_session_emptied_by_a_change_of_password_comes_back_by_no_code(work):
    entered = give_password(work, browser="another browser")
    under_way, typed = found(work, entered.token), code_in_mail(work)
    here = found(work, signed_in(work).token)
    new = work.db.execute(update(Account).values(epoch=1).returning(Account.epoch)).scalar_one()
    token, facts = other_sessions.stay_alone(work, here, new)
    work.settle()
    assert found(work, token).id == facts.id == here.id
    assert sessions.find(work, entered.token) is None
    with refused("code_over"):
        give_code(work, under_way, typed)
    assert at_code(work, browser="another browser")  # the same browser may begin anew
