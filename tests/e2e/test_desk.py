"""The telephone rings: an operator finds the member, asks who calls, and reads what to do."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from player.browsers import DESKTOP, PHONE
from player.desk import Desk
from player.members import ODILE
from player.stage import Stage
from tests.callers import known
from webapp.rules.roles import Role
from webapp.services.kernel.work import Work

AtWork = Callable[..., Page]


@pytest.fixture
def at_work(stage: Stage, desk: Desk, open_browser: Callable[..., Page]) -> AtWork:
    """`at_work(device, scripts=…)`: a page of the desk in which an adviser is signed in."""

    def open_one(device: dict[str, Any], *, scripts: bool, role: Role = Role.ADVISER) -> Page:
        with Work(stage.engine, stage.world) as work:
            known(work, space=True)
        page = open_browser(device, scripts=scripts)
        desk.lets_in(page.context, role, "a.petit")
        page.goto(desk.url)
        return page

    return open_one


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def device(request: pytest.FixtureRequest) -> dict[str, Any]:
    return dict(request.param)


def heading(page: Page, name: str) -> None:
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()


def here(page: Page, name: str, how: str) -> None:
    """The bar marks this part, and no other."""
    parts = page.get_by_role("navigation", name="Guichet", exact=True)
    expect(parts.get_by_role("link", name=name)).to_have_attribute("aria-current", how)
    expect(parts.locator("[aria-current]")).to_have_count(1)


def test_from_the_number_to_what_to_do(
    at_work: AtWork, device: dict[str, Any], scripts: bool
) -> None:
    page = at_work(device, scripts=scripts)
    heading(page, "Chercher un adhérent")
    page.get_by_label("Numéro d’adhérent").fill("0099999")
    page.get_by_role("button", name="Chercher ce numéro").click()
    expect(page.get_by_text("Aucun adhérent ne répond exactement à cela")).to_be_visible()
    page.get_by_label("Numéro d’adhérent").fill(ODILE.number)
    page.get_by_role("button", name="Chercher ce numéro").click()
    heading(page, "Pourquoi ouvrir cette page ?")
    here(page, "Chercher un adhérent", "true")
    if scripts:  # the bar came with the step, and took no focus
        expect(page.get_by_role("heading", level=1)).to_be_focused()
    expect(page.get_by_text("Exemple", exact=False)).to_have_count(0)
    page.get_by_role("button", name="Courrier pas arrivé").click()
    heading(page, "Est-ce bien l’adhérent ?")
    expect(page.get_by_text("Mme Odile Exemple")).to_be_visible()
    page.get_by_label("Quelle est votre date de naissance").fill("8 mars 1950")
    page.get_by_label("Quel est votre code postal").fill("38000")
    page.get_by_role("button", name="Vérifier les réponses").click()
    expect(page.get_by_text("Une réponse au moins ne va pas")).to_be_visible()
    page.get_by_label("Quelle est votre date de naissance").fill("7 mars 1950")
    page.get_by_role("button", name="Vérifier les réponses").click()
    heading(page, "Mme Odile Exemple")
    expect(page.get_by_role("heading", name="Que faire")).to_be_visible()
    expect(page.get_by_text("o•••@e•••.org")).to_be_visible()
    page.reload()
    heading(page, "Mme Odile Exemple")
    page.get_by_role("link", name="Chercher quelqu’un d’autre").click()
    heading(page, "Chercher un adhérent")


def test_by_the_name_for_a_reason_in_words(at_work: AtWork, scripts: bool) -> None:
    page = at_work(DESKTOP, scripts=scripts)
    page.get_by_role("textbox", name="Nom", exact=True).fill("exemple")
    page.get_by_label("Prénom").fill("ODILE")
    page.get_by_label("Date de naissance").fill("07/03/1950")
    page.get_by_role("button", name="Chercher cette personne").click()
    heading(page, "Pourquoi ouvrir cette page ?")
    page.get_by_role("button", name="Ouvrir pour ce motif").click()
    expect(page.get_by_text("Dites pourquoi")).to_be_visible()
    reason = page.get_by_role("textbox", name="Autre motif")
    reason.fill("question sur son espace")
    reason.press("Enter")  # there, even where the refusal's summary took the focus meanwhile
    heading(page, "Est-ce bien l’adhérent ?")
    for _ in range(3):
        page.get_by_label("Quelle est votre date de naissance").fill("01/01/1950")
        page.get_by_label("Quel est votre code postal").fill("75001")
        with page.expect_response("**/reponses") as answered:
            page.get_by_role("button", name="Vérifier les réponses").click()
        answered.value.finished()
        page.wait_for_load_state()
    heading(page, "Chercher un adhérent")
    expect(page.get_by_text("la page est fermée")).to_be_visible()
