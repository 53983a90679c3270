"""Processes killed at every statement, at every point of a mail's dialogue, and at random."""

import http.client
import threading
import time
from collections.abc import Iterator

import pytest

from player.world import PASSWORD
from tests.faults import oracle
from tests.faults.conftest import ALL, NewPortal, Tell, database_url
from tests.faults.portal import Portal, portal, wait_until
from tests.faults.visitor import Visitor, about_me, mailed_link
from webapp.models import Account, Registration
from webapp.services.mail import claims

BROKEN = (OSError, http.client.HTTPException)
LEASE = claims.LEASE.total_seconds() + 1


@pytest.fixture(scope="module")
def doomed_all_along(
    kind: str, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Portal]:
    """A portal whose processes die under it: a mail may leave twice, the same."""
    folder = tmp_path_factory.mktemp("doomed")
    with portal(folder, database_url(kind, folder, request)) as running:
        yield running


@pytest.fixture
def doomed(doomed_all_along: Portal) -> Iterator[Portal]:
    """Judged by the oracle afterwards."""
    yield doomed_all_along
    doomed_all_along.first.advance(0)
    oracle.check(doomed_all_along, copies=2)


def dies(visitor: Visitor, path: str, fields: dict[str, str], at: str) -> bool:
    """Send a form to a process that dies there; False when it had answered before."""
    try:
        visitor.post(path, fields, X_Dies_At=at)
    except BROKEN:
        return True
    return False


def points() -> list[str]:
    """Before each statement, at the commit, between the commit and the answer."""
    return [*map(str, range(1, 10)), "commit", "answer"] if ALL else ["4", "commit", "answer"]


@pytest.mark.parametrize("at", points())
def test_a_registration_killed_anywhere_is_whole_or_not_there(doomed: Portal, at: str) -> None:
    """S10: the member sees a broken connection, sends the form again, and all is as it should."""
    member, visitor = doomed.member(), Visitor(doomed)
    visitor.get("/inscription")
    dies(visitor, "/inscription", about_me(member), at)
    visitor.prove_letter(member)
    visitor.get("/inscription/cgu")
    dies(visitor, "/inscription/cgu", {"accept": "y"}, at)
    visitor.get("/inscription/cgu")
    visitor.post("/inscription/cgu", {"accept": "y"})
    assert visitor.get("/inscription/confirmation").status == 200
    doomed.first.advance(LEASE)  # the sender may have died with a mail in its hands
    link = mailed_link(doomed, member)
    mine = (Registration.email == member.email, Registration.state == "waiting")
    assert doomed.count(Registration, *mine) == 1

    visitor.get(link)
    dies(visitor, link, {}, at)
    visitor.confirm(link)
    assert "finalisée" in visitor.get(link).text
    assert doomed.count(Account, Account.email == member.email) == 1
    doomed.first.advance(2 * LEASE)  # once more, with the mail of the new space
    doomed.all_sent()
    # the link's mail and « Votre espace est ouvert », however often each was handed over
    assert len({each.id for each in doomed.relay.to(member.email)}) == 2


@pytest.mark.parametrize("at", points())
def test_a_sign_in_killed_anywhere_lets_its_member_in_once_more(doomed: Portal, at: str) -> None:
    """S10 for the sign-in: a code that was consumed is consumed, one that was not still opens."""
    member, visitor = doomed.member(account=True), Visitor(doomed)
    visitor.get("/connexion")
    dies(visitor, "/connexion", {"email": member.email, "password": PASSWORD}, at)
    assert visitor.give_password(member).leads_to == "/connexion/code"
    doomed.first.advance(LEASE)
    doomed.relay.wait_for(member.email)

    member, again = doomed.member(account=True), Visitor(doomed)
    code = again.at_code(member)
    again.get("/connexion/code")
    before = doomed.events("sign_in.done")
    dies(again, "/connexion/code", {"security_code": code}, at)
    done = doomed.events("sign_in.done") - before
    assert done <= 1
    again.give_code(code)
    if not done:
        assert again.is_in()
    assert doomed.events("sign_in.done") - before == 1


DIALOGUE = ("greeting", "sender", "data", "end", "answered")


@pytest.mark.long
@pytest.mark.parametrize("point", DIALOGUE)
def test_a_sender_killed_in_the_dialogue_loses_nothing(
    own_portal: NewPortal, point: str, tell: Tell
) -> None:
    """S11: a second copy only from the mail's end on, the same to the last byte."""
    own = own_portal(WEB_CONCURRENCY="1")
    own.first.start()
    member, visitor = own.member(), Visitor(own)
    struck = threading.Event()

    def strike(reached: str) -> None:
        if reached == point and not struck.is_set():
            struck.set()
            own.first.kill()

    visitor.prove_letter(member)
    visitor.get("/inscription/cgu")
    own.relay.at = strike
    try:
        visitor.post("/inscription/cgu", {"accept": "y"})
    except BROKEN:
        visitor.accept_terms()
    assert struck.wait(30)
    wait_until(lambda: own.first.workers, what="no successor")
    own.first.advance(LEASE)
    own.relay.wait_for(member.email)
    own.all_sent()
    copies = own.relay.to(member.email)
    late = point in ("end", "answered")
    assert len(copies) <= (2 if late else 1)
    assert len({each.raw for each in copies}) == 1
    oracle.check(own, copies=2 if late else 1)
    oracle.ended_well(own)
    tell(f"sender killed at « {point} »: {len(copies)} copy, lost 0")


@pytest.mark.long
def test_a_worker_of_its_own_told_to_stop_finishes_its_mail(own_portal: NewPortal) -> None:
    """S11: SIGTERM, the mail under way leaves, the process ends well within 15 seconds."""
    own = own_portal(WEB_CONCURRENCY="1")
    own.first.start()
    reached = threading.Event()

    def slow(point: str) -> None:
        if point == "data":
            reached.set()
            time.sleep(1)

    own.relay.at = slow
    member = own.member()
    Visitor(own).register(member)
    assert reached.wait(10)
    began = time.monotonic()
    own.first.stop()
    assert time.monotonic() - began < 15
    assert len(own.relay.to(member.email)) == 1
    assert own.waiting_mails() == 0
