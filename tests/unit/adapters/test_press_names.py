"""Names and addresses as rolls have them: printed as written, or listed and not printed."""

import pytest

from tests.paper import ODILE, our_press, printed, sheet, texts
from webapp.adapters import press_room, press_sheets
from webapp.services.letters.sheets import Addressee


def lives(*lines: str, last: str = "Exemple", first: str = "Odile", number: str = "1") -> Addressee:
    return Addressee(number, "", last, first, "\n".join(lines))


@pytest.mark.parametrize(
    ("last", "first"),
    [
        ("Exemple", ""),
        ("=1+1", ""),
        ("*gras* _it_ #let x = 1", "$a$"),
        ("@ref <label> // rien", '~ \\ `x` "y" -- ...'),
        ("{good_until} {name}", ""),
        ("Nguyễn", "Thị Hà"),
        ("Đặng", "Ưu"),
        ("Łukasiewicz", "Žofie"),
        ("D’Hérouville-Ÿ", "Œdipe"),
        ("Παπαδόπουλος", "Ελένη"),
        ("Иванова", "Ольга"),
    ],
)
def test_a_name_is_printed_as_written(last: str, first: str):
    to = lives("1 RUE DES LILAS", "01000 EXEMPLE", last=last, first=first)
    assert our_press().unfit([to]) == {}
    page = texts(printed(sheet(to)))[0].split("\n")
    assert f"Bonjour {to.name}," in page
    assert to.name in page


@pytest.mark.parametrize("name", ["كريم", "דוד"])
def test_a_name_written_from_right_to_left_is_printed(name: str):
    to = lives("1 RUE DES LILAS", "01000 EXEMPLE", last=name, first="")
    assert our_press().unfit([to]) == {}
    assert name in texts(printed(sheet(to)))[0]


@pytest.mark.parametrize(
    ("line", "last", "first"),
    [
        ("M GAEL D HEROUVILLE", "D’Hérouville", "Gaël"),
        ("MME NGUYEN THI HA", "Nguyễn", "Thị Hà"),
        ("O. EXEMPLE", "Exemple", "Odile"),
        ("Dang Uu", "Đặng", "Ưu"),
        ("FAMILLE MARTIN", "Martin", "Odile"),
        ("EXEMPLE", "Exemple", ""),
        ("=1+1", "=1+1", ""),
        ("***", "***", ""),
    ],
)
def test_the_roll_s_lines_are_the_envelope_when_they_begin_with_the_name(
    line: str, last: str, first: str
):
    to = lives(line, "7 CHEMIN DES VIGNES", last=last, first=first)
    assert press_room.block(to) == [line, "7 CHEMIN DES VIGNES"]


@pytest.mark.parametrize(
    ("line", "last", "first"),
    [
        ("CHEZ MME MARTIN", "Exemple", "Odile"),
        ("12 RUE ROYALE", "Roy", "Jean"),
        ("RESIDENCE LE ROY", "Roy", "Jean"),
        ("12 RUE LE CORBUSIER", "Lê", "Minh"),
        ("1 RUE DES LILAS", "***", ""),
    ],
)
def test_the_name_stands_above_an_address_that_begins_otherwise(line: str, last: str, first: str):
    to = lives(line, "01000 EXEMPLE", last=last, first=first)
    assert press_room.block(to) == [to.name, line, "01000 EXEMPLE"]


@pytest.mark.parametrize(
    ("to", "why"),
    [
        (lives(*"ABCDEF"), "7 lignes"),
        (lives("ODILE EXEMPLE", "W" * 60), "ligne trop longue"),
        (lives("1 RUE", last="X" * 200), "trop long"),
        (lives("ODILE EXEMPLE", last="Exemple" + " de Trop" * 24), "trop long"),
        (lives("ODILE EXEMPLE 𒀀"), "« 𒀀 » (U+12000)"),
        (lives("ODILE EXEMPLE", first="👵"), "(U+1F475)"),
        (lives("ODILE EXEMPLE", number="9Ж"), "« Ж »"),
    ],
)
def test_what_would_be_cut_is_listed_and_not_printed(to: Addressee, why: str):
    assert why in our_press().unfit([ODILE, to])[1]
    with pytest.raises(ValueError, match=r"."):
        printed(sheet(to))


def test_six_lines_of_38_capitals_fit():
    to = lives("MME ODILE EXEMPLE", *["RESIDENCE DES GRANDS MARRONNIERS BAT B"] * 5)
    assert our_press().unfit([to]) == {}


def test_a_number_is_shown_in_groups_of_three_or_four():
    groups = {"9": [1], "1234": [4], "00100234": [4, 4], "123456789": [3, 3, 3]}
    groups |= {"12345": [3, 2], "1234567": [3, 4], "1234567890": [3, 3, 4]}
    assert {number: press_sheets.groups(number) for number in groups} == groups
