"""`flask members import --preview`: what would change, on a page, before anything happens."""

import re
import stat
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import Engine, func, select

from player.world import StillClock
from tests.roll_desk import CODE, OTHER_CODE, Desk
from webapp.models import JournalEntry, RollFormer, RollImport
from webapp.services.kernel.world import World

HEADER = "numero_adherent;code_acces;nom;prenom;date_naissance;statut;adresse_1;adresse_2"


@pytest.fixture
def desk(engine: Engine, world: World, clock: StillClock) -> Desk:
    desk = Desk(engine, world, clock)
    desk.load(f"numero_adherent|code_acces|nom|prenom\n001|{CODE}|Lefèvre|Élodie\n002||Petit|Anne")
    return desk


@pytest.fixture
def page(tmp_path: Path) -> Path:
    return tmp_path / "apercu.html"


@pytest.fixture
def preview(app: Flask, desk: Desk, tmp_path: Path, page: Path) -> Any:
    def preview(*lines: str, options: tuple[str, ...] = (), header: str = HEADER) -> Result:
        file = tmp_path / "adherents <b>.csv"
        file.write_text("\n".join([header, *lines]))
        return app.test_cli_runner().invoke(
            args=["members", "import", str(file), "--preview", str(page), *options]
        )

    return preview


def words(page: Path) -> str:
    """What is read on the page, a cell after the other."""
    body = page.read_text().partition("<main")[2]
    told = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", f"<main{body}"))
    return told.replace("\u00a0", " ")


def test_what_would_change_stands_before_and_after(preview: Any, page: Path) -> None:
    result = preview(f"001;{OTHER_CODE};Durand;Élodie;1980-02-01;parti;1 rue Haute;75001 PARIS")
    assert result.exit_code == 0, result
    told = words(page)
    for row in (
        "001 Élodie Durand Nom Lefèvre Durand",
        "001 Élodie Durand Date de naissance rien 1er février 1980",
        "001 Élodie Durand Situation adhérent parti",
        "001 Élodie Durand Adresse rien 1 rue Haute 75001 PARIS",
    ):
        assert row in told
    assert "Prénom" not in told and "Modifiés : 1" in told


def test_a_new_code_is_told_and_not_shown(preview: Any, page: Path) -> None:
    preview(f"001;{OTHER_CODE};Lefèvre;Élodie;;actif;;")
    assert "Code d’accès celui d’avant un nouveau" in words(page)
    assert OTHER_CODE not in page.read_text(encoding="utf-8")


def test_new_members_and_counts_are_told(preview: Any, page: Path) -> None:
    preview("002;;Petit;Anne;;;;", "3;;Martin;Luce;1950-03-07;;2 rue Basse;")
    told = words(page)
    assert "3 Luce Martin 7 mars 1950 rien rien adhérent 2 rue Basse" in told
    assert "Nouveaux 1 " in told and "Inchangés 1 " in told and "Lettres à écrire 1 " in told


def test_nothing_is_imported_and_it_says_where_the_page_is(
    preview: Any, desk: Desk, page: Path
) -> None:
    before = desk.roll(), desk.count(RollImport), desk.count(RollFormer), desk.count(JournalEntry)
    result = preview("001;;Durand;;;;;", "9;;Neuf;;;;;")
    assert before == (
        desk.roll(), desk.count(RollImport), desk.count(RollFormer), desk.count(JournalEntry)
    )  # fmt: skip
    assert "Essai sans effet" in result.stdout
    assert "données personnelles" in result.stdout and str(page) in result.stdout


def test_a_file_that_would_be_refused_has_its_page_and_fails(
    preview: Any, desk: Desk, page: Path
) -> None:
    result = preview("001;;Durand;;;;;", "*;;Neuf;;;;;")
    assert result.exit_code == 1 and str(page) in result.stderr
    told = words(page)
    assert "Cet import serait arrêté" in told and "1 ligne(s) en erreur" in told
    assert "Lignes refusées : 1" in told and "Modifiés : 1" in told
    assert desk.roll()[0]["last_name"] == "Lefèvre"


def test_only_the_first_of_many_are_shown_and_the_others_counted(preview: Any, page: Path) -> None:
    preview(*(f"{at};;Nom{at};;;;;" for at in range(1000, 1700)))
    told = words(page)
    assert "Nouveaux : 700" in told and "Et 200 autres, que cette page ne montre pas." in told
    assert page.read_text().count('<th scope="row">') == 500 + 6


def test_no_access_code_and_no_hash_of_one_is_on_the_page(
    preview: Any, desk: Desk, page: Path
) -> None:
    preview(f"001;{OTHER_CODE};Durand;;;;;", f"9;{CODE};Neuf;;;;;")
    told = page.read_text()
    assert CODE not in told and OTHER_CODE not in told
    assert all(row["code_mac"].hex() not in told for row in desk.roll())


def test_the_page_is_its_owner_s_and_replaces_nothing(preview: Any, page: Path) -> None:
    preview("001;;Durand;;;;;")
    assert stat.S_IMODE(page.stat().st_mode) == 0o600
    first = page.read_text()
    again = preview("001;;Martin;;;;;")
    assert (again.exit_code, page.read_text()) == (1, first)
    assert "existe déjà et ne sera pas remplacé" in again.stderr


def test_a_folder_that_is_not_there_is_one_sentence(preview: Any, page: Path) -> None:
    page.parent.joinpath("apercu").write_text("a file")
    result = preview("001;;Durand;;;;;", options=("--preview", str(page.parent / "apercu" / "x")))
    assert result.exit_code == 1
    assert "L’aperçu ne peut pas être écrit" in result.stderr


def test_what_the_file_says_is_text_and_never_markup(preview: Any, page: Path) -> None:
    preview("9;;<script>alert(1)</script>;<img src=x>;;;;")
    told = page.read_text()
    assert "<script" not in told and "<img src=x>" not in told
    assert "adherents &lt;b&gt;.csv" in told


def test_the_page_asks_nobody_for_anything(preview: Any, page: Path) -> None:
    preview("9;;Neuf;;;;;")
    asked = re.findall(r'(?:src|href)="([^"#]+)', page.read_text())
    assert asked and all(each.startswith("data:") for each in asked)


def test_imports_after_it_have_the_numbers_of_theirs(preview: Any, desk: Desk) -> None:
    preview("9;;Neuf;;;;;")
    desk.load("numero_adherent\n9")
    with desk.engine.connect() as connection:
        kept = connection.scalars(select(func.max(RollImport.id))).one()
    assert desk.roll()[-1]["added_by"] == kept
