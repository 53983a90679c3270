"""Who watches the desk: a supervisor adds an operator, every supervisor is told, an auditor reads
the journal."""

import re
from pathlib import Path

from player.browsers import DESKTOP
from player.desk import Desk
from player.stage import Stage
from player.virtual_authenticator import VirtualAuthenticator
from webapp.rules.roles import Role
from webapp.services.desk import export
from webapp.services.kernel.work import Work


def test_a_supervisor_s_link_opens_the_desk_to_a_new_key_and_every_supervisor_is_told(
    desk: Desk, open_browser, scripts: bool
) -> None:
    supervisor = open_browser(DESKTOP, scripts=scripts)
    desk.lets_in(supervisor.context, Role.SUPERVISOR, "c.martin")
    supervisor.goto(desk.url)
    supervisor.get_by_role("link", name="Opérateurs").click()
    supervisor.get_by_label("Nom").fill("m.durand")
    supervisor.get_by_label("Rôle").select_option("conseiller")
    supervisor.get_by_role("button", name="Ajouter et voir son lien").click()
    supervisor.get_by_role("heading", name="Lien de m.durand", level=1).wait_for()
    shown = supervisor.get_by_text(re.compile(r"/enrolement/")).text_content() or ""

    newcomer = open_browser(DESKTOP)
    VirtualAuthenticator(newcomer)
    newcomer.goto(shown.strip())
    newcomer.get_by_role("button", name="Enregistrer ma clé").click()
    newcomer.get_by_text("Votre clé d’accès est enregistrée").wait_for()
    newcomer.get_by_role("button", name="Me connecter avec ma clé d’accès").click()
    newcomer.get_by_text("m.durand, conseiller").wait_for()

    other = open_browser(DESKTOP, scripts=scripts)
    desk.lets_in(other.context, Role.SUPERVISOR, "d.noel")
    other.goto(desk.url)
    told = other.get_by_role("region", name="À voir par chaque superviseur")
    told.get_by_text("Opérateur ajouté : m.durand, conseiller, par c.martin").wait_for()
    told.get_by_text("Clé d’un opérateur enregistrée : m.durand, conseiller").wait_for()
    told.get_by_role("button", name="Vu").click()
    other.get_by_text("vous avez vu ces changements").wait_for()
    present = other.get_by_role("navigation", name="Guichet", exact=True).locator("[aria-current]")
    assert present.all_inner_texts() == ["Opérateurs"]
    other.goto(desk.url)
    assert other.get_by_text("À voir par chaque superviseur").count() == 0


def test_an_operator_who_is_disabled_is_out_at_the_next_click(desk: Desk, open_browser) -> None:
    petit, supervisor = open_browser(DESKTOP), open_browser(DESKTOP)
    desk.lets_in(petit.context, Role.ADVISER, "a.petit")
    desk.lets_in(supervisor.context, Role.SUPERVISOR)
    petit.goto(desk.url)
    supervisor.goto(f"{desk.url}/operateurs")
    supervisor.get_by_role("link", name="Clé perdue, départ de a.petit").click()
    supervisor.get_by_role("button", name="Désactiver a.petit").click()
    supervisor.get_by_text("n’entre plus au guichet").wait_for()
    petit.goto(desk.url)
    petit.get_by_role("heading", name="Connexion au guichet", level=1).wait_for()


def test_a_quarter_of_an_hour_without_a_word_asks_for_the_key_again(
    desk: Desk, stage: Stage, open_browser, scripts: bool
) -> None:
    page = open_browser(DESKTOP, scripts=scripts)
    desk.lets_in(page.context, Role.AUDITOR)
    page.goto(f"{desk.url}/journal")
    stage.clock.advance(minutes=15)
    page.get_by_role("button", name="Lire le journal de ce jour").click()
    page.get_by_role("heading", name="Connexion au guichet", level=1).wait_for()
    page.get_by_text("Votre session est terminée").wait_for()


def test_an_auditor_reads_and_exports_what_an_operator_did(
    desk: Desk, stage: Stage, open_browser, scripts: bool, tmp_path: Path
) -> None:
    desk.lets_in(open_browser(DESKTOP).context, Role.ADVISER, "a.petit")
    page = open_browser(DESKTOP, scripts=scripts)
    desk.lets_in(page.context, Role.AUDITOR, "j.audit")
    page.goto(desk.url)
    page.get_by_role("navigation").get_by_role("link", name="Journal").click()
    today = stage.clock.now().date().isoformat()
    page.get_by_role("textbox", name="Jour").fill(today)
    page.get_by_role("button", name="Lire le journal de ce jour").click()
    page.get_by_role("heading", name=re.compile("^Journal du ")).wait_for()
    page.get_by_text("Opérateur ajouté : a.petit, conseiller").wait_for()
    page.get_by_role("link", name="Journal", exact=True).first.click()
    page.get_by_label("Numéro d’adhérent").fill("99999")
    page.get_by_role("button", name="Lire le journal de cet adhérent").click()
    page.get_by_text("Aucun adhérent n’a exactement ce numéro").first.wait_for()
    page.get_by_role("textbox", name="Du").fill(today)
    page.get_by_role("textbox", name="Au").fill(today)
    with page.expect_download() as download:
        page.get_by_role("button", name="Exporter").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    with Work(stage.engine, stage.world, reading=True) as work, file.open("rb") as content:
        assert export.verify(work, content).by == "j.audit"
