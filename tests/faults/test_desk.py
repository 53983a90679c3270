"""Operators on two hosts of the desk at the very same moment: a thing is done once, and an hour has
as many looks as it has, wherever they are spent."""

import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from sqlalchemy import select

from player.members import Letter
from tests.desk_town import WHY, furnish
from tests.faults.conftest import NewPortal, Tell
from tests.faults.desk import at_the_desk, desk_host
from tests.faults.portal import Host, Portal
from tests.faults.visitor import Answer, Visitor
from tests.operators import operator
from webapp.models import LetterBatch, RollEntry
from webapp.rules.refusals import Refusal
from webapp.rules.roles import Role
from webapp.services.desk import looks, second_operator
from webapp.services.kernel.work import Work
from webapp.services.sign_in import first_factor

LOOKS, MANY = 7, 6
DONE = re.compile(r"fait=(guichet-accepte|a-deux-fait)$")
SEEN = re.compile(r'name="seen" value="([^"]+)"')


@pytest.fixture
def two(own_portal: NewPortal) -> Portal:
    """Two hosts of the desk, of two processes each; the members' portal does not run."""
    portal = own_portal(DESK_LOOKS_PER_HOUR=str(LOOKS))
    for name in ("desk", "other desk"):
        desk_host(portal, name).start()
    return portal


def hosts(portal: Portal) -> list[Host]:
    return portal.hosts[1:]


def at_once(browsers: list[Visitor], act: Callable[[Visitor, int], Answer]) -> list[Answer]:
    together = threading.Barrier(len(browsers))

    def alone(which: int) -> Answer:
        together.wait(60)
        return act(browsers[which], which)

    with ThreadPoolExecutor(len(browsers)) as threads:
        return list(threads.map(alone, range(len(browsers))))


def several(portal: Portal, page: str, many: int, *, one_person: bool = False) -> list[Visitor]:
    """So many supervisors with this page open, each on the other host than the one before."""
    both, browsers = hosts(portal), []
    for which in range(many):
        name = "s.un" if one_person else f"s.{which}"
        browser = at_the_desk(portal, both[which % 2], Role.SUPERVISOR, name)
        assert browser.get(page).status == 200 and browser.token
        browsers.append(browser)
    return browsers


def request_of(portal: Portal, deed: str) -> int:
    def find(work: Work) -> int:
        furnish(work)
        waits = second_operator.waiting(work, role=Role.SUPERVISOR)
        return next(each.id for each in waits if each.deed == deed)

    found: int = portal.do(find)
    return found


def test_the_looks_of_an_hour_are_as_many_over_two_hosts(two: Portal, tell: Tell) -> None:
    browsers = several(two, "/", 4 * LOOKS, one_person=True)

    def seek(browser: Visitor, which: int) -> Answer:
        return browser.post("/chercher/numero", {"number": f"99{which:05}"})

    answers = [each.status for each in at_once(browsers, seek)]
    assert sorted(answers) == [422] * LOOKS + [429] * 3 * LOOKS
    assert two.events("desk.sought") == LOOKS
    assert two.events("desk.looks_closed") == 3 * LOOKS
    tell(f"{LOOKS} looks of {4 * LOOKS} at once, over two hosts")


@pytest.mark.long  # in one process, always: tests/unit/services/desk
@pytest.mark.parametrize(
    ("deed", "page", "action", "event"),
    [
        ("resume", "/a-deux/{}", "/a-deux/{}", "space.resumed"),
        ("roll_undo", "/imports", "/imports/demandes/{}/accepter", "roll.undone"),
        ("letters_made", "/lots", "/lots/demandes/{}/accepter", "letters.made"),
    ],
)
def test_of_many_who_agree_on_two_hosts_one_does_it(
    two: Portal, deed: str, page: str, action: str, event: str
) -> None:
    asked = request_of(two, deed)
    before, batches = two.events(event), two.count(LetterBatch)
    agreed = two.events("desk.second_agreed")
    browsers = several(two, page.format(asked), MANY)
    fields = {"reason": WHY, "answer": "agree"}
    answers = at_once(browsers, lambda browser, _: browser.post(action.format(asked), fields))
    assert [each.status for each in answers] == [303] * MANY
    assert sum(bool(DONE.search(each.leads_to)) for each in answers) == 1
    assert two.events(event) == before + 1
    assert two.events("desk.second_agreed") == agreed + 1
    assert two.count(LetterBatch) == batches + (deed == "letters_made")


@pytest.mark.long
def test_of_many_who_import_a_roll_on_two_hosts_one_does(two: Portal) -> None:
    places = two.do(furnish)
    page = f"/imports/{places['upload_id'][0]}"
    browsers = several(two, page, MANY)
    before = two.events("roll.imported")
    seen = {"seen": SEEN.findall(browsers[0].get(page).text)[0]}
    answers = at_once(browsers, lambda browser, _: browser.post(f"{page}/importer", seen))
    assert sorted(each.status for each in answers) == [303] + [422] * (MANY - 1)
    assert two.events("roll.imported") == before + 1


@pytest.mark.long
def test_of_many_who_lift_a_delay_on_two_hosts_one_does(two: Portal) -> None:
    member = two.member(account=True)
    roll_id = two.do(lambda work: locked_out(work, member))
    page = f"/adherent/{roll_id}/faire/attente"
    browsers = several(two, "/", MANY)
    for which, browser in enumerate(browsers):
        two.do(lambda work, name=f"s.{which}": opened(work, name, roll_id))
        assert browser.get(page).status == 200
    answers = at_once(browsers, lambda browser, _: browser.post(page, {"reason": WHY}))
    assert sorted(each.status for each in answers) == [303] + [422] * (MANY - 1)
    assert two.events("desk.delay_lifted", roll_id=roll_id) == 1


def locked_out(work: Work, member: Letter) -> int:
    for _ in range(6):
        with suppress(Refusal):
            first_factor.password(
                work, email=member.email, password="un autre mot de passe", remember=False,
                device_secret=None, browser="a browser", agent="", previous=None,
            )  # fmt: skip
    whose = select(RollEntry.id).where(RollEntry.number == member.number)
    return int(work.db.scalars(whose).one())


def opened(work: Work, name: str, roll_id: int) -> None:
    me = operator(work, name, Role.SUPERVISOR)
    looks.begin(work, me, roll_id, WHY)
    looks.check(work, me, roll_id)
