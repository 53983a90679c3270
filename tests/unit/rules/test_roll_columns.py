"""Reading by the column says what reading row by row says, or leaves it to that."""

from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from webapp.rules import credentials
from webapp.rules.roll_columns import RollColumns, of_rows, read_columns
from webapp.rules.roll_file import ADDRESS, RollRow, read_row
from webapp.rules.roll_headers import plan

TODAY = date(2026, 7, 1)
_FIRST = ["numero_adherent", "code_acces", "civilite", "nom", "prenom", "contrat"]
_LAST = ["date_naissance", "date_adhesion", "adresse_1", "adresse_2", "statut", "date_deces"]
HEADER = plan([*_FIRST, *_LAST]).header
WHERE = ("12 rue des Lilas", "31000 TOULOUSE", "", "")
GOOD = ("00100234", "7K2M-9QXD-4HRT", "Mme", "Lefèvre", "Élodie", "Santé", "1984-03-17", "", *WHERE)

SIGNS = st.text("aZ9OIl0é\u0301 \u00a0\t\n\r-._/’\u200b\x1c\x85\u2028ﬁ", max_size=8)
NUMBERS = st.one_of(
    st.sampled_from(["1", "0O2", "a-3", "x" * 33, " 7 ", "١", "'07", "n° 7"]), SIGNS
)
CODES = st.one_of(st.sampled_from(["", "7K2M-9QXD-4HRT", "abcdeo", "-", "short", "éééééé"]), SIGNS)
DAYS = st.sampled_from(
    ["", " ", "1984-03-17", "01/02/2012", "30/02/2012", "1899-12-31", "2026-07-02", "x"]
)
STATUSES = st.sampled_from(["", "actif", " Décédée ", "parti", "refus", "autre"])
ROWS = st.lists(
    st.tuples(
        *(NUMBERS, CODES, SIGNS, SIGNS, SIGNS, SIGNS, DAYS, DAYS, SIGNS, SIGNS, STATUSES, DAYS)
    ),
    min_size=1,
    max_size=6,
)


SEVEN = plan(["numero_adherent", *ADDRESS, "ville"]).header


@pytest.mark.parametrize(
    ("lines", "address"),
    [(("1 rue X", "", "", "", "", ""), "1 rue X\nNANTES"), (tuple("abcdef"), None)],
)
def test_a_town_below_six_lines_has_room_where_one_says_nothing(
    lines: tuple[str, ...], address: str | None
) -> None:
    cells = ["1", *lines, "NANTES", "NANTES"]  # the last as the file's reader adds it
    columns = read_columns(SEVEN, [cells], TODAY)
    found = read_row(SEVEN, cells, TODAY)
    assert (columns and columns.facts["address"][0]) == address
    assert (isinstance(found, RollRow) and found.facts["address"]) == (address or False)


def by_row(rows: list[tuple[str, ...]]) -> RollColumns | None:
    read = [read_row(HEADER, row, TODAY) for row in rows]
    good = [row for row in read if isinstance(row, RollRow)]
    return of_rows(good) if len(good) == len(rows) else None


def lists(columns: RollColumns | None) -> object:
    return columns and (
        list(columns.numbers),
        list(columns.identities),
        list(columns.number_keys),
        list(columns.access_codes),
        {name: list(column) for name, column in columns.facts.items()},
    )


@given(ROWS)
@example([("1", *[""] * 8, "\r", "", "")])
@example([("1", *[""] * 7, "1 rue Haute\nBât. B", "31000 TOULOUSE", "", "")])
@settings(max_examples=500)
def test_whatever_a_file_holds_both_ways_say_the_same(rows: list[tuple[str, ...]]) -> None:
    assert lists(read_columns(HEADER, rows, TODAY)) == lists(by_row(rows))


@given(st.lists(st.one_of(CODES, st.text(max_size=12)), min_size=1, max_size=5))
def test_codes_read_together_are_those_read_alone(texts: list[str]) -> None:
    together = credentials.access_codes(texts)
    assert together is None or together == [credentials.access_code(text) for text in texts]


def test_good_rows_are_read_by_the_column() -> None:
    rows = [
        GOOD,
        ("00100235", "ABCD-EFGH-JKMN", "M.", "Gâteau", "Noé", "Santé", "", "01/02/2012", *WHERE),
    ]
    read = read_columns(HEADER, rows, TODAY)
    assert read is not None
    assert read.row(1) == read_row(HEADER, rows[1], TODAY)


@pytest.mark.parametrize("width", [11, 13])
def test_rows_that_slid_are_read_one_by_one(width: int) -> None:
    assert read_columns(HEADER, [GOOD, (*GOOD, "x")[:width]], TODAY) is None
