"""Journeys find themselves, and a new one may not look sideways."""

import pytest
from flask import Flask
from grimp import ImportGraph
from importlinter.domain.contract import InvalidContractOptions

from tests.import_contracts import IndependentJourneys
from webapp import web
from webapp.settings import ROOT
from webapp.web import journeys

WEB = ROOT / "webapp" / "web"


def test_each_folder_with_routes_is_served(app: Flask) -> None:
    folders = {each.parent.name for each in WEB.glob("*/routes.py")} - {"demo"}
    bare = {name for name in folders if not (WEB / name / "__init__.py").exists()}
    assert not bare, f"a folder with routes.py is a package: write __init__.py in {sorted(bare)}"
    assert {each.name for each in journeys.blueprints(web, without=("demo",))} == set(
        app.blueprints
    )
    served = {view.__module__.split(".")[2] for view in app.view_functions.values()}
    assert folders <= served


def test_each_module_with_a_blueprint_is_served(app: Flask) -> None:
    files = {file for file in WEB.glob("*/*.py") if "bp = Blueprint(" in file.read_text()}
    assert len(files) == len(app.blueprints) + 1  # demo, which the demonstration alone serves
    assert "demo" not in app.blueprints
    assert "demo" in {each.name for each in journeys.blueprints(web)}


def test_each_journey_has_its_tests() -> None:
    tests = ROOT / "tests" / "unit" / "web"
    journeys_found = {each.parent.name for each in WEB.glob("*/routes.py")}
    without = {name for name in journeys_found if not (tests / name / "test_routes.py").exists()}
    assert not without, f"write tests/unit/web/<journey>/test_routes.py for {sorted(without)}"


@pytest.mark.parametrize(
    ("imported", "kept"),
    [
        ("webapp.web.space.routes", False),
        ("webapp.web.space.forms", False),
        ("webapp.web.forms", True),
        ("webapp.web.doors", False),  # which itself looks at a journey
    ],
)
def test_a_new_journey_that_looks_sideways_breaks_the_contract(imported: str, kept: bool) -> None:
    graph = ImportGraph()
    for journey in ("space", "card"):
        for module in ("", ".routes", ".forms"):
            graph.add_module(f"webapp.web.{journey}{module}")
    for module in ("webapp.web", "webapp.web.forms", "webapp.web.doors"):
        graph.add_module(module)
    graph.add_import(importer="webapp.web.card.routes", imported="webapp.web.card.forms")
    graph.add_import(importer="webapp.web.doors", imported="webapp.web.space.routes")
    graph.add_import(importer="webapp.web.card.routes", imported=imported)
    assert contract().check(graph, verbose=False).kept == kept


def test_a_contract_that_finds_no_journey_says_so() -> None:
    graph = ImportGraph()
    graph.add_module("webapp.web")
    with pytest.raises(InvalidContractOptions, match="no journeys"):
        contract().check(graph, verbose=False)


def contract() -> IndependentJourneys:
    """The contract as pyproject.toml has it."""
    options = {"within": "webapp.web"}
    return IndependentJourneys("journeys", session_options={}, contract_options=options)
