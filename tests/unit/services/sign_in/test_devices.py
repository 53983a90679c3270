"""Devices that a member chose: remembered for their time, seen and forgotten by their owner."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from player.members import RENE, with_account
from tests.journeys import count, journalled
from webapp.models import Device
from webapp.services.kernel import new_beginning
from webapp.services.sign_in import devices


@pytest.fixture
def account_id(work):
    return with_account(work)


def test_a_remembered_device_finds_its_address_for_thirty_days(work, clock, account_id):
    _, secret = devices.remember(work, account_id, "Firefox, Linux")
    clock.advance(days=29, hours=23)
    assert devices.remembered_email(work, secret) == "odile@example.org"
    clock.advance(hours=1)
    assert devices.remembered_email(work, secret) is None


def test_a_stranger_finds_no_address(work, account_id):
    devices.remember(work, account_id, "Firefox, Linux")
    assert devices.remembered_email(work, "a secret of the stranger's own making") is None
    assert devices.remembered_email(work, "") is None


def test_use_does_not_prolong_a_device(work, clock, account_id):
    device_id, secret = devices.remember(work, account_id, "Firefox, Linux")
    clock.advance(days=29)
    devices.used(work, device_id, account_id, 0)
    assert work.db.execute(select(Device.last_used_at)).scalar_one() == work.now
    clock.advance(days=1)
    assert devices.remembered_email(work, secret) is None


def test_with_zero_days_only_the_address_is_remembered(work, account_id):
    work.world = replace(work.world, trusted_device_days=0)
    _, secret = devices.remember(work, account_id, "Firefox, Linux")
    assert devices.remembered_email(work, secret) == "odile@example.org"
    assert work.db.execute(select(Device.trusted)).scalar_one() is False
    assert devices.life(work) == timedelta(days=30)


def test_the_operator_chooses_the_days(work, clock, account_id):
    work.world = replace(work.world, trusted_device_days=7)
    _, secret = devices.remember(work, account_id, "Firefox, Linux")
    clock.advance(days=7)
    assert devices.remembered_email(work, secret) is None


def test_a_member_forgets_their_own_device_and_no_other(work, account_id):
    mine, _ = devices.remember(work, account_id, "Firefox, Linux")
    theirs, secret = devices.remember(work, with_account(work, RENE), "Safari, iPhone")
    assert not devices.forget(work, account_id, theirs)
    assert devices.remembered_email(work, secret)
    assert devices.forget(work, account_id, mine)
    assert not devices.forget(work, account_id, mine), "the second time there is nothing to forget"
    assert journalled(work, "device.forgotten") == [{}]


def test_all_devices_of_an_account_are_forgotten_at_once(work, account_id):
    for agent in ("Firefox, Linux", "Safari, iPhone"):
        devices.remember(work, account_id, agent)
    _, others = devices.remember(work, with_account(work, RENE), "Safari, iPhone")
    new_beginning.sweep(work, account_id, Device)
    assert count(work, Device) == 1
    assert devices.remembered_email(work, others)


def test_the_table_holds_the_hash_of_the_secret(work, account_id):
    _, secret = devices.remember(work, account_id, "Firefox, Linux")
    assert secret not in repr(work.db.execute(select(Device.__table__)).all())
