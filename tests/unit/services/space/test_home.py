"""The personal space shows its member's own facts and nobody else's."""

import pytest

from player.members import RENE, with_account
from tests.journeys import found, signed_in
from webapp.services.sign_in import devices
from webapp.services.space import home

pytestmark = pytest.mark.usefixtures("account_id")


def shown(work, entered):
    return home.home(work, found(work, entered.token))


def test_the_space_says_who_i_am_and_my_contract(work):
    mine = shown(work, signed_in(work))
    assert (mine.number, mine.civility, mine.first_name) == ("0012345", "Mme", "Odile")
    assert (mine.last_name, mine.contract) == ("Exemple", "Santé Confort")
    assert mine.email == "odile@example.org"
    assert (mine.last_sign_in, mine.devices) == (None, 0)


def test_the_last_sign_in_is_the_one_before_this(work, clock):
    signed_in(work)
    first = work.now
    clock.advance(days=2)
    assert shown(work, signed_in(work)).last_sign_in == first


def test_my_trusted_devices_are_counted_until_they_are_past(work, clock, account_id):
    devices.remember(work, account_id, "Firefox, Linux")
    clock.advance(days=1)
    devices.remember(work, account_id, "Safari, iPhone")
    devices.remember(work, with_account(work, RENE), "Chrome, Windows")
    assert shown(work, signed_in(work)).devices == 2
    clock.advance(days=29)
    assert shown(work, signed_in(work)).devices == 1
