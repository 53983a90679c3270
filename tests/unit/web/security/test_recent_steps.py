"""A new password and « Me déconnecter partout » show the recent second steps, and take those ticked
along."""

import pytest
from sqlalchemy import select

from player.world import NEW_PASSWORD, PASSWORD
from tests import own_steps
from tests.authenticator import Phone
from tests.checked_client import HX_PARTIAL, CheckedClient, tree
from tests.visitors import Progress, Town
from webapp.models import Authenticator, Passkey, RecoveryCode
from webapp.services.kernel import journal

PAGE = "/espace/securite"
PASSWORD_PAGE, LEAVING = f"{PAGE}/mot-de-passe", f"{PAGE}/deconnecter-partout/retirer"
FIELDS = {
    "present_password": PASSWORD,
    "password": NEW_PASSWORD,
    "password_repeat": NEW_PASSWORD,
}
EVERYTHING = ["cle-1", "application", "codes"]


@pytest.fixture
def browser(town: Town) -> CheckedClient:
    """Odile in her space, a stranger's passkey and app added a moment ago."""
    browser = town.browser(Progress.MEMBER)
    session = own_steps.member(town.work)
    own_steps.with_passkey(town.work, session, Phone())
    own_steps.with_app(town.work, session)
    return browser


def left(town: Town) -> list[int]:
    """How many passkeys, apps and recovery codes there are."""
    tables = (Passkey, Authenticator, RecoveryCode)
    found = [len(town.work.db.execute(select(each.id)).all()) for each in tables]
    town.work.settle()
    return found


def ticks(text: str) -> dict[str, bool]:
    """The keys that may be ticked, and whether they are."""
    boxes = [each for each in tree(text).iter("input") if each.get("name") == "remove"]
    return {each.get("value"): each.get("checked") is not None for each in boxes}


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize("path", [PASSWORD_PAGE, LEAVING])
def test_each_is_shown_in_words_and_none_is_ticked(browser: CheckedClient, path: str) -> None:
    text = browser.get(path).text
    assert ticks(text) == dict.fromkeys(EVERYTHING, False)
    assert len(list(tree(text).iter("legend"))) == 1
    shown = plain(text)
    assert "Retirer la clé d’accès « Mon téléphone », ajoutée le 1er décembre 2026" in shown
    assert "Retirer l’application « Mon appli », ajoutée le 1er décembre 2026" in shown
    assert "Retirer les codes de secours, faits le 1er décembre 2026" in shown


@pytest.mark.parametrize("headers", [{}, HX_PARTIAL], ids=["plain", "partial"])
def test_what_is_ticked_goes_with_the_password(
    town: Town, browser: CheckedClient, headers: dict[str, str]
) -> None:
    form = FIELDS | {"csrf_token": browser.csrf(PASSWORD_PAGE), "remove": ["cle-1", "codes"]}
    answer = browser.post(PASSWORD_PAGE, data=form, headers=headers)
    page = answer.text if headers else browser.get(answer.headers["Location"]).text
    assert "Retiré en même temps : une clé d’accès, vos codes de secours." in plain(page)
    assert "Mon téléphone" not in answer.headers.get("Location", "")
    assert left(town) == [0, 1, 0]


def test_nothing_ticked_nothing_goes(town: Town, browser: CheckedClient) -> None:
    answer = browser.submit(PASSWORD_PAGE, FIELDS)
    assert answer.headers["Location"] == f"{PASSWORD_PAGE}/fait"
    assert "Retiré" not in browser.get(f"{PASSWORD_PAGE}/fait").text
    assert left(town) == [1, 1, 10]


def test_a_refused_password_keeps_the_ticks_and_removes_nothing(
    town: Town, browser: CheckedClient
) -> None:
    for wrong in ({"present_password": "ce n’est pas lui"}, {"password_repeat": "un autre"}):
        form = FIELDS | wrong | {"remove": ["application"]}
        answer = browser.submit(PASSWORD_PAGE, form)
        assert answer.status_code == 422
        assert ticks(answer.text) == dict.fromkeys(EVERYTHING, False) | {"application": True}
    assert left(town) == [1, 1, 10]


def test_signing_out_everywhere_may_take_them_along(town: Town, browser: CheckedClient) -> None:
    assert LEAVING in browser.get(PAGE).text
    answer = browser.submit(LEAVING, {"remove": EVERYTHING})
    page = plain(browser.get(answer.headers["Location"]).text)
    assert "vous êtes déconnecté partout" in page
    assert (
        "Retiré en même temps : une clé d’accès, une application d’authentification, vos codes "
        "de secours." in page
    )
    assert left(town) == [0, 0, 0]
    assert browser.get("/espace").status_code == 303


def test_that_asks_for_a_young_proof_since_whoever_sits_there_may_not_be_the_owner(
    town: Town, browser: CheckedClient
) -> None:
    token = browser.csrf(LEAVING)
    town.work.world.clock.advance(minutes=11)  # type: ignore[attr-defined]
    form = {"csrf_token": token, "remove": EVERYTHING}
    answer = browser.post(LEAVING, data=form)
    assert answer.headers["Location"] == "/espace/preuve?suite=security.leaving"
    assert left(town) == [1, 1, 10]


def test_an_old_page_keeps_the_ticks(browser: CheckedClient) -> None:
    answer = browser.post(LEAVING, data={"csrf_token": "old", "remove": ["cle-1"]})
    assert answer.status_code == 422
    assert ticks(answer.text)["cle-1"]


def test_once_they_are_established_the_pages_are_as_ever(
    town: Town, browser: CheckedClient
) -> None:
    town.work.world.clock.advance(minutes=1)  # type: ignore[attr-defined]
    journal.write(town.work, "sign_in.done", account_id=1, by="app", agent="")
    town.work.settle()
    town.work.world.clock.advance(days=8)  # type: ignore[attr-defined]
    own_steps.give_password(town.work)
    again = town.browser()
    with_app = {"app_code": own_steps.app_code(town.work)}
    town.give_password(again)
    again.submit("/connexion/application", with_app)
    assert ticks(again.get(PASSWORD_PAGE).text) == {}
    assert "fieldset" not in again.get(PASSWORD_PAGE).text
    assert LEAVING not in again.get(PAGE).text
