"""Test cases as each tool's own reader finds them: one source of words, references that stay."""

import html
import re
from dataclasses import replace

import openpyxl
import pytest
from gherkin.parser import Parser
from gherkin.pickles.compiler import Compiler
from python_calamine import CalamineWorkbook

from qa import cases
from qa.cases import gherkin, squash
from qa.cases.words import GIVENS
from qa.incidents import INCIDENTS
from qa.known import KNOWN
from qa.references import of_steps
from tests.checked_client import tree
from webapp.rules.calls import CALLS
from webapp.rules.procedure import PROCEDURES, REGISTRATION

REFERENCES = [reference for each in KNOWN.values() for reference, _ in of_steps(each)]


def plain(text: str) -> str:
    """What a cell of HTML says."""
    return html.unescape(re.sub("<[^>]+>", " ", text)).replace("\u00a0", " ")


@pytest.fixture
def book(tmp_path):
    """The workbook as another program reads it."""
    file = tmp_path / "cas.xlsx"
    cases.write("squash", file, "Espace adhérents/Recette")
    return openpyxl.load_workbook(file)


def rows(book, sheet):
    headings, *told = book[sheet].iter_rows(values_only=True)
    return [dict(zip(headings, each, strict=True)) for each in told]


def test_no_two_steps_share_a_reference() -> None:
    assert len(set(REFERENCES)) == len(REFERENCES)
    assert set(KNOWN.values()) == {*PROCEDURES, *INCIDENTS, *CALLS}


def test_every_given_has_its_words_for_a_tester() -> None:
    assert set(GIVENS) == {each.given for each in KNOWN.values() if each.given}


def test_the_workbook_has_squash_s_five_sheets(book) -> None:
    assert book.sheetnames == ["TEST_CASES", "STEPS", "PARAMETERS", "DATASETS", "LINK_REQ_TC"]
    for name, headings in squash.SHEETS.items():
        assert tuple(cell.value for cell in book[name][1]) == headings


def test_every_procedure_is_a_case_with_its_key_for_reference(book) -> None:
    told = rows(book, "TEST_CASES")
    assert [each["TC_REFERENCE"] for each in told] == list(KNOWN)
    for each, procedure in zip(told, KNOWN.values(), strict=True):
        assert each["ACTION"] == "C"
        assert each["TC_NAME"].replace("\u00a0", " ") == procedure.title
        # else Squash takes the path's last part for another name
        assert each["TC_PATH"].endswith(f"/{each['TC_NAME']}")
        assert each["TC_PATH"].startswith("/Espace adhérents/Recette/")
    assert len({each["TC_PATH"] for each in told}) == len(told)


def test_every_step_is_one_of_its_case_with_the_members_words(book) -> None:
    paths = {each["TC_PATH"]: each["TC_REFERENCE"] for each in rows(book, "TEST_CASES")}
    told = rows(book, "STEPS")
    found = [re.search(r"\[([\w.]+)\]", each["TC_STEP_ACTION"]).group(1) for each in told]
    assert found == REFERENCES
    steps = [step for each in KNOWN.values() for step in each]
    for each, reference, step in zip(told, found, steps, strict=True):
        assert paths[each["TC_OWNER_PATH"]] == reference.partition(".")[0]
        assert step.do in plain(each["TC_STEP_ACTION"])
        assert step.see in plain(each["TC_STEP_EXPECTED_RESULT"])
    numbers = [each["TC_STEP_NUM"] for each in told]
    assert numbers == [at for each in KNOWN.values() for at, _ in enumerate(each, 1)]


def test_what_comes_before_a_case_is_its_prerequisite(book) -> None:
    told = {each["TC_REFERENCE"]: each["TC_PRE_REQUISITE"] for each in rows(book, "TEST_CASES")}
    for key, procedure in KNOWN.items():
        for before in procedure.after:
            assert f"« {before.title} » [{before.key}]" in plain(told[key])
        if procedure.given:
            assert GIVENS[procedure.given] in plain(told[key])


def test_another_library_reads_the_same_workbook(tmp_path, book) -> None:
    read = CalamineWorkbook.from_path(tmp_path / "cas.xlsx")
    assert read.sheet_names == book.sheetnames
    for name in book.sheetnames:
        told = [[cell or "" for cell in row] for row in book[name].iter_rows(values_only=True)]
        found = [[cell or "" for cell in row] for row in read.get_sheet_by_name(name).to_python()]
        assert found == told


def test_no_cell_is_a_formula_or_an_error() -> None:
    sheet = openpyxl.Workbook().active
    squash._append(sheet, ("=1+1", "#N/A", 3))
    assert [cell.data_type for cell in sheet[1]] == ["s", "s", "n"]


def scenario(text):
    """The one scenario of a feature, as Cucumber runs it."""
    document = Parser().parse(text)
    (pickle,) = Compiler().compile({**document, "uri": "-"})
    assert document["feature"]["language"] == "fr"
    return document["feature"], pickle


def test_every_procedure_is_a_french_feature(tmp_path) -> None:
    folder = tmp_path / "features"
    assert cases.write("gherkin", folder, "") == len(KNOWN)
    assert {file.name for file in folder.iterdir()} == {f"{key}.feature" for key in KNOWN}
    for key, procedure in KNOWN.items():
        text = (folder / f"{key}.feature").read_text(encoding="utf-8")
        assert text.startswith("# language: fr\n")
        feature, pickle = scenario(text)
        assert feature["name"] == pickle["name"] == procedure.title
        assert [each["name"] for each in pickle["tags"]] == [f"@{key}"]
        acts = [each for each in pickle["steps"] if each["type"] == "Action"]
        ends = [each for each in pickle["steps"] if each["type"] == "Outcome"]
        for (reference, step), act, end in zip(of_steps(procedure), acts, ends, strict=True):
            assert act["text"] == f"l’adhérent fait « {step.title} » [{reference}]"
            assert act["argument"]["docString"]["content"] == step.do
            assert f"« {step.see} »" in end["text"]


def test_a_title_that_changes_leaves_the_reference() -> None:
    site = replace(REGISTRATION.steps[0], title="Autre titre", do="Autre chose.")
    renamed = replace(REGISTRATION, title="Autrement", steps=(site, *REGISTRATION.steps[1:]))
    _, before = scenario(gherkin._feature(REGISTRATION))
    _, after = scenario(gherkin._feature(renamed))
    assert re.findall(r"\[[\w.]+\]", str(before)) == re.findall(r"\[[\w.]+\]", str(after))
    assert before["tags"][0]["name"] == after["tags"][0]["name"]


def test_the_page_to_print_has_two_boxes_a_step(tmp_path) -> None:
    file = tmp_path / "deep" / "cas.html"
    cases.write("html", file, "")
    page = tree(file.read_text())
    boxes = [each.get("aria-label") for each in page.iter("input")]
    assert boxes == [f"{each}, {how}" for each in REFERENCES for how in ("réussi", "échec")]
    text = "".join(page.itertext()).replace("\u00a0", " ")
    for procedure in KNOWN.values():
        assert all(step.do in text and step.see in text for step in procedure)
    assert "http" not in file.read_text().replace("http-equiv", "")
