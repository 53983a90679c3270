from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.models import RollEntry
from webapp.rules import credentials, roll_file, roll_values
from webapp.rules.roll_file import BadRow, RollRow, read_row
from webapp.rules.roll_headers import plan
from webapp.rules.roll_values import shown

TODAY = date(2026, 7, 1)
GOOD = {
    "numero_adherent": "00100234",
    "code_acces": "7K2M-9QXD-4HRT",
    "civilite": "Mme",
    "nom": "Lefèvre",
    "prenom": "Élodie",
    "date_naissance": "1984-03-17",
    "contrat": "Santé Confort",
    "date_adhesion": "01/02/2012",
}
HEADER = plan(list(GOOD)).header


def row(**cells: str) -> RollRow | BadRow:
    return read_row(HEADER, [{**GOOD, **cells}[name] for name in GOOD], TODAY)


def good(**cells: str) -> RollRow:
    found = row(**cells)
    assert isinstance(found, RollRow), found
    return found


def reason(**cells: str) -> str:
    found = row(**cells)
    assert isinstance(found, BadRow), found
    assert len(found.reasons) == 1
    return found.reasons[0]


# A good row


def test_a_good_row_says_what_the_roll_will_hold() -> None:
    assert good() == RollRow(
        number="00100234",
        number_key="00100234",
        access_code="7K2M9QXD4HRT",
        facts={
            "civility": "Mme",
            "last_name": "Lefèvre",
            "first_name": "Élodie",
            "contract": "Santé Confort",
            "birth_date": date(1984, 3, 17),
            "joined_on": date(2012, 2, 1),
        },
    )


def test_a_number_is_kept_as_written_with_its_leading_zeros() -> None:
    found = good(numero_adherent=" 00 1002-34 ")
    assert (found.number, found.number_key) == ("00 1002-34", "00100234")


@pytest.mark.parametrize(
    ("cell", "number", "key"),
    [
        ("00 200 101", "00 200 101", "00200101"),
        ("n° 00200102", "n° 00200102", "00200102"),
        ("00.200.103", "00.200.103", "00200103"),
        ("12345.0", "12345.0", "123450"),
        ("'00200101", "00200101", "00200101"),
        ('="00200102"', "00200102", "00200102"),
    ],
)
def test_a_number_is_read_as_mutuals_and_their_spreadsheets_write_it(
    cell: str, number: str, key: str
) -> None:
    found = good(numero_adherent=cell)
    assert (found.number, found.number_key) == (number, key)


@pytest.mark.parametrize("cell", ["'", "''", '=""', "2,00101E+11", "#REF!", "n°", "°12", "12 n° 3"])
def test_what_is_no_number_is_refused(cell: str) -> None:
    assert "numero_adherent" in reason(numero_adherent=cell)


@pytest.mark.parametrize("cell", ["'7K2M-9QXD-4HRT", '="7K2M9QXD4HRT"'])
def test_a_code_is_read_as_spreadsheets_write_it(cell: str) -> None:
    assert good(code_acces=cell).access_code == "7K2M9QXD4HRT"


def test_only_the_columns_that_the_file_has_are_said() -> None:
    found = read_row(plan(["numero_adherent", "nom"]).header, ["12", ""], TODAY)
    assert found == RollRow("12", "12", None, {"last_name": ""})


def test_empty_cells_are_empty_and_no_fault() -> None:
    found = good(**dict.fromkeys(set(GOOD) - {"numero_adherent"}, " "))
    assert found.access_code is None
    assert set(found.facts.values()) == {"", None}


def test_texts_are_trimmed_and_composed() -> None:
    assert good(nom="\u00a0 Lefe\u0300vre\t").facts["last_name"] == "Lefèvre"


def test_a_line_break_inside_a_text_is_read_as_a_space() -> None:
    assert good(contrat="Santé \r\n Confort\n").facts["contract"] == "Santé Confort"


def test_cells_past_the_header_are_forgiven_when_they_are_empty() -> None:
    header = plan(["numero_adherent", "nom"]).header
    assert isinstance(read_row(header, ["1", "Lefèvre", "", " "], TODAY), RollRow)


def test_a_row_does_not_show_its_access_code_when_it_is_printed() -> None:
    assert "7K2M9QXD4HRT" not in repr(good())


# Bad rows


@pytest.mark.parametrize("number", ["1,23E+11", "#N/A"])
def test_a_number_that_a_spreadsheet_lost_is_said_to_be_lost(number: str) -> None:
    assert "n’a pas gardé ce numéro" in reason(numero_adherent=number)


@pytest.mark.parametrize("number", ["AB*12", "é12", "1" * 33, "=1+1"])
def test_a_number_of_another_form_is_refused_with_its_value(number: str) -> None:
    assert reason(numero_adherent=number) == (
        f"numero_adherent « {number} » : attendu 1 à 32 lettres sans accent ou chiffres"
    )


def test_an_empty_number_is_refused() -> None:
    assert reason(numero_adherent=" ").startswith("numero_adherent vide : attendu")


@pytest.mark.parametrize(
    "day", ["31/02/1980", "1980-13-01", "1980-1", "0000-01-01", "hier", "1950-03-06T23:00:00Z"]
)
@pytest.mark.parametrize("column", ["date_naissance", "date_adhesion"])
def test_a_date_of_another_form_is_refused(column: str, day: str) -> None:
    assert reason(**{column: day}) == (
        f"{column} « {day} » : attendu une date qui existe, AAAA-MM-JJ ou JJ/MM/AAAA"
    )


@pytest.mark.parametrize("day", ["31/12/1899", "2026-07-02"])
def test_a_birth_before_1900_or_to_come_is_refused(day: str) -> None:
    assert "ni avant 1900 ni à venir" in reason(date_naissance=day)


@pytest.mark.parametrize("day", ["02/01/1900", "2026-07-01"])
def test_a_birth_from_1900_to_today_is_accepted(day: str) -> None:
    assert good(date_naissance=day).facts["birth_date"] in (date(1900, 1, 2), TODAY)


@pytest.mark.parametrize("code", ["12345", "é" * 12, "A" * 65, "ABC*DEF"])
def test_a_bad_access_code_is_refused_and_never_shown(code: str) -> None:
    assert reason(code_acces=code).startswith("code_acces (valeur non affichée) : attendu 6 à 64")
    assert code not in reason(code_acces=code)


@pytest.mark.parametrize("sign", ["\x07", "\x1b", "\x1c", "\x85", "\u2028", "\u202e", "\t"])
def test_a_control_character_in_a_text_is_refused_and_not_printed(sign: str) -> None:
    said = reason(nom=f"Du{sign}pont")
    assert said.startswith("nom « Du\ufffdpont » : attendu un texte sans caractère de contrôle")


@pytest.mark.parametrize(("column", "name", "room"), [(k, *v) for k, v in roll_file.TEXTS.items()])
def test_a_text_fills_its_column_and_is_never_cut(column: str, name: str, room: int) -> None:
    assert good(**{column: "é" * room}).facts[name] == "é" * room
    assert f"attendu {room} caractères au plus, il y en a {room + 1}" in reason(
        **{column: "é" * (room + 1)}
    )


def test_every_fault_of_a_row_is_said_at_once() -> None:
    found = row(numero_adherent="*", code_acces="1", date_naissance="x")
    assert isinstance(found, BadRow)
    assert [each.split()[0] for each in found.reasons] == [
        "numero_adherent",
        "code_acces",
        "date_naissance",
    ]


def test_a_bad_row_still_says_whose_it_is() -> None:
    assert row(date_naissance="x") == BadRow(
        ("date_naissance « x » : attendu une date qui existe, AAAA-MM-JJ ou JJ/MM/AAAA",),
        "00100234",
    )


@pytest.mark.parametrize("cells", [["1", "SECRET99"], [*GOOD.values(), "SECRET99"]])
def test_a_row_of_another_width_is_refused_without_showing_any_value(cells: list[str]) -> None:
    found = read_row(HEADER, cells, TODAY)
    assert isinstance(found, BadRow)
    assert f"{len(cells)} cellule(s), l’en-tête en a 8" in found.reasons[0]
    assert "SECRET99" not in found.reasons[0]


# Promises kept for any file


def test_the_room_of_each_text_is_that_of_its_table() -> None:
    columns = RollEntry.__table__.c
    rooms = {"number": roll_values.NUMBER_ROOM, **dict(roll_file.TEXTS.values())}
    assert rooms == {name: columns[name].type.length for name in rooms}  # type: ignore[attr-defined]


@given(st.lists(st.text(), min_size=8, max_size=8))
def test_any_cells_at_all_are_a_row_or_have_printable_reasons(cells: list[str]) -> None:
    found = read_row(HEADER, cells, TODAY)
    if isinstance(found, BadRow):
        assert found.reasons
        assert not any(credentials.has_control_characters(each) for each in found.reasons)
    else:
        texts = [each for each in (found.number, *found.facts.values()) if isinstance(each, str)]
        assert not any(credentials.has_control_characters(each) for each in texts)


def test_a_shown_value_is_short_and_harmless_in_a_terminal() -> None:
    assert shown("\x1b[2J" + "x" * 100) == "\ufffd[2J" + "x" * 55 + "…"


WHERE = plan(["numero_adherent", "adresse_2", "adresse_1", "statut", "date_deces"]).header


def where(*cells: str) -> RollRow | BadRow:
    return read_row(WHERE, ["1", *cells], TODAY)


def test_an_address_is_its_lines_in_their_order_without_those_that_say_nothing() -> None:
    found = where("31000 TOULOUSE", " 12 rue des Lilas ", "", "")
    assert isinstance(found, RollRow)
    assert found.facts["address"] == "12 rue des Lilas\n31000 TOULOUSE"
    alone = where("31000 TOULOUSE", "", "", "")
    assert isinstance(alone, RollRow) and alone.facts["address"] == "31000 TOULOUSE"


@pytest.mark.parametrize(
    ("status", "death", "stored"),
    [
        ("", "", "active"), ("actif", "", "active"), ("Partie", "", "left"),
        ("décédé", "", "deceased"), ("REFUS", "", "refused"), ("actif", "12/05/2025", "deceased"),
    ],
)  # fmt: skip
def test_a_status_is_read_as_people_write_it_and_a_day_of_death_says_it_too(
    status: str, death: str, stored: str
) -> None:
    found = where("", "", status, death)
    assert isinstance(found, RollRow) and found.facts["status"] == stored


def test_another_status_is_refused_with_those_there_are() -> None:
    found = where("", "", "radié ?", "")
    assert isinstance(found, BadRow)
    assert found.reasons == ("statut « radié ? » : attendu actif, parti, decede, refus ou rien",)


def test_a_cell_of_several_lines_is_as_many_lines_of_the_envelope() -> None:
    cells = ["1", "31000 TOULOUSE", "Chez Noé\r\n\r\n 12 rue des Lilas \n", "", ""]
    found = read_row(WHERE, cells, TODAY)
    assert isinstance(found, RollRow)
    assert found.facts["address"] == "Chez Noé\n12 rue des Lilas\n31000 TOULOUSE"


def test_more_lines_than_an_envelope_has_are_refused() -> None:
    found = read_row(WHERE, ["1", "31000 TOULOUSE", "\n".join("abcdef"), "", ""], TODAY)
    assert isinstance(found, BadRow)
    assert found.reasons == ("adresse de 7 lignes : attendu 6 au plus",)


def test_a_file_without_these_columns_says_nothing_of_them() -> None:
    assert not {"address", "status"} & set(good().facts)
