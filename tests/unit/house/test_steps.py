"""A step is whole: words, script, call-outs; and what its words tell to press is called out."""

import re

import pytest

from guide.play import UNPRINTED
from player.givens import GIVENS
from player.scripts import SCRIPTS
from qa.incidents import INCIDENTS
from webapp.rules.calls import CALLS
from webapp.rules.procedure import PROCEDURES
from webapp.settings import ROOT

ALL = (*PROCEDURES, *INCIDENTS, *CALLS)
STEPS = sorted({step for each in ALL for step in each}, key=lambda step: step.key)
TOLD = re.compile(r"appuyez sur(?: l’onglet)? « ([^»]+) »", re.IGNORECASE)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.key)
def test_a_step_has_words_and_a_script(step) -> None:
    assert step.title[0].isupper() and step.do.endswith(".") and step.see
    assert "'" not in step.title + step.do + step.see
    assert step.key in SCRIPTS


def test_no_two_steps_share_a_key() -> None:
    assert len({step.key for step in STEPS}) == len(STEPS)
    assert len({each.key for each in ALL}) == len(ALL)


def test_every_script_is_a_step_s() -> None:
    assert {step.key for step in STEPS} == set(SCRIPTS)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.key)
def test_what_a_step_tells_to_press_is_called_out(step) -> None:
    marks = step.call_outs
    assert marks
    assert set(TOLD.findall(step.do)) <= {mark.target for mark in marks if mark.kind == "press"}
    assert all(mark.words[0].isupper() and "'" not in mark.words for mark in marks)


def test_every_procedure_is_printed_or_says_why_not() -> None:
    assert set(UNPRINTED) <= {each.key for each in PROCEDURES}
    assert all(UNPRINTED.values())


def test_what_leads_to_a_procedure_is_one_itself() -> None:
    assert {before for each in ALL for before in each.after} <= set(PROCEDURES)


def test_what_a_procedure_is_given_can_be_given() -> None:
    assert {each.given for each in ALL if each.given} == set(GIVENS)


def test_members_never_read_of_incidents(client) -> None:
    text = client.get("/aide").text.replace("\u00a0", " ")
    for each in (*INCIDENTS, *CALLS):
        assert each.title not in text


def test_the_help_page_offers_the_published_guide(client) -> None:
    found = re.findall(
        r'href="(/static/[^"]+/guide/(procedure-\w+\.pdf))"', client.get("/aide").text
    )
    assert [name for _, name in found] == ["procedure-telephone.pdf", "procedure-ordinateur.pdf"]
    for address, name in found:
        answer = client.get(address)
        assert answer.mimetype == "application/pdf"
        published = ROOT / "docs" / "guide" / name
        assert answer.data == published.read_bytes() and answer.data.startswith(b"%PDF")
        answer.close()


def test_the_published_guide_shows_every_step_s_words() -> None:
    page = (ROOT / "docs" / "guide" / "procedure.html").read_text().replace("\u00a0", " ")
    for procedure in PROCEDURES:
        for step in procedure:
            if procedure.key not in UNPRINTED:
                assert f'id="{step.key}"' in page, "run: make publish-guide"
    assert (ROOT / "README.md").read_text().count("docs/guide/procedure.pdf")
