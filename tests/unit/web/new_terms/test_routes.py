"""New terms, on both databases: shown before the space, accepted or not, in two tabs."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import ChoiceLoader, FileSystemLoader
from sqlalchemy import Engine, create_engine, select
from werkzeug.test import TestResponse

from player.members import ODILE
from player.world import still_world, test_settings
from tests.checked_client import HX_PARTIAL, CheckedClient, tree
from tests.visitors import Town
from webapp import create_app, furnish
from webapp.models import Account, JournalEntry, TermsAcceptance
from webapp.services.kernel.work import Work
from webapp.services.kernel.world import Terms, World

PAGE, DECLINED = "/connexion/conditions", "/connexion/conditions/refus"
WORDS = "<p>Version 2027-01. Un texte tout neuf.</p>\n"
CHANGES = "<ul><li>L’espace sait aussi faire le café.</li></ul>\n"


@pytest.fixture(scope="module")
def new_version(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of templates with a younger version of the terms, and what it changes."""
    folder = tmp_path_factory.mktemp("later") / "terms"
    (folder / "changes").mkdir(parents=True)
    (folder / "2027-01.html").write_text(WORDS)
    (folder / "changes" / "2027-01.html").write_text(CHANGES)
    return folder.parent


@pytest.fixture(scope="module")
def standing_later(new_version: Path) -> Flask:
    """The same portal with the new version's templates, without furniture."""
    app = create_app(test_settings(), still_world(), create_engine("sqlite://"))
    app.test_client_class = CheckedClient
    loader = app.jinja_loader
    assert loader is not None
    app.jinja_loader = ChoiceLoader([FileSystemLoader(new_version), loader])
    return app


@pytest.fixture
def later(standing_later: Flask, engine: Engine, world: World) -> Flask:
    """The portal once the new version is in force."""
    terms = Terms("2027-01", hashlib.sha256(WORDS.encode()).hexdigest())
    furnish(standing_later, engine, replace(world, terms=terms))
    return standing_later


@pytest.fixture
def no_list(new_version: Path, later: Flask) -> Iterator[None]:
    """The new version does not say what it changes."""
    file = new_version / "terms" / "changes" / "2027-01.html"
    file.unlink()
    later.jinja_env.cache.clear()  # type: ignore[union-attr]
    yield
    file.write_text(CHANGES)
    later.jinja_env.cache.clear()  # type: ignore[union-attr]


@pytest.fixture(params=[False, True], ids=["plain", "partial"])
def town(app: Flask, work: Work, later: Flask, request: pytest.FixtureRequest) -> Iterator[Town]:
    """Odile accepted the former version; browsers see the portal of the new one."""
    town = Town(app, work)
    town.app, town.partial = later, request.param
    return town


@pytest.fixture
def browser(town: Town) -> CheckedClient:
    """Odile, both steps right."""
    browser = town.browser()
    town.sign_in(browser)
    return browser


def read(answer: TestResponse) -> str:
    return " ".join("".join(tree(answer.text).itertext()).split())


def accept(town: Town, browser: CheckedClient, page: str = PAGE, **fields: str) -> TestResponse:
    values = {"accept": "y", "version": "2027-01"} | fields
    return browser.submit(PAGE, values, page=page, partial=town.partial)


def goes_to(town: Town, answer: TestResponse) -> str:
    name = "HX-Push-Url" if town.partial else "Location"
    return answer.headers.get(name) or answer.headers["HX-Redirect"]


def versions(town: Town) -> list[str]:
    found = town.work.db.execute(select(TermsAcceptance.version).order_by("id")).scalars().all()
    town.work.settle()
    return list(found)


def test_signing_in_leads_to_the_new_terms(town: Town) -> None:
    browser = town.browser()
    assert goes_to(town, town.sign_in(browser)) == PAGE
    for path in ("/espace", "/connexion"):
        assert browser.get(path).headers["Location"] == PAGE


def test_the_page_shows_what_changed_and_the_whole_text(browser: CheckedClient) -> None:
    answer = browser.get(PAGE)
    text = read(answer)
    for words in ("Ce qui change", "faire le café", "Un texte tout neuf", "Je n’accepte pas"):
        assert words in text
    box = next(each for each in tree(answer.text).iter("div") if each.get("class") == "terms")
    assert (box.get("tabindex"), box.get("role")) == ("0", "region")


def test_the_page_copes_without_a_list_of_changes(browser: CheckedClient, no_list: None) -> None:
    text = read(browser.get(PAGE))
    assert "Ce qui change" not in text and "Un texte tout neuf" in text


def test_accepting_opens_the_space_and_keeps_both_proofs(
    town: Town, browser: CheckedClient
) -> None:
    former = browser.get_cookie("session")
    assert goes_to(town, accept(town, browser)) == "/espace?fait=conditions"
    now = browser.get_cookie("session")
    assert former and now and former.value != now.value
    assert "vous avez accepté les nouvelles conditions" in read(
        browser.get("/espace?fait=conditions")
    )
    assert versions(town) == ["2026-11", "2027-01"]
    again = town.browser()
    assert goes_to(town, town.sign_in(again)) == "/espace"


def test_the_box_must_be_ticked(town: Town, browser: CheckedClient) -> None:
    answer = browser.submit(PAGE, {"version": "2027-01"}, partial=town.partial)
    assert answer.status_code == 422
    assert "Cochez la case pour accepter" in answer.text
    assert versions(town) == ["2026-11"]


@pytest.mark.parametrize("version", ["2026-12", "", "\u00e9", "../../etc/passwd"])
def test_another_version_than_the_one_in_force_is_not_accepted(
    town: Town, browser: CheckedClient, version: str
) -> None:
    answer = accept(town, browser, version=version)
    assert answer.status_code == 422
    assert "Le texte a changé pendant votre lecture" in answer.text
    assert "Un texte tout neuf" in answer.text
    box = next(each for each in tree(answer.text).iter("input") if each.get("id") == "accept")
    assert box.get("checked") is None
    assert versions(town) == ["2026-11"]
    accept(town, browser)
    assert versions(town) == ["2026-11", "2027-01"]


def test_who_declines_reads_what_is_still_possible_and_may_come_back(
    town: Town, browser: CheckedClient
) -> None:
    answer = browser.submit(DECLINED, {}, page=PAGE, partial=town.partial)
    assert goes_to(town, answer) == DECLINED
    page = tree(browser.get(DECLINED).text)
    links = {each.get("href") for each in page.iter("a")}
    wanted = {PAGE, "/espace/mes-donnees/export", "/espace/mes-donnees/fermer"}
    assert wanted <= links
    assert all(browser.get(path).status_code == 200 for path in wanted)
    events = town.work.db.execute(select(JournalEntry.event)).scalars().all()
    town.work.settle()
    assert events.count("terms.declined") == 1
    assert goes_to(town, accept(town, browser)) == "/espace?fait=conditions"


def test_who_declined_can_take_the_data_along_and_close(town: Town, browser: CheckedClient) -> None:
    browser.submit(DECLINED, {}, page=PAGE)
    file = browser.submit("/espace/mes-donnees/export.json", {}, page="/espace/mes-donnees")
    assert file.mimetype == "application/json" and ODILE.email in file.text
    town.ask_to_close(browser)
    town.close(browser)
    closing = town.work.db.execute(select(Account.closing_at)).scalar_one()
    town.work.settle()
    assert closing


def test_a_tab_that_declines_once_another_accepted_is_told(
    town: Town, browser: CheckedClient
) -> None:
    token = browser.csrf(PAGE)
    accept(town, browser)
    headers = HX_PARTIAL if town.partial else {}
    for path in (DECLINED, PAGE):
        answer = browser.post(path, data={"csrf_token": token}, headers=headers)
        assert goes_to(town, answer) == "/espace?fait=deja_accepte"
    assert "déjà accepté les nouvelles conditions" in read(browser.get("/espace?fait=deja_accepte"))


def test_a_tab_that_accepts_once_another_declined_opens_the_space(
    town: Town, browser: CheckedClient
) -> None:
    browser.submit(DECLINED, {}, page=PAGE)
    assert goes_to(town, accept(town, browser)) == "/espace?fait=conditions"


def test_signing_out_works_from_there(town: Town, browser: CheckedClient) -> None:
    answer = browser.submit("/deconnexion", {}, page=PAGE)
    assert answer.headers["Location"] == "/connexion?fait=deconnexion"
    old = town.browser()
    town.sign_in(old)
    answer = old.post("/deconnexion", data={"csrf_token": "old"})
    assert answer.headers["Location"] == f"{PAGE}?fait=ancienne"
    assert "ouverte depuis longtemps" in read(old.get(f"{PAGE}?fait=ancienne"))
