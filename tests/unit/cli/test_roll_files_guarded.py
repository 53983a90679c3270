"""The files of tests/data/rolls, imported: wrong ones stop and say why, good ones do not."""

from collections.abc import Callable

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import Engine, select

from webapp.models import RollEntry
from webapp.settings import ROOT

FOLDER = ROOT / "tests" / "data" / "rolls"
Run = Callable[..., Result]
STOPPED = {  # by these guards
    "06_titre_et_total.xlsx": ["total"],
    "06_titre_et_total__lo_utf8_pv.csv": ["total"],
    "07_total.xlsx": ["total"],
    "07_total__lo_utf8_pv.csv": ["total"],
    "24c_doublon_zeros.csv": ["numeros"],
    "50_nom_manquant.csv": ["noms"],
}
REFUSED = {  # for rows or for the whole file, with these words
    "24b_doublon_different.csv": ["ligne 2", "ligne 4", "LEFÈVRE", "DURAND"],
    "32_scientifique.csv": ["2,00101E+11", "le tableur n’a pas gardé ce numéro"],
    "35_guillemet_seul.csv": ["n’a pas de fin"],
    "36_date_inexistante.csv": ["29/02/1951"],
    "37b_date_us.csv": ["mois"],
    "37d_date_serie_excel.csv": ["format date"],
    "39_entete_matricule.csv": ["Matricule"],
    "39b_sans_entete.csv": ["en-tête"],
    "40_vide.csv": ["vide"],
    "40b_entete_seul.csv": ["en-tête"],
    "44_pv_dans_contrat.csv": ["8 cellule(s)"],
    "45_pages_html.xls": ["HTML"],
    "47b_code_court.csv": ["valeur non affichée"],
    "48_minuscule_numero.csv": ["ligne 3, écrit « AB12 »", "ligne 2, écrit « ab12 »"],
}
ALL = sorted(file.name for file in FOLDER.iterdir() if file.name != "README.md")


@pytest.fixture
def run(app: Flask) -> Run:
    def run(name: str, *options: str) -> Result:
        arguments = ["members", "import", str(FOLDER / name), *options]
        result = app.test_cli_runner().invoke(args=arguments)
        assert result.exception is None or isinstance(result.exception, SystemExit), result
        return result

    return run


def words(result: Result) -> list[str]:
    told = [line for line in result.stderr.splitlines() if "--accept" in line]
    return [line.rsplit("--accept ", 1)[1].removesuffix(".") for line in told]


def numbers(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return sorted(connection.scalars(select(RollEntry.number)))


@pytest.mark.parametrize("name", ALL)
def test_what_is_wrong_stops_and_what_is_right_does_not(
    run: Run, engine: Engine, name: str
) -> None:
    result = run(name)
    assert words(result) == STOPPED.get(name, []), result.output
    assert result.exit_code == (1 if name in STOPPED or name in REFUSED else 0), result.output
    assert bool(numbers(engine)) == (result.exit_code == 0)
    said = result.stderr.replace("\u00a0", " ")
    assert [each for each in REFUSED.get(name, []) if each not in said] == []


@pytest.mark.parametrize("name", ["06_titre_et_total.xlsx", "07_total__lo_utf8_pv.csv"])
def test_an_accepted_total_is_left_aside(run: Run, engine: Engine, name: str) -> None:
    said = run(name, "--accept", "total").stdout.replace("\u00a0", " ")
    assert "Titres et totaux laissés de côté : 1" in said
    assert numbers(engine) == [f"002001{at:02d}" for at in range(1, 9)]


def test_identical_rows_are_one_member_and_contrary_ones_none(run: Run, engine: Engine) -> None:
    said = run("24_doublon_identique.csv").stdout.replace("\u00a0", " ")
    assert "Lignes répétées à l’identique : 1" in said
    assert numbers(engine) == ["00200101", "00200102"]


def test_of_contrary_rows_none_is_taken_with_the_good_ones(run: Run, engine: Engine) -> None:
    assert run("24b_doublon_different.csv", "--keep-good").exit_code == 0
    assert numbers(engine) == ["00200102"]


def test_a_roll_that_lost_its_zeros_stops_beside_the_roll(run: Run, engine: Engine) -> None:
    run("01_texte.xlsx")
    for name in ("03_nombre_standard.xlsx", "03_nombre_standard__lo_utf8_pv.csv"):
        assert words(run(name)) == ["numeros", "longueur"]
    assert len(numbers(engine)) == 8
