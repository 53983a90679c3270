import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from webapp.cli.roll_files.faults import RollFileFault
from webapp.cli.roll_files.opening import SIZE_MAX, open_roll
from webapp.cli.roll_files.source import How
from webapp.cli.roll_files.text_encoding import ROW_MAX

HOW = How(date(2026, 11, 29))
GOOD = "numero_adherent;nom\n001;Lefèvre\n002;Gâteau\n"
Rows = list[tuple[int, Sequence[str] | None]]


def read(path: Path, content: str | bytes) -> Rows:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with open_roll(path, HOW) as roll:
        return list(roll.rows())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "roll.csv"


def refusal(path: Path, content: str | bytes) -> str:
    with pytest.raises(RollFileFault) as refused:
        read(path, content)
    return str(refused.value)


# What spreadsheets write


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("separator", [";", ","])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_files_of_any_spreadsheet_are_read(
    path: Path, encoding: str, separator: str, ending: str
) -> None:
    text = GOOD.replace(";", separator).replace("\n", ending).replace("Lefèvre", "L’Œuvré")
    assert read(path, text.encode(encoding)) == [(2, ["001", "L’Œuvré"]), (3, ["002", "Gâteau"])]


def test_an_accent_far_into_the_file_still_tells_its_encoding(path: Path) -> None:
    text = GOOD + f"1;{'x' * 1000}\n" * 3000 + "9;Noé\n"
    assert read(path, text.encode("cp1252"))[-1] == (3004, ["9", "Noé"])


def test_a_letter_cut_by_the_end_of_a_block_is_read_whole(path: Path) -> None:
    text = "numero_adherent;nom\n" + "1;ééé\n" * 250_000
    assert {cells[1] for _, cells in read(path, text) if cells} == {"ééé"}


def test_the_separator_is_the_one_that_sets_the_number_apart(path: Path) -> None:
    assert read(path, "nom,a;b,numero_adherent\nx,y,1\n") == [(2, ["x", "y", "1"])]


def test_a_single_column_needs_no_separator(path: Path) -> None:
    assert read(path, "numero_adherent\n1\n") == [(2, ["1"])]


def test_blank_lines_are_skipped(path: Path) -> None:
    text = "\n\nnumero_adherent;nom\n\n1;a\n;\n \n2;b\n\n"
    assert read(path, text) == [(5, ["1", "a"]), (8, ["2", "b"])]


def test_a_row_is_named_by_the_line_on_which_it_starts(path: Path) -> None:
    text = 'numero_adherent;nom\n1;"a\r\n\nb"\n2;b\n'
    assert read(path, text) == [(2, ["1", "a\r\n\nb"]), (5, ["2", "b"])]


def test_how_far_the_reading_went_is_known(path: Path) -> None:
    path.write_text(GOOD)
    with open_roll(path, HOW) as roll:
        assert list(roll.rows())
        assert roll.position() == roll.size == len(GOOD.encode())


# Encodings


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "cp850", "mac_roman"])
@pytest.mark.parametrize("separator", [";", "\t"])
def test_other_encodings_are_told_by_their_bytes_or_their_names(
    path: Path, encoding: str, separator: str
) -> None:
    text = GOOD.replace(";", separator).replace("Gâteau", "Élodie Noël")
    assert read(path, text.encode(encoding)) == [
        (2, ["001", "Lefèvre"]),
        (3, ["002", "Élodie Noël"]),
    ]


def told(path: Path, content: str | bytes, how: How = HOW) -> str:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with open_roll(path, how) as roll:
        return " ".join(roll.told)


def test_the_encoding_and_three_names_are_said(path: Path) -> None:
    many = "".join(f"{n};Martin;Jean\n" for n in range(3_000))
    text = f"numero_adherent;nom;prenom\n{many}x;Lefèvre;Zoé\ny;Noël;Ève\n"
    assert told(path, text.encode("cp1252")) == (
        "Fichier lu : Windows-1252, séparateur « ; ». "
        "Noms lus : Zoé Lefèvre, Ève Noël, Jean Martin."
    )


def test_a_header_of_which_one_name_is_known_is_no_member_s_name(path: Path) -> None:
    how = replace(HOW, columns={"numero_adherent": "Réf."})
    assert "Noms lus : Zoé." in told(path, "Réf.;Nom de famille\n1;Zoé\n", how)


def test_a_line_of_another_encoding_in_a_file_of_utf_8_is_named(path: Path) -> None:
    text = GOOD.encode() + "3;Éloïse\n".encode("cp1252") + "4;Zoé\n".encode()
    assert "Ce fichier est en UTF-8, mais la ligne 4 a des signes" in refusal(path, text)


DOUBTFUL = "numero_adherent;nom\n1;DELAÔVE\n".encode("cp850")


def test_a_doubt_stops_with_the_same_names_in_each_reading(path: Path) -> None:
    said = refusal(path, DOUBTFUL)
    assert "L’encodage de ce fichier n’est pas sûr, et rien n’a été importé" in said
    assert "--encoding cp850 : DELAÔVE" in said
    assert "--encoding windows-1252 : DELAâVE" in said


def test_the_operator_s_word_settles_a_doubt(path: Path) -> None:
    path.write_bytes(DOUBTFUL)
    with open_roll(path, replace(HOW, encoding="CP850")) as roll:
        assert list(roll.rows()) == [(2, ["1", "DELAÔVE"])]


@pytest.mark.parametrize(
    ("encoding", "said"),
    [("utf-8", "n’est pas en utf-8"), ("klingon", "attendu un de utf-8, utf-16, windows-1252")],
)
def test_an_encoding_that_can_t_be_is_refused(path: Path, encoding: str, said: str) -> None:
    path.write_bytes(DOUBTFUL)
    with (
        pytest.raises(RollFileFault, match=said),
        open_roll(path, replace(HOW, encoding=encoding)),
    ):
        pass


def test_a_file_of_two_bytes_a_sign_that_is_cut_in_a_sign_is_refused(path: Path) -> None:
    assert "abîmé" in refusal(path, GOOD.encode("utf-16")[:-1])


def test_a_sheet_is_chosen_of_workbooks_only(path: Path) -> None:
    path.write_text(GOOD)
    with (
        pytest.raises(RollFileFault, match="--sheet ne sert qu’aux classeurs"),
        open_roll(path, replace(HOW, sheet="x")),
    ):
        pass


def test_a_doubt_about_cells_that_are_no_names_shows_these_cells(path: Path) -> None:
    said = refusal(path, "numero_adherent;nom;contrat\n1;Martin;DELAÔVE\n".encode("cp850"))
    assert "--encoding cp850 : DELAÔVE" in said
    assert "--encoding windows-1252 : DELAâVE" in said


CELLS = st.text("aZé'ÔœЖ09 ;,\t|\"\n-", max_size=12).map(str.strip).map("x".__add__)


@given(
    st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=8),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le"]),
    st.sampled_from([";", ",", "\t", "|"]),
    st.booleans(),
)
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_any_spreadsheet_writes_is_what_is_read(
    path: Path, rows: list[tuple[str, str]], encoding: str, separator: str, quoted: bool
) -> None:
    text = io.StringIO()
    quoting = csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL
    writer = csv.writer(text, delimiter=separator, quoting=quoting)
    writer.writerows([("nom", "numero_adherent", "contrat"), *((a, "1", b) for a, b in rows)])
    found = read(path, text.getvalue().encode(encoding))
    assert [cells for _, cells in found] == [[a, "1", b] for a, b in rows]


# Headers and rows


def test_a_line_that_names_the_separator_is_obeyed_and_counted(path: Path) -> None:
    assert read(path, f"sep=|\r\n{GOOD}".replace(";", "|")) == [
        (3, ["001", "Lefèvre"]),
        (4, ["002", "Gâteau"]),
    ]
    quoted = f'"sep=,"\r\n{GOOD}'.replace(";", ",")
    assert "Noms lus : Lefèvre, Gâteau." in told(path, quoted.encode("utf-8-sig"))
    assert "annonce le séparateur « : »" in refusal(path, f"sep=:\n{GOOD}")


def test_a_title_is_passed_and_said(path: Path) -> None:
    said = told(path, f"Liste;\n;\n{GOOD}")
    assert "Ligne 1 passée, au-dessus de l’en-tête : « Liste »." in said
    assert "En-tête trouvé à la ligne 3." in said
    assert read(path, f"Liste;\n;\n{GOOD}")[0] == (4, ["001", "Lefèvre"])


def test_a_header_below_the_twentieth_row_is_none(path: Path) -> None:
    assert "n’a pas d’en-tête" in refusal(path, "x;y\n" * 20 + GOOD)


def test_last_cells_that_are_missing_after_the_names_are_empty(path: Path) -> None:
    text = "numero_adherent;nom;contrat;date_naissance\n1;a\n2\n3;c;d;;;\n4;a;b;;;x\n"
    assert [cells for _, cells in read(path, text)] == [
        ["1", "a", "", ""],
        ["2"],
        ["3", "c", "d", ""],
        ["4", "a", "b", "", "", "x"],
    ]


def test_a_whole_column_that_is_no_date_is_one_sentence(path: Path) -> None:
    text = "numero_adherent;date_naissance\n" + "1;18329\n" * 500
    said = refusal(path, text)
    assert "500 ligne(s) comme « 18329 »" in said
    assert "mettez la colonne au format date" in said


# Broken quotes


def test_quotes_inside_quotes_that_are_not_doubled_spoil_their_row_only(path: Path) -> None:
    assert read(path, f'{GOOD}3;"Jean "dit" X"\n4;d\n')[2:] == [(4, None), (5, ["4", "d"])]


def test_a_quote_that_swallows_the_next_line_stops_the_reading(path: Path) -> None:
    assert "ligne 4 n’a pas de fin" in refusal(path, f'{GOOD}3;"Jean\n4;"Paul"\n5;x\n')


def test_a_quote_that_nobody_closes_is_told_where_it_opens(path: Path) -> None:
    assert "ligne 4 n’a pas de fin" in refusal(path, f'{GOOD}3;"Jean\n' + "4;Paul\n" * 50_000)


def test_a_line_without_end_is_not_read_whole(path: Path) -> None:
    assert "ligne 2 n’a pas de fin" in refusal(path, "numero_adherent\n" + "1" * (ROW_MAX + 1))


# Files that are not a roll


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Le fichier est vide."),
        (b"\xef\xbb\xbf\r\n\r\n", "Le fichier est vide."),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "est une image"),
        (b"numero_adherent\n1\0\n", "n’est ni un texte ni un classeur"),
        (b"numero_adherent\n\xe9\x81\n", "L’encodage de ce fichier n’est pas sûr"),
        (b"nom;prenom\na;b\n", "En-tête trouvé : « nom;prenom »"),
        (b"numero_adherent;nom;NOM\n1;a;b\n", "figure deux fois"),
    ],
)
def test_what_is_not_a_roll_is_refused_in_a_sentence(path: Path, content: bytes, said: str) -> None:
    assert said in refusal(path, content)


def test_a_nul_at_the_end_of_a_long_file_is_found_before_anything_is_read(path: Path) -> None:
    path.write_bytes(GOOD.encode() + b"1;x\n" * 600_000 + b"\0")
    with pytest.raises(RollFileFault, match="ni un texte ni un classeur"), open_roll(path, HOW):
        pass


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    for path, said in ((tmp_path / "no.csv", "n’existe pas"), (tmp_path, "n’est pas un fichier")):
        with pytest.raises(RollFileFault, match=said), open_roll(path, HOW):
            pass


def test_a_file_of_more_than_200_mb_is_refused(path: Path) -> None:
    path.write_text(GOOD)
    with path.open("ab") as file:
        file.truncate(SIZE_MAX + 1)
    with pytest.raises(RollFileFault, match="dépasse 200 Mo"), open_roll(path, HOW):
        pass
