"""A roll and a batch at the desk, played by two operators in two browsers."""

from pathlib import Path

import pyrage
import pytest
from playwright.sync_api import Page, expect

from player.browsers import DESKTOP
from player.desk import Desk
from webapp.rules.roles import Role

KEY = pyrage.x25519.Identity.generate()
ROLL = """numero_adherent;civilite;nom;prenom;date_naissance;adresse_1;adresse_2
00200101;Mme;Lefèvre;Odile;07/03/1950;12 RUE DES LILAS;01000 BOURG EN BRESSE
00200102;M.;Martin;René;08/04/1951;3 RUE HAUTE;01000 BOURG EN BRESSE
00200103;Mme;Petit;Luce;09/05/1952;4 RUE BASSE;01000 BOURG EN BRESSE
"""


@pytest.fixture
def clerk(desk: Desk, open_browser, scripts: bool) -> Page:
    page: Page = open_browser(DESKTOP, scripts=scripts)
    desk.lets_in(page.context, Role.LETTERS, "c.courrier")
    return page


@pytest.fixture
def chief(desk: Desk, open_browser, scripts: bool) -> Page:
    page: Page = open_browser(DESKTOP, scripts=scripts)
    desk.lets_in(page.context, Role.SUPERVISOR, "s.chef")
    return page


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).first.click()


def titled(page: Page, title: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def uploaded(desk: Desk, clerk: Page, folder: Path) -> None:
    roll = folder / "adherents.csv"
    roll.write_text(ROLL, encoding="utf-8")
    clerk.goto(desk.url)
    clerk.get_by_role("navigation").get_by_role("link", name="Imports", exact=True).click()
    titled(clerk, "Imports du fichier des adhérents")
    clerk.get_by_label("Fichier des adhérents").set_input_files(roll)
    press(clerk, "Déposer et vérifier")
    titled(clerk, "Fichier « adherents.csv »")
    expect(clerk.get_by_role("row", name="Nouveaux 3")).to_be_visible()


def imported(desk: Desk, chief: Page) -> None:
    chief.goto(f"{desk.url}/imports")
    chief.get_by_role("link", name="adherents.csv").click()
    press(chief, "Importer ces 3 adhérents")
    expect(chief.get_by_text("L’import est fait")).to_be_visible()
    expect(chief.get_by_text("3 adhérents attendent un courrier")).to_be_visible()


def test_a_roll_is_uploaded_imported_by_another_operator_and_undone_by_two(
    desk: Desk, clerk: Page, chief: Page, tmp_path: Path
) -> None:
    uploaded(desk, clerk, tmp_path)
    expect(clerk.get_by_text("un autre opérateur doit l’importer")).to_be_visible()
    expect(clerk.get_by_role("button", name="Importer ces 3")).to_have_count(0)
    press(clerk, "Voir ces adhérents")
    titled(clerk, "Adhérents de « adherents.csv »")
    expect(clerk.get_by_role("row", name="00200101")).to_contain_text("Odile Lefèvre")
    imported(desk, chief)
    clerk.goto(f"{desk.url}/imports")
    clerk.get_by_role("link", name="Annuler l’import 1").click()
    titled(clerk, "Annuler l’import 1")
    clerk.get_by_label("Motif").fill("mauvais fichier")
    press(clerk, "Demander l’annulation")
    expect(clerk.get_by_text("C’est votre demande")).to_be_visible()
    chief.goto(f"{desk.url}/imports")
    expect(chief.get_by_text("3 retirés")).to_be_visible()
    press(chief, "Accepter la demande de c.courrier")
    expect(chief.get_by_text("C’est fait, à deux")).to_be_visible()
    expect(chief.get_by_text("par c.courrier et s.chef").last).to_be_visible()


def test_a_batch_is_made_by_two_downloaded_once_posted_and_its_letters_come_back(
    desk: Desk, clerk: Page, chief: Page, tmp_path: Path
) -> None:
    uploaded(desk, clerk, tmp_path)
    imported(desk, chief)
    clerk.goto(f"{desk.url}/lots")
    clerk.get_by_role("link", name="Demander un lot").click()
    titled(clerk, "Demander un lot")
    clerk.get_by_label("Clé publique de l’imprimeur").fill(str(KEY.to_public()))
    clerk.get_by_label("Motif").fill("nouveaux de novembre")
    press(clerk, "Demander ce lot")
    titled(clerk, "Lots de courriers")
    expect(clerk.get_by_text("C’est votre demande")).to_be_visible()
    chief.goto(f"{desk.url}/lots")
    press(chief, "Accepter la demande de c.courrier")
    expect(chief.get_by_text("C’est fait, à deux")).to_be_visible()
    clerk.goto(f"{desk.url}/lots")
    clerk.get_by_role("link", name="Lot 1", exact=True).click()
    titled(clerk, "Lot 1")
    with clerk.expect_download() as asked:
        press(clerk, "Télécharger la liste chiffrée")
    assert asked.value.suggested_filename == "lot-1.csv.age"
    told = pyrage.decrypt(Path(asked.value.path()).read_bytes(), [KEY]).decode("utf-8-sig")
    assert told.count("00200") == 3
    clerk.reload()
    expect(clerk.get_by_text("Elle ne l’est qu’une fois")).to_be_visible()
    expect(clerk.get_by_role("button", name="Télécharger")).to_have_count(0)
    press(clerk, "Noter ce lot posté")
    expect(clerk.get_by_text("C’est noté : les 90 jours")).to_be_visible()
    clerk.goto(f"{desk.url}/lots/retours")
    clerk.get_by_label("Numéros d’adhérent").fill("00200101\n99999999\n00200102")
    clerk.get_by_label("Motif").fill("retours du jour")
    press(clerk, "Vérifier la liste")
    expect(clerk.get_by_text("Adhérents reconnus : 2")).to_contain_text("ligne 2.")
    press(clerk, "Demander de noter ces 2 courriers")
    titled(clerk, "Lots de courriers")
    chief.goto(f"{desk.url}/lots")
    press(chief, "Accepter la demande de c.courrier")
    chief.get_by_role("link", name="Lot 1", exact=True).click()
    expect(chief.get_by_role("row", name="revenus (NPAI) 2")).to_be_visible()
    chief.get_by_role("link", name="Ce qui est bloqué").click()
    press(chief, "Voir dix numéros : Courriers revenus")
    titled(chief, "Courrier revenu")
    expect(chief.get_by_text("00200102")).to_be_visible()
