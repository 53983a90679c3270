"""The audit’s files: read back by others than wrote them."""

import hashlib
import json
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml
from python_calamine import CalamineWorkbook

from accessibility import exports, statement
from accessibility.auditing import NT, Audit, audit
from accessibility.criteria import known
from accessibility.exports import grid
from accessibility.exports.wcag import WCAG
from accessibility.sample import SAMPLE, number
from accessibility.standards import STANDARDS
from tests.unit.accessibility.audited import verdicts, whole

DAY = date(2026, 11, 30)
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
KEPT = ("formula", "content-validation-name", "style-name", "number-columns-spanned")
Cells = dict[tuple[str, int, int], object]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All files, of an audit with a fault."""
    return write(whole(failing="code-faux"), tmp_path_factory.mktemp("audit"))


def write(audited: Audit, folder: Path) -> Path:
    figures = statement.figures(audited, [], ["axe-core 4"], {"code": "Code"}, DAY)
    exports.write(audited, figures, DAY, folder)
    return folder


def cells(path: Path) -> Cells:
    """What each cell holds, as another library reads it."""
    book = CalamineWorkbook.from_path(path)
    return {
        (name, row, column): value
        for name in book.sheet_names
        for row, values in enumerate(
            book.get_sheet_by_name(name).to_python(skip_empty_area=False), 1
        )
        for column, value in enumerate(values, 1)
        if value != ""
    }


def is_filled(place: tuple[str, int, int]) -> bool:
    """Whether we fill a cell, or a formula's value follows from one."""
    sheet, row, column = place
    if sheet == "Échantillon":
        return (row in range(3, 7) and column == 2) or (row in range(9, 29) and column in (2, 3))
    if sheet in ("Synthèse", "BaseDeCalcul"):
        return column >= 2 and row >= 3 and not (sheet == "BaseDeCalcul" and column < 4)
    if sheet.startswith("P"):
        return (row, column) == (2, 1) or (row >= 4 and column in range(4, 8))
    return False


def attributes(path: Path) -> Iterator[tuple[str, ...]]:
    """Formula, validation and style of each cell, a run of equal ones as that many."""
    with zipfile.ZipFile(path) as archive:
        content = ElementTree.fromstring(archive.read("content.xml"))
    for cell in content.iter():
        if cell.tag in (f"{TABLE}table-cell", f"{TABLE}covered-table-cell"):
            run = int(cell.get(f"{TABLE}number-columns-repeated", "1"))
            told = tuple(cell.get(f"{TABLE}{name}", "") for name in KEPT)
            yield from [told] * min(run, 2_000)


def test_every_cell_that_we_do_not_fill_is_the_model_s(built: Path) -> None:
    model, ours = cells(grid.MODEL), cells(built / "grille.ods")
    places = {place for place in model.keys() | ours.keys() if not is_filled(place)}
    assert len(places) > 5_000
    assert {p: ours.get(p) for p in places} == {p: model.get(p) for p in places}


def test_formulas_validations_and_styles_are_the_model_s(built: Path) -> None:
    assert list(attributes(built / "grille.ods")) == list(attributes(grid.MODEL))


def test_what_else_is_in_the_archive_is_the_model_s(built: Path) -> None:
    with zipfile.ZipFile(grid.MODEL) as model, zipfile.ZipFile(built / "grille.ods") as ours:
        assert ours.namelist() == model.namelist() and ours.namelist()[0] == "mimetype"
        assert ours.getinfo("mimetype").compress_type == zipfile.ZIP_STORED
        for name in set(model.namelist()) - {"content.xml"}:
            assert ours.read(name) == model.read(name)


def test_each_page_has_its_sheet_with_106_statuses_in_the_grid_s_words(built: Path) -> None:
    told = cells(built / "grille.ods")
    audited = whole(failing="code-faux")
    for page in SAMPLE:
        lines = audited.of_page(page)
        assert [told[number(page), row, 4] for row in range(4, 110)] == [e.status for e in lines]
        assert [told[number(page), row, 2] for row in range(4, 110)] == list(known())
    assert told["P08", 4, 6] == "axe, image-alt : pas d’alternative img"
    assert told["P08", 2, 1] == "Connexion, code de sécurité : http://localhost:8000/connexion/code"


def test_formulas_show_what_they_come_to_to_readers_that_do_not_calculate(built: Path) -> None:
    told, audited = cells(built / "grille.ods"), whole(failing="code-faux")
    assert told["Synthèse", 15, 2] == f"{audited.rate:.15g}%".replace(".", ",")
    assert told["Synthèse", 7, 17] == 1
    assert told["BaseDeCalcul", 3, 28] == "NC"


def test_where_nothing_was_played_the_grid_is_whole_and_says_nt(tmp_path: Path) -> None:
    told = cells(write(audit(verdicts(without="plan"), {}), tmp_path) / "grille.ods")
    assert {told["P05", row, 4] for row in range(4, 110)} == {NT}
    assert str(told["Synthèse", 15, 2]).startswith("Pourcentage indisponible : il reste ")


def test_ara_gets_every_result_once_with_criteria_that_it_knows(built: Path) -> None:
    told = json.loads((built / "ara.json").read_text())
    results = told["results"]["data"]
    places = {(each["pageId"], each["topic"], each["criterium"]) for each in results}
    assert len(places) == len(results) == 106 * len(SAMPLE)
    failed = [each for each in results if each["status"] == "NOT_COMPLIANT"]
    assert [each["notCompliantItems"][0]["userImpact"] for each in failed] == ["MAJOR"]
    assert all(each["notCompliantItems"] == [] for each in results if each not in failed)
    assert told["create"]["auditorEmail"] == "accessibilite@example.org"
    assert told["create"]["auditType"] == "FULL" and len(told["create"]["pages"]) == len(SAMPLE)


def test_earl_has_an_assertion_a_success_criterion_with_a_part_a_page(built: Path) -> None:
    evaluation, assertor = json.loads((built / "earl.jsonld").read_text())["@graph"]
    asked = [each for each in WCAG if each.rgaa]
    assert len(evaluation["auditResult"]) == len(asked)
    assert all(len(each["hasPart"]) == len(SAMPLE) for each in evaluation["auditResult"])
    first = evaluation["auditResult"][0]
    assert (first["test"], first["result"]["outcome"]) == (
        "WCAG2:non-text-content", "earl:failed",
    )  # fmt: skip
    assert assertor["id"] == evaluation["creator"]


def test_the_report_for_abroad_claims_nothing_that_the_rgaa_does_not_ask(built: Path) -> None:
    told = yaml.safe_load((built / "openacr.yaml").read_text())
    assert told["catalog"] == STANDARDS.openacr_catalog
    levels = {
        each["num"]: each["components"][0]["adherence"]["level"]
        for chapter in ("success_criteria_level_a", "success_criteria_level_aa")
        for each in told["chapters"][chapter]["criteria"]
    }
    assert set(levels) == {each.num for each in WCAG}
    assert levels["1.1.1"] == "partially-supports" and levels["1.2.2"] == "not-applicable"
    assert levels["2.5.8"] == levels["3.3.7"] == "not-evaluated"


def test_the_grid_in_the_repository_is_the_one_that_was_published() -> None:
    told = (grid.MODEL.parent / "README.md").read_text()
    assert hashlib.sha256(grid.MODEL.read_bytes()).hexdigest() in told
    assert "Licence Ouverte 2.0" in told and STANDARDS.rgaa in told
