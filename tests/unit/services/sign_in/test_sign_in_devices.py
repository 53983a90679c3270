"""« Se souvenir de moi »: the device's own secret is the second factor, for its thirty days."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from player.mails import waiting
from player.members import RENE, with_account
from tests.journeys import (
    at_code,
    code_in_mail,
    count,
    found,
    give_code,
    give_password,
    journalled,
    refused,
    signed_in,
)
from webapp.models import Device
from webapp.rules.ranks import Rank
from webapp.services.kernel import new_beginning
from webapp.services.kernel.work import Work
from webapp.services.sign_in import devices

pytestmark = pytest.mark.usefixtures("account_id")


@pytest.fixture
def secret(work):
    return signed_in(work, remember=True).device_secret


def test_the_device_is_remembered_after_the_right_code_and_not_before(work):
    session = at_code(work, remember=True)
    assert count(work, Device) == 0
    entered = give_code(work, session, code_in_mail(work))
    assert devices.remembered_email(work, entered.device_secret) == "odile@example.org"
    assert journalled(work, "sign_in.done") == [
        {"by": "code", "agent": "Firefox, Linux", "remembered": True}
    ]


def test_nothing_is_remembered_unasked(work):
    assert signed_in(work).device_secret is None
    assert count(work, Device) == 0


def test_a_remembered_device_opens_with_the_password_alone(work, secret):
    mails = len(waiting(work))
    entered = give_password(work, device_secret=secret)
    assert entered.rank is Rank.MEMBER and found(work, entered.token).device_id
    assert len(waiting(work)) == mails
    assert journalled(work, "sign_in.done")[-1] == {
        "by": "device",
        "agent": "Firefox, Linux",
        "remembered": True,
    }


class ForgetsMeanwhile:
    """A hasher during whose check, slow as it is, the member forgets all devices elsewhere."""

    def __init__(self, hasher, engine, world, account_id):
        self.hasher, self.elsewhere, self.account_id = hasher, (engine, world), account_id
        self.outdated, self.settings = hasher.outdated, hasher.settings

    def verify(self, password_hash, password, in_use=()):
        elsewhere = Work(*self.elsewhere)
        new_beginning.sweep(elsewhere, self.account_id, Device)
        elsewhere.close(commit=True)
        return self.hasher.verify(password_hash, password, in_use)


def test_a_device_forgotten_during_the_check_opens_nothing(work, engine, secret, account_id):
    slow = ForgetsMeanwhile(work.world.hasher, engine, work.world, account_id)
    work.world = replace(work.world, hasher=slow)
    assert give_password(work, device_secret=secret).rank is Rank.CODE


def test_the_password_is_still_asked_for(work, secret):
    with refused("sign_in_wrong"):
        give_password(work, password="quatre autres mots", device_secret=secret)


def test_a_device_is_trusted_for_thirty_days(work, clock, secret):
    clock.advance(days=29, hours=23, minutes=59)
    assert give_password(work, device_secret=secret).rank is Rank.MEMBER
    clock.advance(minutes=1)
    assert give_password(work, device_secret=secret).rank is Rank.CODE


def test_a_device_never_prolongs_a_session(work, clock, secret):
    entered = give_password(work, device_secret=secret)
    session = found(work, entered.token)
    assert (session.ends_at - session.created_at).total_seconds() == 12 * 3600


def test_a_device_opens_its_own_account_alone(work, secret):
    with_account(work, RENE)
    assert give_password(work, RENE.email, device_secret=secret).rank is Rank.CODE


def test_an_invented_secret_is_no_second_factor(work, secret):
    for invented in ("", "x", secret.swapcase(), secret[:-1]):
        assert give_password(work, device_secret=invented).rank is Rank.CODE


def test_a_forgotten_device_asks_for_the_code_again(work, account_id, secret):
    devices.forget(work, account_id, work.db.execute(select(Device.id)).scalar_one())
    assert give_password(work, device_secret=secret).rank is Rank.CODE


def test_with_zero_days_the_address_is_filled_in_and_the_code_asked_for(work):
    work.world = replace(work.world, trusted_device_days=0)
    secret = signed_in(work, remember=True).device_secret
    assert devices.remembered_email(work, secret) == "odile@example.org"
    assert give_password(work, device_secret=secret).rank is Rank.CODE


def test_turned_to_zero_days_the_devices_trusted_before_ask_for_the_code_too(work, secret):
    work.world = replace(work.world, trusted_device_days=0)
    assert devices.remembered_email(work, secret) == "odile@example.org"
    assert give_password(work, device_secret=secret).rank is Rank.CODE
