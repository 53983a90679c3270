"""What operators at the printer's see at the desk: imports, batches, what is stuck."""

from playwright.sync_api import Page

from accessibility.states.state import State
from accessibility.visit import Visit
from player.desk import Desk
from webapp.rules.roles import Role

KEY = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"
HEAD = "numero_adherent;civilite;nom;prenom;date_naissance;adresse_1;adresse_2"
ROWS = (
    "00200101;Mme;Lefèvre;Odile;07/03/1950;12 RUE DES LILAS;01000 BOURG EN BRESSE",
    "00200102;M.;Martin;René;08/04/1951;3 RUE HAUTE;01000 BOURG EN BRESSE",
)
MISREAD = "00200103;M.;DUPï¿½NT;Luc;09/05/1952;4 RUE BASSE;01000 BOURG EN BRESSE"
BAD = "00200104;M.;Durand;Luc;99/99/1952;4 RUE BASSE;01000 BOURG EN BRESSE"


def imports(visit: Visit) -> None:
    visit.page.goto(f"{visit.desk(Role.LETTERS).url}/imports")


def unread(visit: Visit) -> None:
    imports(visit)
    _upload(visit.page, b"%PDF-1.7", "adherents.pdf")
    visit.page.get_by_text("Pourquoi ce fichier").wait_for()


def upload(visit: Visit) -> None:
    imports(visit)
    _upload(visit.page, _text(*ROWS, MISREAD, BAD))
    visit.page.wait_for_url("**/imports/*")


def members(visit: Visit) -> None:
    imports(visit)
    _upload(visit.page, _text(*ROWS))
    _press(visit.page, "Voir ces adhérents")
    visit.page.get_by_role("link", name="Revenir au fichier").wait_for()


def undo(visit: Visit) -> None:
    desk = visit.desk(Role.LETTERS)
    _imported(visit, desk)
    visit.page.goto(f"{desk.url}/imports")
    visit.page.get_by_role("link", name="Annuler l’import").click()
    visit.page.get_by_role("button", name="Demander l’annulation").wait_for()


def lots(visit: Visit) -> None:
    desk = visit.desk(Role.LETTERS)
    _imported(visit, desk)
    _asked(visit.page, desk)


def new_lot(visit: Visit) -> None:
    visit.page.goto(f"{visit.desk(Role.LETTERS).url}/lots/nouveau")
    _press(visit.page, "Demander ce lot")
    visit.page.get_by_text("Il y a un problème").wait_for()


def lot(visit: Visit) -> None:
    desk = visit.desk(Role.LETTERS)
    _imported(visit, desk)
    _asked(visit.page, desk)
    chief = _chief(visit, desk, "/lots")
    _press(chief, "Accepter la demande de courrier.un")
    chief.get_by_text("C’est fait, à deux").wait_for()
    visit.page.goto(f"{desk.url}/lots/1")


def returned(visit: Visit) -> None:
    desk = visit.desk(Role.LETTERS)
    _imported(visit, desk)
    visit.page.goto(f"{desk.url}/lots/retours")
    visit.page.get_by_label("Numéros d’adhérent").fill("00200101\n99999999\n00200102")
    visit.page.get_by_label("Motif").fill("retours du jour")
    _press(visit.page, "Vérifier la liste")
    visit.page.get_by_text("Adhérents reconnus").wait_for()


def stuck(visit: Visit) -> None:
    visit.page.goto(f"{visit.desk(Role.LETTERS).url}/bloques")


def numbers(visit: Visit) -> None:
    desk = visit.desk(Role.LETTERS)
    _imported(visit, desk)
    _asked(visit.page, desk)
    _press(_chief(visit, desk, "/lots"), "Accepter la demande de courrier.un")
    visit.page.goto(f"{desk.url}/lots/retours")
    visit.page.get_by_label("Numéros d’adhérent").fill("00200101")
    visit.page.get_by_label("Motif").fill("retour du jour")
    _press(visit.page, "Vérifier la liste")
    _press(visit.page, "Noter ce courrier revenu")
    visit.page.get_by_text("C’est noté").wait_for()
    visit.page.goto(f"{desk.url}/bloques")
    _press(visit.page, "Voir dix numéros : Courriers revenus")
    visit.page.get_by_role("heading", name="Courrier revenu", exact=True).wait_for()


def _text(*rows: str) -> bytes:
    return "\n".join((HEAD, *rows)).encode()


def _upload(page: Page, content: bytes, name: str = "adherents.csv") -> None:
    file = {"name": name, "mimeType": "text/csv", "buffer": content}
    page.get_by_label("Fichier des adhérents").set_input_files(file)  # type: ignore[arg-type]
    _press(page, "Déposer et vérifier")


def _press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()


def _chief(visit: Visit, desk: Desk, path: str) -> Page:
    page = visit.other_browser()
    desk.lets_in(page.context, Role.SUPERVISOR, "s.chef")
    page.goto(desk.url + path)
    return page


def _imported(visit: Visit, desk: Desk) -> None:
    visit.page.goto(f"{desk.url}/imports")
    _upload(visit.page, _text(*ROWS))
    visit.page.wait_for_url("**/imports/*")
    chief = _chief(visit, desk, "/imports")
    chief.get_by_role("link", name="adherents.csv").click()
    _press(chief, "Importer ces 2 adhérents")
    chief.get_by_text("L’import est fait").wait_for()


def _asked(page: Page, desk: Desk) -> None:
    page.goto(f"{desk.url}/lots/nouveau")
    page.get_by_label("Clé publique").fill(KEY)
    page.get_by_label("Motif").fill("nouveaux de novembre")
    _press(page, "Demander ce lot")
    page.get_by_text("C’est votre demande").wait_for()


STATES = (
    State("guichet-imports", "Guichet : les imports", "desk/imports/page.html", imports),
    State(
        "guichet-imports-refus", "Guichet : un fichier illisible", "desk/imports/page.html", unread
    ),
    State("guichet-fichier", "Guichet : un fichier déposé", "desk/imports/one.html", upload),
    State("guichet-apercu", "Guichet : ses adhérents", "desk/imports/members.html", members),
    State("guichet-annuler-import", "Guichet : annuler un import", "desk/imports/undo.html", undo),
    State("guichet-lots", "Guichet : les lots", "desk/lots/page.html", lots),
    State("guichet-lot-demande", "Guichet : demander un lot", "desk/lots/new.html", new_lot),
    State("guichet-lot", "Guichet : un lot", "desk/lots/one.html", lot),
    State("guichet-retours", "Guichet : courriers revenus", "desk/lots/returned.html", returned),
    State("guichet-bloques", "Guichet : ce qui est bloqué", "desk/stuck/page.html", stuck),
    State("guichet-numeros", "Guichet : des numéros", "desk/stuck/numbers.html", numbers),
)
