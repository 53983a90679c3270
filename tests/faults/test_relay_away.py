"""The mail relay refuses, hangs, stammers: pages answer as ever, letters leave once it is back."""

import statistics
import time

import pytest

from tests.faults import oracle
from tests.faults.conftest import ALL, NewPortal, Tell
from tests.faults.portal import Portal, wait_until
from tests.faults.relay import MOODS
from tests.faults.visitor import Visitor
from webapp.models import OutboxLetter

BAD_DAYS = [mood for mood in MOODS if mood not in ("takes", "never", "drops")]
BLOCKS, PAGES = 2, 75  # 2 x 300: of sixty, p95 is the third slowest: chance alone


def percentile(times: list[float], share: float = 0.95) -> float:
    return sorted(times)[int(len(times) * share)]


@pytest.mark.parametrize("mood", BAD_DAYS if ALL else ["silent"])
def test_a_mail_waits_for_its_relay_and_leaves_once(
    own_portal: NewPortal, mood: str, tell: Tell
) -> None:
    """S09 a-d: the page answers at once; within the minute of the return, one letter."""
    portal = own_portal(WEB_CONCURRENCY="1")
    portal.first.start()
    portal.relay.mood = mood
    member, visitor = portal.member(), Visitor(portal)
    visitor.prove_letter(member)
    visitor.get("/inscription/cgu")
    began = time.perf_counter()
    assert visitor.post("/inscription/cgu", {"accept": "y"}).status == 303
    answered = time.perf_counter() - began
    assert answered < 1
    if mood != "silent":  # nothing is tried again before its back-off
        attempted = (OutboxLetter.attempts > 0, OutboxLetter.state == "ready")
        wait_until(lambda: portal.count(OutboxLetter, *attempted) == 1, 20, "not tried")
    portal.relay.mood = "takes"
    back = time.perf_counter()
    portal.relay.wait_for(member.email, seconds=60)
    tell(
        f"relay « {mood} »: page in {answered * 1000:.0f} ms, "
        f"letter {time.perf_counter() - back:.0f} s after its return"
    )
    portal.all_sent()
    assert len(portal.relay.to(member.email)) == 1
    oracle.check(portal)
    oracle.ended_well(portal)


def test_an_address_that_the_relay_refuses_is_told_and_mended(town: Portal) -> None:
    """S09 e: 550, no storm; the member sees it and gives another address."""
    member, visitor = town.member(), Visitor(town)
    town.relay.mood = "never"
    visitor.register(member)
    failed = (OutboxLetter.state == "failed",)
    before = len([each for each in town.relay.commands if each.startswith(b"RCPT")])
    wait_until(lambda: town.count(OutboxLetter, *failed) >= 1, 20, "not failed")
    town.relay.mood = "takes"
    page = visitor.get("/inscription/confirmation").text
    assert "prise en compte" in page and "adresse" in page
    other = f"autre-{member.email}"
    fields = {"email": other, "access_code": member.access_code}
    answer = visitor.post("/inscription/adresse", fields)
    assert answer.status == 303
    town.relay.wait_for(other)
    tries = len([each for each in town.relay.commands if each.startswith(b"RCPT")])
    assert tries - before <= 3
    assert town.relay.to(member.email) == []


@pytest.mark.long
def test_a_relay_that_forgets_to_answer_gets_the_same_mail_again(
    own_portal: NewPortal, tell: Tell
) -> None:
    """S11: it took the letter and hung up: once more, the same to the byte."""
    portal = own_portal(WEB_CONCURRENCY="1")
    portal.first.start()
    portal.relay.mood = "drops"
    member = portal.member()
    Visitor(portal).register(member)
    portal.relay.wait_for(member.email)
    portal.relay.mood = "takes"
    portal.all_sent()
    copies = portal.relay.to(member.email)
    assert len(copies) == 2
    assert len({each.raw for each in copies}) == 1
    tell("relay that drops after DATA: 2 copies, identical")
    oracle.check(portal, copies=2)


@pytest.mark.long
def test_a_security_code_that_could_not_leave_in_time_never_leaves(
    own_portal: NewPortal,
) -> None:
    """S09: a late code helps nobody."""
    portal = own_portal(WEB_CONCURRENCY="1")
    portal.first.start()
    portal.relay.mood = "busy"
    member, visitor = portal.member(account=True), Visitor(portal)
    assert visitor.give_password(member).leads_to == "/connexion/code"
    tried = (OutboxLetter.attempts > 0, OutboxLetter.state == "ready")
    wait_until(lambda: portal.count(OutboxLetter, *tried), 20, "not tried")
    portal.first.advance(301)
    portal.relay.mood = "takes"
    expired = (OutboxLetter.state == "expired",)
    wait_until(lambda: portal.count(OutboxLetter, *expired) == 1, 20, "not expired")
    assert portal.relay.to(member.email) == []
    oracle.ended_well(portal)


@pytest.mark.long
def test_pages_are_as_fast_while_the_relay_is_silent(town: Portal, tell: Tell) -> None:
    """S09, figure: p95 of the page that writes a mail, relay up and down in turn. By blocks: a
    sender that meets silence waits ten seconds, whatever the relay's mood is by then."""
    times: dict[str, list[float]] = {"takes": [], "silent": []}
    for mood in ("takes", "silent", "silent", "takes") * BLOCKS:
        _let_the_senders_feel(town, mood)
        times[mood] += [_seconds_of_the_terms(town) for _ in range(PAGES)]
    up, down = (percentile(times[mood]) for mood in ("takes", "silent"))
    middle = [statistics.median(times[mood]) for mood in ("takes", "silent")]
    tell(
        f"relay down: page p95 {down * 1000:.0f} ms, up {up * 1000:.0f} ms: {down / up:.2f} x "
        f"(medians {middle[1] * 1000:.0f} and {middle[0] * 1000:.0f} ms, 2 x {len(times['takes'])})"
    )
    town.relay.mood = "takes"
    town.first.advance(5000)  # past every back-off
    town.all_sent(120)
    assert down <= up * 1.2


def _let_the_senders_feel(town: Portal, mood: str) -> None:
    """Change the relay's mood; returns once a letter came through, or hangs."""
    town.relay.mood = mood
    member, visitor = town.member(), Visitor(town)
    visitor.register(member)
    if mood == "takes":
        town.relay.wait_for(member.email)
    else:
        claimed = (OutboxLetter.state == "claimed",)
        wait_until(lambda: town.count(OutboxLetter, *claimed), 20, "no sender hangs")


def _seconds_of_the_terms(town: Portal) -> float:
    """How long the page takes that writes a registration and its mail."""
    visitor, member = Visitor(town), town.member()
    visitor.prove_letter(member)
    visitor.get("/inscription/cgu")
    began = time.perf_counter()
    assert visitor.post("/inscription/cgu", {"accept": "y"}).status == 303
    return time.perf_counter() - began
