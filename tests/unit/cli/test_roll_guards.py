"""A file that looks wrong as a whole stops the import, until somebody says that it is right."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from tests.good_rolls import HEAD, Run, good, members, row, words
from webapp.models import JournalEntry, RollEntry, RollImport
from webapp.rules.roll_guards import GUARDS

HITS = {
    "a lost letter": ("noms", [row(300, last="Lef?vre;Zoé")]),
    "a replacement sign": ("noms", [row(300, last="Lef\ufffdvre;Zoé")]),
    "text encoded twice": ("noms", [row(300, last="Martin;HÃ©lÃ¨ne")]),
    "CP850 read as Windows-1252": ("noms", [row(300, last="Martin;H‚lŠne")]),
    "Mac Roman read as Windows-1252": ("noms", [row(300, last="Martin;GŽrard")]),
    "Latin-9 read as Latin-1": ("noms", [row(300, last="¼UVRARD;Zoé")]),
    "an invisible sign": ("noms", [row(300, last="Mar\u200btin;Zoé")]),
    "nobody": ("noms", [row(300, last=";")]),
    "zeros left out": ("numeros", [row(300, number="200001")]),
    "a decimal part": ("numeros", [row(300, number="00200001.0")]),
    "a decimal part and no zeros": ("numeros", [row(300, number="200001.00")]),
    "a separator": ("numeros", [row(300, number="00-200-001")]),
    "a letter O": ("numeros", [row(300, number="OO200001")]),
    "a letter I": ("numeros", [row(300, number="0020000I")]),
    "two new ones": ("numeros", [row(300, number="00A1"), row(301, number="A1")]),
    "another length": ("longueur", [row(300, number="002003000")]),
    "a total": ("total", ["TOTAL;;;;;301 adhérents;"]),
    "a total without a number": ("total", [";;;TOTAL;;;301"]),
    "a count": ("total", ["80 000 adhérents;;;;;;"]),
    "a count without an accent": ("total", ["80000 adherents;;;;;;"]),
    "a title": ("total", ["Fichier des adhérents au 28/11/2026;;;;;;"]),
    "the header again": ("total", [HEAD]),
    "the header again, as clerks write it": ("total", ["N° adhérent;;Civ.;Nom;Prénom;Né(e) le;"]),
    "one code for two": ("codes", [row(at, code="7K2M-9QXD-4HRT") for at in (300, 301)]),
    "one birth date": ("naissance", [row(at, born="1970-01-01") for at in range(300, 330)]),
    "an error value": ("erreurs", [row(300, last="#N/A;Zoé")]),
    "an error of LibreOffice": ("erreurs", [row(300, last="Martin;Err:502")]),
    "a number in short": ("erreurs", [row(300, number="2.00101E11")]),
}


@pytest.mark.parametrize("case", HITS)
def test_a_file_that_looks_wrong_stops_until_it_is_accepted(
    run: Run, engine: Engine, case: str
) -> None:
    word, rows = HITS[case]
    refused = run([*good(), *rows])
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert word in words(refused)
    assert members(engine) == 0
    accepted = [option for each in words(refused) for option in ("--accept", each)]
    assert run([*good(), *rows], "--dry-run", *accepted).exit_code == 0
    done = run([*good(), *rows], *accepted)
    assert done.exit_code == 0
    assert members(engine) == 300 + (0 if word == "total" else len(rows))
    with engine.connect() as connection:
        kept = connection.scalars(select(RollImport.accepted)).one()
        facts = connection.scalars(select(JournalEntry.facts)).one()
    assert kept == words(refused)
    assert facts["accepted"] == ", ".join(kept)


NUMBERS_KNOWN = (
    "200001", "00200001.0", "0020000.1", "00.200.001", "OO200001", "0020000I", "Nº 00200001",
    "200001.000", "００２００００１",
)  # fmt: skip


@pytest.mark.parametrize("number", NUMBERS_KNOWN)
def test_a_new_number_that_looks_like_a_known_one_stops(
    run: Run, engine: Engine, number: str
) -> None:
    assert run(good()).exit_code == 0
    refused = run([row(1, number=number)])
    assert refused.exit_code == 1
    assert "numeros" in words(refused)
    assert "00200001" in refused.stderr
    assert members(engine) == 300


@pytest.mark.parametrize("known", ["123450", "12345"])
def test_a_decimal_part_reaches_neither_number_it_may_be(
    run: Run, engine: Engine, known: str
) -> None:
    theirs, other = row(1, number=known), row(2, number="12345.0")
    assert words(run([theirs, other])) == ["numeros"]
    assert run([theirs]).exit_code == 0
    assert words(run([other])) == ["numeros"]
    assert run([other], "--accept", "numeros").exit_code == 0
    assert run([theirs.replace("Santé", "Prévoyance")]).exit_code == 0
    with engine.connect() as connection:
        asked = select(RollEntry.number, RollEntry.last_name, RollEntry.contract)
        entries = {number: tuple(rest) for number, *rest in connection.execute(asked)}
    assert entries == {
        known: ("GÂTEAU", "Prévoyance Confort"),
        "12345.0": ("D’Hérouville", "Santé Confort"),
    }


def test_a_first_roll_of_numbers_with_a_decimal_part_stops(run: Run) -> None:
    rows = [row(at, number=f"{200_000 + at}.0") for at in range(300)]
    assert words(run(rows)) == ["erreurs"]
    assert run(rows, "--accept", "erreurs").exit_code == 0
    assert run([*rows, row(300, number="200300.0")]).exit_code == 0


def test_numbers_that_were_accepted_stop_no_later_import(run: Run) -> None:
    rows = [*good(), row(1, number="200001")]
    assert run(rows, "--accept", "numeros", "--accept", "longueur").exit_code == 0
    assert run(rows).exit_code == 0
    assert run([*rows, row(300)]).exit_code == 0


@pytest.mark.parametrize("codes", [False, True])
def test_a_good_file_of_varied_members_never_stops(run: Run, engine: Engine, codes: bool) -> None:
    rows = [row(at, code=f"7K2M9QXD{at:04d}" if codes else "") for at in range(300)]
    assert run(rows).exit_code == 0
    assert run(rows).exit_code == 0
    month = [*rows[:150], *rows[152:], row(300), row(301), row(302)]
    changed = [each.replace("Santé Confort", "Prévoyance") for each in month]
    assert run(changed, "--whole").exit_code == 0
    assert members(engine) == 303


NEAR_MISSES = {
    "numbers of many lengths": [row(at, number=str(at + 1)) for at in range(300)],
    "letters in numbers": [row(at, number=f"A{at:05d}BIO") for at in range(300)],
    "dashes in numbers": [row(at, number=f"{at:04d}-{at % 97:02d}") for at in range(300)],
    "an unknown birth date": [row(at, born="1900-01-01") for at in range(300)],
    "no birth date": [row(at, born=" ") for at in range(300)],
    "twenty born on a day": [row(at, born="1970-01-01" if at < 20 else "") for at in range(300)],
    "a member named Total": [*good(), row(300, last="TOTAL;Jean")],
    "a number with an E": [row(at, number=f"{at:04d}E{at % 90 + 10}") for at in range(300)],
    "a hash sign in a contract": [each + " n° #3" for each in good()],
    "a few on a small roll": [row(at) for at in range(9)],
}


@pytest.mark.parametrize("case", NEAR_MISSES)
def test_what_may_well_be_right_does_not_stop(run: Run, case: str) -> None:
    result = run(NEAR_MISSES[case])
    assert (result.exit_code, words(result)) == (0, [])


def test_all_that_looks_wrong_is_told_at_once_with_three_examples(run: Run) -> None:
    rows = [*(row(300 + at, last=f"Lef?vre{at};Zoé") for at in range(5)), row(9, number="200009")]
    refused = run([*good(), *rows], "--dry-run")
    assert words(refused) == ["noms", "numeros", "longueur"]
    told = refused.stderr.replace("\u00a0", " ").splitlines()
    [names] = [line for line in told if line.startswith("Noms mal lus")]
    assert "Noms mal lus, ou vides : 5 (ligne 302 : « Lef?vre0 » ; ligne 303" in names
    assert names.count("ligne") == 3
    some = run([*good(), *rows], "--accept", "noms", "--accept", "numeros")
    assert words(some) == ["longueur"]


def test_bad_rows_and_guards_are_told_together(run: Run) -> None:
    refused = run([*good(), row(300, born="hier"), row(301, last="Lef?vre;Zoé")])
    assert words(refused) == ["noms"]
    assert "ligne 302" in refused.stderr
    kept = run([*good(), row(300, born="hier"), row(301, last="Lef?vre;Zoé")], "--keep-good")
    assert (kept.exit_code, words(kept)) == (1, ["noms"])


def test_no_access_code_is_shown(run: Run) -> None:
    refused = run([*good(), row(300, code="7K2M9QXD4HRT"), row(301, code="7K2M9QXD4HRT")])
    assert words(refused) == ["codes"]
    assert "7K2M" not in refused.output
    assert "lignes 302 et 303" in refused.stderr


def test_an_unknown_word_is_told_with_those_that_there_are(run: Run, engine: Engine) -> None:
    refused = run(good(), "--accept", "tout")
    assert refused.exit_code == 2
    assert all(word in refused.stderr for word in ("tout", *GUARDS))
    assert members(engine) == 0


def test_letters_of_a_first_reading_are_forgotten_by_the_second(run: Run, tmp_path: Path) -> None:
    letters = tmp_path / "letters.csv"
    rows = good(1_200)
    assert run([*rows, rows[0]], "--letters", str(letters)).exit_code == 0
    raw = letters.read_bytes()
    assert (raw.count(b"\xef\xbb\xbf"), raw.count(b"numero_adherent"), len(raw.splitlines())) == (
        1, 1, 1_201,
    )  # fmt: skip
