"""QA's run against an address: alone, and with a tester who judges on the panel."""

import xml.etree.ElementTree as ET

import pytest

from player.members import LUCE, ODILE, RENE
from qa import reports
from qa.incidents import EXPIRED_LINK
from qa.letters import Letters
from qa.panel import Panel
from qa.runner import play_in
from qa.trial import FAILED, LEFT, PASSED, SKIPPED, Options, Trial
from tests.trials import BEGUN
from webapp.rules.procedure import REGISTRATION, SIGN_IN

ALL = (ODILE, RENE, LUCE)
# presses what stands in `wanted`, one each time that the panel shows something to judge; no timer,
# which browsers slow down in pages that nobody looks at
TESTER = """(wanted) => {
  new MutationObserver(() => {
    const button = document.getElementById(wanted[0]);
    if (!wanted.length || !button.onclick) return;
    if (wanted.shift() === 'fail') document.getElementById('remark').value = 'Le titre est coupé.';
    button.click();
  }).observe(document.body, {childList: true, subtree: true});
}"""


HASTY = """() => new MutationObserver((_, shown) => {
  shown.disconnect();
  document.getElementById('fail').click();
  document.getElementById('pass').click();
}).observe(document.body, {childList: true, subtree: true})"""


@pytest.fixture
def letters(tmp_path):
    """Three paper letters, as `flask qa members make` writes them."""
    file = tmp_path / "letters.csv"
    rows = "".join(f"{each.number};{each.access_code}\n" for each in ALL)
    file.write_text("numero_adherent;code_acces\n" + rows)
    return Letters(file, "qa-{n}@example.org")


@pytest.fixture
def run(stage, browser, letters, tmp_path):
    """`run(procedure, profile)`: what was played, said and written."""
    for each in ALL:
        stage.sends_letter_to(each)

    def play(*procedures, profile="phone", tester=None, **options):
        options = Options(stage.url, procedures, profile, "chromium", tmp_path, **options)
        trial = Trial(options, BEGUN, BEGUN)
        panel = Panel(browser) if tester else None
        if panel:
            panel.page.evaluate(TESTER, tester)
        said = []
        play_in(browser, trial, stage.post_office, letters, said.append, panel)
        reports.write(trial)
        return trial.played, said

    return play


def verdicts(played):
    return [each.verdict for each in played.outcomes]


@pytest.mark.parametrize("profile", ["phone", "no-script", "keyboard"])
def test_the_paper_is_played_from_its_first_line_to_its_last(run, tmp_path, profile):
    (played,), said = run(SIGN_IN, profile=profile)
    assert verdicts(played) == [PASSED] * 12
    assert all((tmp_path / each.picture).exists() for each in played.outcomes)
    assert not played.trace
    assert len(said) == 13
    suite = ET.parse(tmp_path / "junit.xml").getroot()[0]
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("12", "0", "0")


def test_a_failure_is_told_with_what_showed_instead_and_a_trace(run, stage, letters, tmp_path):
    letters.remember = False
    letters._left[0:0] = [type(ODILE)("0099999", "4F7K9QXM2T6B", "qa@example.org")]
    (played,), _ = run(REGISTRATION, patience=6)
    assert verdicts(played) == [PASSED] * 3 + [FAILED] + [LEFT] * 4
    assert "L’écran montre « Inscription »" in played.outcomes[3].remark
    assert (tmp_path / played.trace).stat().st_size > 1000
    suite = ET.parse(tmp_path / "junit.xml").getroot()[0]
    assert (suite.get("failures"), suite.get("skipped")) == ("1", "4")
    page = (tmp_path / "index.html").read_text()
    assert played.trace in page and "Inscription" in page


def test_time_that_nobody_can_move_leaves_the_procedure_with_its_reason(run):
    (played,), _ = run(EXPIRED_LINK)
    assert verdicts(played) == [PASSED] * 6 + [SKIPPED]
    assert "24 h" in played.outcomes[-1].remark
    assert not played.failed


def test_a_letter_is_used_once(run, letters):
    run(REGISTRATION)
    again = Letters(letters.file, letters.email)
    assert len(again) == 2
    assert again.take().number == RENE.number


def test_a_tester_passes_fails_and_goes_back(run, tmp_path):
    presses = ["play", "pass", "pass", "back", "play", "fail", *["play", "mail", "pass"] * 6]
    (played,), _ = run(REGISTRATION, tester=presses)
    assert verdicts(played) == [PASSED, FAILED, *[PASSED] * 6]
    assert played.outcomes[1].remark == "Le titre est coupé."
    assert played.failed and "Le titre est coupé." in (tmp_path / "index.html").read_text()


def test_a_failure_needs_a_remark(browser, stage):
    panel = Panel(browser)
    panel.page.evaluate(HASTY)
    scene = type("At", (), {"stage": stage, "letter": ODILE, "password": "un mot"})()
    answer = panel.ask(REGISTRATION.steps[0], scene, 1, 8)
    assert (answer.choice, answer.remark) == ("pass", "")
    assert panel.page.get_by_role("alert").inner_text().startswith("Dites en quelques mots")
