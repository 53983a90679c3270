from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

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
