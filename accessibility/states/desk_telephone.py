"""What who answers the telephone sees at the desk: the search, a member, deeds, requests for two."""

from accessibility.states.state import State
from accessibility.visit import Visit
from player.callers import rings
from player.desk import Desk
from player.scene import Scene
from player.screens.desk import Confirm, Member, Search
from player.scripts.calls import REASON, call_ask, call_find, call_why
from webapp.rules.roles import Role

SUSPEND, RESUME = "Suspendre l’espace", "Remettre l’espace en service"


def search(visit: Visit) -> None:
    visit.page.goto(visit.desk(Role.ADVISER).url)
    Search(visit.page).shows()


def nobody(visit: Visit) -> None:
    search(visit)
    Search(visit.page).by_number("0099999")


def _scene(visit: Visit, call: str = "call_stolen") -> tuple[Desk, Scene]:
    letter = rings(visit.stage, call)
    desk = visit.desk(Role.ADVISER)
    return desk, Scene(visit.stage, visit.page, letter, desk=desk.url)


def why(visit: Visit) -> None:
    call_find(_scene(visit)[1])


def questions(visit: Visit) -> None:
    scene = _scene(visit)[1]
    call_find(scene)
    call_why(scene)


def _member(visit: Visit) -> tuple[Desk, Member]:
    desk, scene = _scene(visit)
    call_find(scene)
    call_why(scene)
    call_ask(scene)
    name = visit.page.get_by_role("heading", level=1).inner_text()
    return desk, Member(visit.page, name).shows("Que faire")


def member(visit: Visit) -> None:
    _member(visit)


def deed(visit: Visit) -> None:
    _member(visit)[1].choose(SUSPEND)


def deed_without_a_reason(visit: Visit) -> None:
    deed(visit)
    Confirm(visit.page, SUSPEND).do(SUSPEND, "").refuses()


def suspended(visit: Visit) -> None:
    _suspended(visit)


def _suspended(visit: Visit) -> tuple[Desk, Member]:
    desk, page = _member(visit)
    page.choose(SUSPEND)
    Confirm(visit.page, SUSPEND).do(SUSPEND, REASON)
    page.shows("Espace suspendu")
    visit.stage.come_to_rest()  # the page says what became of the mail
    visit.page.reload()
    return desk, page.shows("Espace suspendu")


def requests(visit: Visit) -> None:
    desk, page = _suspended(visit)
    page.choose(RESUME)
    Confirm(visit.page, RESUME).do("Demander à un deuxième opérateur", REASON)
    page.shows()
    desk.lets_in(visit.page.context, Role.SUPERVISOR)
    visit.page.goto(f"{desk.url}/a-deux")


def request(visit: Visit) -> None:
    requests(visit)
    visit.page.get_by_role("link", name="Répondre").click()
    visit.page.get_by_role("button", name="Accepter et faire").wait_for()


STATES = (
    State("guichet-recherche", "Guichet : chercher", "desk/home/search.html", search),
    State("guichet-personne", "Guichet : personne ne répond à cela", "desk/home/search.html", nobody),
    State("guichet-pourquoi", "Guichet : pourquoi ouvrir", "desk/member/why.html", why),
    State("guichet-questions", "Guichet : les questions", "desk/member/questions.html", questions),
    State("guichet-adherent", "Guichet : un adhérent", "desk/member/page.html", member),
    State("guichet-acte", "Guichet : un acte", "desk/deeds/page.html", deed),
    State(
        "guichet-acte-refus", "Guichet : un acte sans motif", "desk/deeds/page.html",
        deed_without_a_reason,
    ),
    State("guichet-suspendu", "Guichet : un espace suspendu", "desk/member/page.html", suspended),
    State(
        "guichet-demandes", "Guichet : les demandes à deux", "desk/second_operator/page.html",
        requests,
    ),
    State("guichet-demande", "Guichet : répondre", "desk/second_operator/one.html", request),
)  # fmt: skip
