"""What makes a row a total, a cell an error, two numbers alike, a change surprising."""

import pytest

from webapp.rules.roll_guards import (
    GUARDS,
    Hit,
    clear_length,
    is_error,
    is_total,
    is_total_row,
    loose,
    surprising,
)

TOTALS = (
    "TOTAL", "Total :", "Totaux", "Sous-total", "TOTAL GÉNÉRAL", "Total adhérents : 8", "Somme",
    "80 000 adhérents", "80000 adherents", "12 lignes", "Nombre d’adhérents", "Effectif 2026",
    "Fin", "FIN DE FICHIER", "Page 3 / 12", "Fichier des adhérents au 28/11/2026", "Nb : 8",
)  # fmt: skip
NUMBERS = ("00200101", "A12", "TOTALIS", "NB 0012", "FIN001", "12 345", "LISTEX")


def test_titles_and_totals_are_told_from_numbers() -> None:
    assert [each for each in TOTALS if not is_total(each)] == []
    assert [each for each in NUMBERS if is_total(each)] == []


def test_a_member_whose_name_is_a_total_s_word_is_a_member() -> None:
    assert not is_total_row("00200101", ["M.", "TOTAL", "Jean", "1950-01-01"])
    assert is_total_row("8", ["", "TOTAL", ""])
    assert is_total_row("", ["TOTAL", "8"])
    assert not is_total_row("", ["Martin", "Jean"])


ERRORS = ("#N/A", " #REF! ", "#VALEUR!", "#nom?", "Err:502", "#DIV/0!", "########", "2,00101E+11")


def test_what_a_spreadsheet_shows_for_want_of_a_value_is_known() -> None:
    assert [each for each in ERRORS if not is_error(each)] == []
    assert not any(map(is_error, ("", "N/A", "Dupont", "#12", "12E34", "n° 3", "Erreur")))


@pytest.mark.parametrize(
    "written",
    ["200101", "00200101.0", "200101.000", "00.200.101", "OO2OO1O1", "0020010I", "N°00200101",
     "Nº00200101", "００２００１０１"],
)  # fmt: skip
def test_numbers_that_look_alike_have_a_rest_in_common(written: str) -> None:
    assert loose("00200101") == ("200101",)
    assert "200101" in loose(written)


def test_a_decimal_part_may_be_one_or_the_end_of_the_number() -> None:
    assert loose("12345.0") == ("123450", "12345")
    assert loose("0.0") == ("",)


def test_numbers_that_differ_have_no_rest_in_common() -> None:
    assert len({loose(each) for each in ("123450", "12345", "A12345", "123451", "10")}) == 5


@pytest.mark.parametrize(
    ("lengths", "clear"),
    [
        ({8: 100}, 8),
        ({8: 95, 6: 5}, 8),
        ({8: 94, 6: 6}, None),
        ({8: 4}, None),
        ({}, None),
        ({1: 9, 2: 90, 3: 201}, None),
    ],
)
def test_a_roll_has_one_length_when_almost_all_have_it(
    lengths: dict[int, int], clear: int | None
) -> None:
    assert clear_length(lengths) == clear


def test_few_are_no_surprise_and_neither_is_a_twentieth() -> None:
    assert surprising(10, 100)
    assert not surprising(9, 10)
    assert not surprising(5_000, 100_000)
    assert surprising(5_001, 100_000)


@pytest.mark.parametrize("word", GUARDS)
def test_a_guard_says_how_many_which_ones_and_how_to_go_on(word: str) -> None:
    told = Hit(word, 80_000, ("« un »", "« deux »")).sentence
    assert "\u00a0: 80\u00a0000 («\u00a0un\u00a0»\u00a0; «\u00a0deux\u00a0»). " in told
    assert told.endswith(f" --accept {word}.")
    assert "\n" not in told
