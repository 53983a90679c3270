"""What operators see at the desk."""

from accessibility.states.state import State
from accessibility.visit import Visit
from webapp.rules.roles import Role


def sign_in(visit: Visit) -> None:
    visit.page.goto(f"{visit.desk().url}/connexion")


def enrolment(visit: Visit) -> None:
    desk = visit.desk()
    visit.page.goto(f"{desk.url}/enrolement/{desk.enrols('a.petit', Role.ADVISER).token}")


def enrolment_over(visit: Visit) -> None:
    desk = visit.desk()
    visit.page.goto(f"{desk.url}/enrolement/{desk.enrols('a.petit', Role.ADVISER).token}x")


def home(visit: Visit) -> None:
    visit.page.goto(visit.desk(Role.AUDITOR).url)


def not_theirs(visit: Visit) -> None:
    visit.page.goto(f"{visit.desk(Role.AUDITOR).url}/lots")


STATES = (
    State("guichet-connexion", "Guichet : la connexion", "desk/sign_in/page.html", sign_in),
    State(
        "guichet-enrolement", "Guichet : enregistrer sa clé", "desk/sign_in/enrolment.html",
        enrolment,
    ),
    State(
        "guichet-lien-fini", "Guichet : le lien a servi", "desk/sign_in/over.html", enrolment_over
    ),
    State(
        "guichet-autre-role", "Guichet : la page d’un autre rôle", "desk/not_yours.html",
        not_theirs,
    ),
    State("guichet", "Guichet : la recherche", "desk/home/page.html", home),
)  # fmt: skip
