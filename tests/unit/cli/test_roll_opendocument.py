"""OpenDocument sheets: what their own text says beside their values."""

import re
import zipfile
from pathlib import Path

import pytest

from tests.workbooks import (
    ODS,
    TODAY,
    read,
    refusal,
    repack,
)
from webapp.cli.roll_files.opening import open_roll
from webapp.cli.roll_files.source import How


def ods(path: Path, cells: str) -> Path:
    """The sample workbook with rows of its own below a header of two columns."""
    with zipfile.ZipFile(ODS) as book:
        told = book.read("content.xml").decode()
    head = "".join(_text(name) for name in ("numero_adherent", "nom"))
    table = f"<table:table-row>{head}</table:table-row>{cells}</table:table>"
    told = re.sub(r"<table:table-row.*</table:table>", lambda _: table, told, flags=re.DOTALL)
    return repack(ODS, path, "content.xml", told)


def _text(told: str, more: str = "") -> str:
    return (
        f'<table:table-cell office:value-type="string"{more}><text:p>{told}</text:p>'
        "</table:table-cell>"
    )


def _row(*cells: str, repeated: int = 1) -> str:
    more = f' table:number-rows-repeated="{repeated}"' if repeated > 1 else ""
    return f"<table:table-row{more}>{''.join(cells)}</table:table-row>"


def _number(value: str, told: str) -> str:
    return (
        f'<table:table-cell office:value-type="float" office:value="{value}">'
        f"<text:p>{told}</text:p></table:table-cell>"
    )


@pytest.fixture
def page(tmp_path: Path) -> Path:
    return tmp_path / "roll.ods"


def test_zeros_that_an_opendocument_sheet_shows_are_kept(page: Path) -> None:
    numbers = (("200101", "00200101"), ("200102", "00 200 102"), ("7", "7"))
    rows = "".join(_row(_number(*each), _text("Zoé")) for each in numbers)
    assert [row[0] for row in read(ods(page, rows))] == ["00200101", "00200102", "7"]


def test_rows_that_a_filter_hides_in_an_opendocument_sheet_are_said(page: Path) -> None:
    hidden = _row(_text("2"), _text("Zoé")).replace("row>", 'row table:visibility="filter">', 1)
    empty = '<table:table-row table:visibility="collapse"><table:table-cell/></table:table-row>'
    with open_roll(ods(page, hidden + empty), How(TODAY)) as roll:
        assert any(note.startswith("1 ligne masquée, lue") for note in roll.told)


def test_empty_rows_repeated_to_the_end_of_the_sheet_cost_nothing(page: Path) -> None:
    empty = '<table:table-cell table:number-columns-repeated="16384"/>'
    rows = _row(_text("1"), _text("Zoé")) + _row(empty, repeated=1_048_574)
    assert read(ods(page, rows)) == [["1", "Zoé"]]


@pytest.mark.parametrize(("rows", "columns"), [(1_048_574, 1), (1, 16_000), (1_000_000, 16_000)])
def test_a_cell_repeated_over_the_sheet_is_refused_before_it_is_read(
    page: Path, rows: int, columns: int
) -> None:
    wide = _text("x", f' table:number-columns-repeated="{columns}"')
    said = refusal(ods(page, _row(_text("1"), _text("x"), *[wide] * 6, repeated=rows)))
    assert "colonnes" in said or "trop grand" in said


def test_an_opendocument_formula_without_its_result_is_refused(page: Path) -> None:
    cell = '<table:table-cell table:formula="of:=[.A1]"/>'
    assert "La cellule B2 contient une formule" in refusal(ods(page, _row(_text("1"), cell)))


def test_an_opendocument_error_is_seen(page: Path) -> None:
    error = _text("#N/A", ' calcext:value-type="error" table:formula="of:=NA()"')
    assert read(ods(page, _row(_text("1"), error)))[0][1] == "#N/A"


def test_merged_cells_of_an_opendocument_sheet_are_refused(page: Path) -> None:
    rows = _row(_text("1"), _text("Zoé", ' table:number-rows-spanned="2"')) + _row(
        _text("2"), "<table:covered-table-cell/>"
    )
    assert "Les cellules B2:B3 sont fusionnées" in refusal(ods(page, rows))


def test_an_opendocument_workbook_behind_a_password_is_refused(page: Path) -> None:
    manifest = "<manifest:manifest><manifest:encryption-data/></manifest:manifest>"
    assert "mot de passe" in refusal(repack(ODS, page, "META-INF/manifest.xml", manifest))
