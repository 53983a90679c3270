"""What supervisors and auditors see at the desk: operators, the journal, the signs."""

from accessibility.states.state import State
from accessibility.visit import Visit
from webapp.rules.roles import Role


def _at(visit: Visit, role: Role, path: str) -> None:
    visit.page.goto(f"{visit.desk(role).url}{path}")


def operators(visit: Visit) -> None:
    _at(visit, Role.SUPERVISOR, "/operateurs")


def operators_refused(visit: Visit) -> None:
    operators(visit)
    visit.page.get_by_role("button", name="Ajouter et voir son lien").click()
    visit.page.get_by_role("group", name="Il y a un problème").wait_for()


def operators_seen(visit: Visit) -> None:
    operators(visit)
    visit.page.get_by_role("button", name="Vu").click()
    visit.page.get_by_text("vous avez vu ces changements").wait_for()


def operator(visit: Visit) -> None:
    desk = visit.desk(Role.SUPERVISOR)
    desk.enrols("a.petit", Role.ADVISER)
    visit.page.goto(f"{desk.url}/operateurs")
    visit.page.get_by_role("link", name="Clé perdue, départ de a.petit").click()
    visit.page.get_by_role("heading", name="a.petit", level=1).wait_for()


def operator_link(visit: Visit) -> None:
    operator(visit)
    visit.page.get_by_role("button", name="Remplacer sa clé de a.petit").click()
    visit.page.get_by_role("heading", name="Lien de a.petit", level=1).wait_for()


def journal(visit: Visit) -> None:
    _at(visit, Role.AUDITOR, "/journal")


def journal_refused(visit: Visit) -> None:
    journal(visit)
    visit.page.get_by_label("Numéro d’adhérent").fill("99999")
    visit.page.get_by_role("button", name="Lire le journal de cet adhérent").click()
    visit.page.get_by_role("group", name="Il y a un problème").wait_for()


def journal_of_a_day(visit: Visit) -> None:
    journal(visit)
    today = visit.stage.clock.now().date().isoformat()
    visit.page.get_by_role("textbox", name="Jour").fill(today)
    visit.page.get_by_role("button", name="Lire le journal de ce jour").click()
    visit.page.get_by_role("heading", name="Journal du", level=1).wait_for()


STATES = (
    State("guichet-operateurs", "Guichet : les opérateurs", "desk/operators/page.html", operators),
    State(
        "guichet-operateurs-refus", "Guichet : un opérateur refusé", "desk/operators/page.html",
        operators_refused,
    ),
    State(
        "guichet-operateurs-vus", "Guichet : changements vus", "desk/operators/page.html",
        operators_seen,
    ),
    State("guichet-operateur", "Guichet : un opérateur", "desk/operators/one.html", operator),
    State(
        "guichet-operateur-lien", "Guichet : le lien d’un opérateur", "desk/operators/link.html",
        operator_link,
    ),
    State("guichet-journal", "Guichet : le journal", "desk/journal/page.html", journal),
    State(
        "guichet-journal-refus", "Guichet : un numéro de personne", "desk/journal/page.html",
        journal_refused,
    ),
    State(
        "guichet-journal-jour", "Guichet : le journal d’un jour", "desk/journal/read.html",
        journal_of_a_day,
    ),
)  # fmt: skip
