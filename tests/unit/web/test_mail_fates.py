"""Where a code is waited for, its member reads what became of the mail; nobody else does."""

import pytest
from sqlalchemy import select, update

from player.members import Letter, with_account
from tests.checked_client import CheckedClient
from tests.visitors import Progress, Town
from webapp.models import OutboxMail
from webapp.rules.delivery_reports import Outcome, Report
from webapp.services.mail import bounces

REFUSED = "Notre message n’a pas pu être remis"
LATE = "Notre message n’est pas encore parti"
PATIENCE = "courriers indésirables"
JEANNE = Letter("0077001", "7B2XW4ZR9Y3N", "jeanne@example.org")
SIGN_IN, ADDRESS = "/connexion/code", "/espace/securite/email/confirmation"
CLOSING = "/espace/mes-donnees/fermer/code"
MAILS = {SIGN_IN: "security_code", ADDRESS: "address_change", CLOSING: "closing_code"}


@pytest.fixture(params=list(MAILS))
def waiting(town: Town, request: pytest.FixtureRequest) -> tuple[CheckedClient, str]:
    """A member who waits for a code, and the screen on which they do."""
    return _waiting(town, request.param), request.param


def _waiting(town: Town, page: str) -> CheckedClient:
    if page == SIGN_IN:
        return town.browser(Progress.CODE)
    browser = town.browser(Progress.MEMBER)
    if page == ADDRESS:
        town.ask_address(browser)
    else:
        town.ask_to_close(browser)
    return browser


def _becomes(town: Town, name: str, **values: object) -> str:
    """The mail of this name that was written last, changed; a moment later."""
    town.work.world.clock.advance(seconds=2)
    mails = select(OutboxMail.id).where(OutboxMail.name == name)
    newest = mails.order_by(OutboxMail.created_at.desc()).limit(1)
    found: str = town.work.db.execute(newest).scalar_one()
    town.work.db.execute(update(OutboxMail).where(OutboxMail.id == found).values(values))
    town.work.settle()
    return found


def test_a_mail_that_left_is_to_be_waited_for(town: Town, waiting: tuple[CheckedClient, str]):
    browser, page = waiting
    _becomes(town, MAILS[page], state="sent")
    text = browser.get(page).text
    assert PATIENCE in text and REFUSED not in text and LATE not in text


def test_one_that_the_relay_refused_is_told_there_with_what_to_do(town: Town, waiting):
    browser, page = waiting
    _becomes(town, MAILS[page], state="failed")
    text = browser.get(page).text
    assert REFUSED in text and PATIENCE not in text and "Renvoyer le" in text


def test_one_that_came_back_is_told_until_another_leaves(town: Town, waiting):
    browser, page = waiting
    mail_id = _becomes(town, MAILS[page], state="sent")
    bounces.note(town.work, Report((mail_id,), Outcome.FAILED, "5.2.2"))
    town.work.settle()
    assert REFUSED in browser.get(page).text
    town.work.world.clock.advance(minutes=2)
    folder = {ADDRESS: "/espace/securite/email", CLOSING: "/espace/mes-donnees/fermer"}
    browser.submit(f"{folder.get(page, '/connexion')}/renvoyer", {}, page=page)
    _becomes(town, MAILS[page], state="sent")
    text = browser.get(page).text
    assert REFUSED not in text and PATIENCE in text


def test_one_that_could_not_leave_yet_blames_nobody(town: Town, waiting):
    browser, page = waiting
    _becomes(town, MAILS[page], state="ready", last_error="relay 554 5.7.1")
    text = browser.get(page).text
    assert LATE in text and REFUSED not in text and PATIENCE not in text


def test_who_has_no_other_way_is_told_whom_to_call(town: Town):
    browser = _waiting(town, SIGN_IN)
    _becomes(town, "security_code", state="failed")
    text = browser.get(SIGN_IN).text
    assert "Demandez un nouveau courrier à la mutuelle" in text and "autre façon" not in text


def test_another_sign_in_of_the_same_account_hears_nothing_of_it(town: Town):
    _waiting(town, SIGN_IN)
    _becomes(town, "security_code", state="failed")
    town.work.world.clock.advance(minutes=1)
    assert REFUSED not in _waiting(town, SIGN_IN).get(SIGN_IN).text


def test_an_address_that_has_an_account_is_told_of_as_any_other(town: Town):
    """Else whoever asks for it would learn that it has one."""
    with_account(town.work, JEANNE)
    town.work.settle()
    browser = town.browser(Progress.MEMBER)
    town.ask_address(browser, JEANNE.email)
    _becomes(town, "address_in_use", state="failed")
    text = browser.get(ADDRESS).text
    assert REFUSED in text and JEANNE.email in text
