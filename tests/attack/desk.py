"""Tools that attack the running desk: by nobody, and by an operator of each role. Its pages and its
forms are found by themselves."""

from collections.abc import Iterator

from tests.attack import scanners
from tests.attack.scanners import Target
from tests.attack.tools import Verdict
from tests.attack.town import Town
from tests.desk_forms import addresses, forms, routes
from tests.desk_town import GOOD, NAMES
from tests.faults.desk import at_the_desk
from tests.faults.visitor import Visitor
from webapp.rules.roles import Role

LEAVING = "/deconnexion"
SECONDS = 100  # of wapiti's crawl, and of its attacks, for each role


def wapiti(town: Town) -> Verdict:
    """A crawl and its attacks by nobody, who tries the address of every page."""
    return scanners.wapiti(town.desk_site, "wapiti-desk", starts=_pages(town), seconds=SECONDS)


def wapiti_inside(town: Town) -> Verdict:
    """The same by an operator of each role; not through the door that ends the session."""
    return _of_all(
        (role, scanners.wapiti(
            town.desk_site, f"wapiti-desk-{role}", starts=_pages(town), seconds=SECONDS,
            cookies=_operator(town, role).cookie_line(), leaving=[LEAVING],
        ))
        for role in Role
    )  # fmt: skip


def sqlmap(town: Town) -> Verdict:
    """Every field, cookie and header of the sign-in."""
    fields = {"answer": "x", "challenge": "y"}
    return scanners.sqlmap(
        town.desk_site, "sqlmap-desk", [Target("/connexion", "/connexion", fields)]
    )


def sqlmap_inside(town: Town) -> Verdict:
    """Every field of every form that a supervisor finds, who finds all of them; in that session."""
    operator = _operator(town, Role.SUPERVISOR)

    def page(address: str) -> str:
        answer = operator.get(address)
        return answer.text if answer.status == 200 else ""

    match = town.the_desk().url_map.bind("localhost").match
    targets: dict[object, Target] = {}
    for form in forms(page, _pages(town)):
        fields = {name: GOOD.get(name, said) for name, said in form.fields.items()}
        which = match(form.action, "POST")[0], *fields  # of two members the same one twice
        if fields:
            targets[which] = Target(form.page, form.action, fields)
    return scanners.sqlmap(
        town.desk_site, "sqlmap-desk", targets.values(), cookies=operator.cookie_line(), level=1
    )


def _of_all(verdicts: Iterator[tuple[Role, Verdict]]) -> Verdict:
    """The worst of several, each in its words."""
    told = [(verdict, f"{role} {words}") for role, (verdict, words) in verdicts]
    worst = next((each for each in ("found", "missing") if each in dict(told)), "clean")
    return worst, "; ".join(words for _, words in told)


def _operator(town: Town, role: Role) -> Visitor:
    return at_the_desk(town.portal, town.desk, role, NAMES[role])


def _pages(town: Town) -> list[str]:
    rules = routes(town.the_desk(), "GET")
    return [each for rule in rules for each in addresses(rule, town.places)]
