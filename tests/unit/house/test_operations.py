"""The operators' documents can be played, and their samples speak of what there is."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from tests.operations.pages import DESK, INSTALLATION, OPERATIONS, Block, blocks
from webapp.adapters.metrics.requests import RequestMetrics
from webapp.rules.events import EVENTS
from webapp.rules.misuse import SIGNS
from webapp.services.kernel import gauges
from webapp.settings import ROOT

PLAYED = [INSTALLATION, DESK, *sorted(OPERATIONS.glob("*.md"))]
BLOCKS = [block for page in PLAYED for block in blocks(page)]
RULES = (ROOT / "deploy" / "prometheus-rules.yml").read_text()
DASHBOARD = json.loads((ROOT / "deploy" / "grafana-dashboard.json").read_text())
QUERIES = [
    *re.findall(r"^ +expr: (.+)$", RULES, re.MULTILINE),
    *(target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]),
]


@pytest.mark.parametrize("block", BLOCKS, ids=str)
def test_a_shell_can_read_what_is_to_be_typed(block: Block) -> None:
    done = subprocess.run(
        ["bash", "-n"], input=block.typed, text=True, capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("page", PLAYED, ids=lambda page: page.name)
def test_what_is_to_be_typed_stands_in_a_block_that_is_played(page: Path) -> None:
    text = re.sub(r"^```.*?^```$", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)
    commands = r"apt-get|cp|curl|install|nginx|rm|sudo|systemctl|useradd|\S*flask|\S*/portal"
    assert re.findall(rf"^ {{4,}}(?:{commands}) .*", text, re.MULTILINE) == []


def test_the_installation_has_something_to_type() -> None:
    assert len(blocks(INSTALLATION)) > 8


@pytest.mark.parametrize("query", QUERIES)
def test_an_alert_or_a_panel_asks_for_what_the_portal_tells(query: str) -> None:
    figures = gauges.Figures(
        {"sent": 1}, 0, {"sign_in.done": 1}, {"relay": 0}, {"failed": 0}, desk={"looks": 1}
    )
    told = RequestMetrics()
    told.count("home.page", 200, 0.1)
    names = set(re.findall(r"^(portal_\w+)", told.text(figures).decode(), re.MULTILINE))
    asked = set(re.findall(r"\bportal_\w+", query))
    assert asked <= names
    events = re.findall(r'event=~?"([^"]+)"', query)
    assert {each for several in events for each in several.split("|")} <= EVENTS.keys()
    signs = re.findall(r'sign=~?"([^"]+)"', query)
    assert {each for several in signs for each in several.split("|")} <= SIGNS.keys()


@pytest.mark.parametrize("alert", re.findall(r"alert: (\w+)", RULES))
def test_the_page_says_when_an_alert_comes(alert: str) -> None:
    assert f"`{alert}`" in (OPERATIONS / "watching.md").read_text()


def test_no_two_panels_of_the_dashboard_are_the_same_or_overlap() -> None:
    panels = DASHBOARD["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    places = [
        (x, y)
        for panel in panels
        for x in range(panel["gridPos"]["x"], panel["gridPos"]["x"] + panel["gridPos"]["w"])
        for y in range(panel["gridPos"]["y"], panel["gridPos"]["y"] + panel["gridPos"]["h"])
    ]
    assert len(set(places)) == len(places)
    assert max(x for x, _ in places) < 24


@pytest.mark.parametrize(
    "word", ["sauvegarde", "mise à jour", "courrier", "adhérent au téléphone", "surveillance"]
)
def test_the_first_page_leads_to_what_an_operator_looks_for(word: str) -> None:
    first = (ROOT / "README.md").read_text()
    assert any(word in line.lower() and "](" in line for line in first.splitlines())
