"""The audit: what a page’s states come to, and what a person must have judged."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from accessibility import judgements, statement
from accessibility.auditing import NA, NC, NT, Audit, C, audit, site_status
from accessibility.criteria import FAILED, Verdict, known
from accessibility.judgements import Judgement
from accessibility.sample import KEYS, SAMPLE
from accessibility.states import STATES
from tests.unit.accessibility.audited import verdicts, whole

JUDGED = Judgement("3.1", "code", "C", "Rien par la couleur.", date(2026, 11, 30), holds=True)


def status(told: Audit, criterion: str, key: str) -> str:
    return next(e.status for e in told.of_criterion(criterion) if e.page.key == key)


def test_the_sample_fits_the_grid_and_is_made_of_states_that_are_played() -> None:
    states = [state for page in SAMPLE for state in page.states]
    assert len(SAMPLE) <= 20 and len(set(states)) == len(states)
    assert set(states) <= {state.name for state in STATES}
    assert sum("tirage" in page.why for page in SAMPLE) >= len(SAMPLE) / 10


def test_a_page_fails_with_one_of_its_states_and_is_untested_without_one() -> None:
    assert status(whole(failing="code-faux"), "1.1", "code") == NC
    told = audit(verdicts(without="code-faux"), {})
    assert {line.status for line in told.of_page(SAMPLE[KEYS.index("code")])} == {NT}
    assert told.rate is None


def test_the_site_s_status_is_the_grid_s_own() -> None:
    assert site_status([C, NC, NT]) == NC
    assert site_status([C, NT, NA]) == C
    assert site_status([NT, NA]) == NT and site_status([NA, NA]) == NA


def test_what_a_person_judged_holds_and_lapses_with_the_screen() -> None:
    people = {("3.1", "code"): JUDGED}
    assert status(audit(verdicts(), people), "3.1", "code") == C
    lapsed = audit(verdicts(), {("3.1", "code"): replace(JUDGED, holds=False)})
    line = next(each for each in lapsed.of_criterion("3.1") if each.page.key == "code")
    assert line.status == NT and "l’écran a changé" in line.note


def test_a_tool_never_stands_in_for_a_person_nor_a_person_for_a_fault_found() -> None:
    people = {("3.1", "code"): JUDGED, ("1.1", "code"): replace(JUDGED, criterion="1.1")}
    told = audit(verdicts(failing="code"), people)
    assert status(told, "3.1", "accueil") == NT
    assert status(told, "1.1", "code") == NC


@pytest.mark.parametrize("path", judgements.files(), ids=lambda path: path.stem)
def test_each_judgement_names_pages_once_with_evidence_day_method_and_tools(path: Path) -> None:
    told = list(judgements.read(path))
    assert path.stem in known()
    assert len({each.page for each in told}) == len(told)
    for each in told:
        assert each.page in KEYS and each.verdict in judgements.VERDICTS
        assert len(each.evidence) > 20 and each.method and each.tools


def test_a_screen_that_was_looked_at_again_is_signed_anew(tmp_path: Path) -> None:
    file = tmp_path / "3.1.toml"
    text = (judgements.FOLDER / "3.1.toml").read_text()
    signed = re.compile(r'^code = "\w+"', re.MULTILINE)
    file.write_text(signed.sub('code = "0"', text))
    judgements.keep("3.1", ["code"], tmp_path)
    now = judgements.digest(SAMPLE[KEYS.index("code")])
    assert file.read_text() == signed.sub(f'code = "{now}"', text)


def test_the_statement_claims_nothing_while_a_line_is_untested() -> None:
    told = statement.figures(audit(verdicts(without="plan"), {}), [], ["x"], {}, date(2026, 11, 30))
    assert (told["state"], told["rate"]) == ("non conforme", None)
    assert len(told["untested"]) == 106


def test_a_fault_outside_the_sample_is_told_and_stands_against_a_whole_conformity() -> None:
    screens, day = {"choix": "Nouveau mot de passe"}, date(2026, 11, 30)
    fault = Verdict("9.1", "choix", FAILED)
    told = statement.figures(whole(), [fault], ["x"], screens, day)
    assert told["state"] == "partiellement conforme"
    assert told["failed"][0]["pages"] == ["Nouveau mot de passe"]
    flawless = statement.figures(whole(), [], ["x"], screens, day)
    assert flawless["state"] == "totalement conforme"


def test_the_members_statement_says_nothing_of_the_desk() -> None:
    screens = {"guichet-lot": "Guichet : un lot", "choix": "Nouveau mot de passe"}
    fault = Verdict("9.1", "guichet-lot", FAILED)
    told = statement.figures(whole(), [fault], ["x"], screens, date(2026, 11, 30))
    assert told["state"] == "totalement conforme" and not told["failed"]
    assert told["screens"] == ["Nouveau mot de passe"]


def test_the_rate_counts_what_applies_and_is_decided() -> None:
    told = whole(failing="plan")
    met = sum(each == C for each in told.statuses.values())
    assert told.statuses["4.1"] == NA and told.statuses["1.1"] == NC
    assert told.rate == 100 * met / (met + 1)
    assert told.mean_rate is not None and told.mean_rate > told.rate
