"""`flask members sign-out`: what is open in a member's name ends, on every host."""

import pytest

from tests.journeys import count, journalled, signed_in
from tests.members import ODILE, RENE, on_the_roll, with_account
from webapp.models import Device, StoredSession
from webapp.services import devices, sessions


@pytest.fixture
def entered(work):
    """Odile inside, on a trusted device; René on the roll alone."""
    with_account(work)
    on_the_roll(work, RENE)
    entered = signed_in(work, remember=True)
    work.settle()
    return entered


@pytest.fixture
def run(app):
    return lambda *numbers: app.test_cli_runner().invoke(args=["members", "sign-out", *numbers])


def test_sessions_and_devices_of_the_member_end_at_once(run, work, entered):
    result = run(f"00 {ODILE.number[2:]}", ODILE.number)
    assert result.exit_code == 0
    assert "déconnectés partout\u00a0: 1." in result.stdout
    assert sessions.find(work, entered.token) is None
    assert devices.remembered_email(work, entered.device_secret) is None
    assert count(work, StoredSession) == count(work, Device) == 0
    assert journalled(work, "session.shut_by_mutual") == [{}]


def test_nobody_else_is_put_out(run, work, entered):
    result = run(RENE.number)
    assert result.exit_code == 0
    assert "Sans espace" in result.stdout
    assert sessions.find(work, entered.token)


@pytest.mark.parametrize("unknown", ["0099999", "?!"])
def test_one_number_that_is_not_on_the_roll_and_nothing_ends(run, work, entered, unknown):
    result = run(ODILE.number, unknown)
    assert result.exit_code == 1
    assert "Rien n’a été changé" in result.stderr
    assert sessions.find(work, entered.token)
