"""No screen and no mail escapes the accessibility report, and the statement tells its figures."""

import json
import re

import pytest

from accessibility import standards
from accessibility.checks.fields import PURPOSES
from accessibility.mails import MAILS
from accessibility.sample import SAMPLE
from accessibility.states import NOT_SHOWN, STATES
from accessibility.transcript import FOLDER, steady
from tests.checked_client import CheckedClient, tree
from webapp.settings import ROOT
from webapp.web.home import conformity

TEMPLATES = ROOT / "templates"
BESIDE = ("components/", "desk/components/", "desk/layouts/", "layouts/", "terms/")
ALL = (*STATES, *MAILS)
# what no form leads to: opened by a link, or in place of a page
# nor the desk: its layout says « Guichet » first
NEVER_SWAPPED = ("desk/", "home/", "errors/", "pwa/", "demo/", "roll/", "registration/cut.html")


def screens() -> set[str]:
    """Every template that is a screen or a mail's page."""
    found = {path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html")}
    return {each for each in found if not each.startswith(BESIDE)} - {"mail/layout.html"}


def test_every_screen_and_mail_is_shown_by_a_state() -> None:
    shown = {state.shows for state in ALL}
    missing = screens() - shown - NOT_SHOWN.keys()
    assert missing == set(), "add a state to accessibility/states/, or a reason to NOT_SHOWN"
    assert shown - screens() == set()


def test_states_have_names_of_their_own_that_a_file_can_bear() -> None:
    names = [state.name for state in ALL]
    assert len(set(names)) == len(names)
    assert all(name.replace("-", "").isalnum() and name.isascii() for name in names)


@pytest.mark.parametrize("name", [state.name for state in ALL])
def test_every_state_has_its_transcript(name: str) -> None:
    file, advice = FOLDER / f"{name}.txt", f"run: make accessibility ACCEPT=1 STATES={name}"
    assert file.exists(), advice
    assert file.read_text().startswith("titre : "), advice


def test_no_transcript_is_left_over() -> None:
    assert {file.stem for file in FOLDER.glob("*.txt")} == {state.name for state in ALL}


def test_transcripts_are_the_same_whatever_the_day() -> None:
    text = (
        "jusqu’au 1er\u00a0décembre 2026 à\u00a014\u00a0h\u00a005, dans 12\u00a0secondes : 123456"
    )
    assert steady(text) == "jusqu’au ‹date› à ‹heure›, dans ‹durée› : ‹6 chiffres›"


def test_every_field_s_purpose_is_a_token_of_html() -> None:
    tokens = {
        "off", "username", "email", "current-password", "new-password", "one-time-code", "tel",
        "given-name", "family-name", "bday", "webauthn",
    }  # fmt: skip
    assert {
        word for each in PURPOSES.values() for token in each for word in token.split()
    } <= tokens


def test_the_statement_and_the_home_page_tell_the_same_state(client: CheckedClient) -> None:
    told = conformity.read()
    home = client.get("/").text.replace("\u00a0", " ")
    assert f"Accessibilité : {told['state']}" in home
    page = client.get("/accessibilite").text
    assert f"<strong>{told['state']}</strong>" in page
    assert "Libre réponse 71120" in page


def test_the_figures_of_the_statement_are_whole() -> None:
    told = json.loads(conformity.FILE.read_text())
    assert sum(told["criteria"].values()) == 106
    assert len(told["pages"]) == len(SAMPLE)
    assert (told["rate"] is None) == bool(told["untested"])
    assert told["standards"] == standards.as_json()


def test_the_statement_has_every_part_of_its_set_form(client: CheckedClient) -> None:
    page = tree(client.get("/accessibilite").text)
    titles = ["".join(each.itertext()) for each in page.iter() if each.tag in ("h2", "h3")]
    assert titles == [
        "État de conformité",
        "Résultat des tests",
        "Contenus non accessibles",
        "Non-conformités",
        "Dérogations pour charge disproportionnée",
        "Contenus non soumis à l’obligation d’accessibilité",
        "Établissement de cette déclaration",
        "Technologies de l’espace",
        "Environnement de test",
        "Outils",
        "Pages vérifiées",
        "Retour et contact",
        "Voies de recours",
    ]
    links = {each.get("href") for each in page.iter("a")}
    assert "https://www.example.org/accessibilite/schema-pluriannuel" in links
    assert "mailto:accessibilite@example.org" in links


def test_something_is_read_before_the_title_of_each_screen_that_a_form_leads_to() -> None:
    """Orca passes over a title that takes the focus where it is the first thing swapped in."""
    first = re.compile(
        r"block screen %\}(?:\s|\{#.*?#\}|\{% (?:if|else|elif|set).*?%\}|<div[^>]*>)*<h1"
    )
    found = {
        each.relative_to(TEMPLATES).as_posix()
        for each in TEMPLATES.rglob("*.html")
        if first.search(each.read_text(encoding="utf-8"))
    }
    assert {each for each in found if not each.startswith(NEVER_SWAPPED)} == set()
