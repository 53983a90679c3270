"""What a member reads of a mail that was refused, came back or could not leave yet."""

import pytest
from sqlalchemy import select, update

from player.members import LUCE, RENE
from tests.checked_client import CheckedClient
from tests.visitors import Progress, Town
from webapp.models import OutboxMail
from webapp.rules.delivery_reports import Outcome, Report
from webapp.services.mail import bounces

REFUSED = "Notre message n’a pas pu être remis"
LATE = "Notre message n’est pas encore parti"
PATIENCE = "Attendez deux minutes"


@pytest.fixture(params=["recorded", "in progress"])
def waiting(town: Town, request: pytest.FixtureRequest) -> tuple[CheckedClient, str]:
    """A member who waits for the mail, and the screen on which they do."""
    if request.param == "recorded":
        return town.browser(Progress.RECORDED), "/inscription/confirmation"
    town.register(town.browser(), LUCE)
    browser = town.browser()
    town.give_password(browser, LUCE)
    return browser, "/inscription/en-cours"


def _mail(town: Town, **values: object) -> str:
    """The mail that left last, changed."""
    last = select(OutboxMail.id).order_by(OutboxMail.created_at.desc()).limit(1)
    mail_id: str = town.work.db.execute(last).scalar_one()
    town.work.db.execute(update(OutboxMail).where(OutboxMail.id == mail_id).values(values))
    town.work.settle()
    return mail_id


def test_a_mail_that_left_is_to_be_waited_for(town: Town, waiting: tuple[CheckedClient, str]):
    browser, page = waiting
    _mail(town, state="sent")
    text = browser.get(page).text
    assert PATIENCE in text and REFUSED not in text and LATE not in text


def test_one_that_came_back_later_is_told_and_mended(town: Town, waiting):
    browser, page = waiting
    mail_id = _mail(town, state="sent")
    assert PATIENCE in browser.get(page).text
    bounces.note(town.work, Report((mail_id,), Outcome.FAILED, "5.1.1"))
    town.work.settle()
    text = browser.get(page).text
    assert REFUSED in text and PATIENCE not in text and "<details open>" in text
    fields = {"email": "neuf@example.org"}
    if page.endswith("confirmation"):
        fields["access_code"] = RENE.access_code
    town.work.world.clock.advance(minutes=2)
    browser.submit("/inscription/adresse", fields, page=page)
    assert REFUSED not in browser.get(page).text


def test_one_that_the_relay_refused_at_once_is_told_there(town: Town, waiting):
    browser, page = waiting
    _mail(town, state="failed")
    text = browser.get(page).text
    assert REFUSED in text and PATIENCE not in text


def test_one_that_could_not_leave_yet_blames_nobody(town: Town, waiting):
    browser, page = waiting
    _mail(town, state="ready", last_error="relay 554 5.7.1")
    text = browser.get(page).text
    assert LATE in text and PATIENCE not in text and REFUSED not in text
    assert "Renvoyer le message" not in text
    assert "Changer d’adresse" in text


def test_one_that_is_delayed_on_its_way_is_still_to_be_waited_for(town: Town, waiting):
    browser, page = waiting
    mail_id = _mail(town, state="sent")
    bounces.note(town.work, Report((mail_id,), Outcome.DELAYED, "4.4.1"))
    town.work.settle()
    assert PATIENCE in browser.get(page).text
