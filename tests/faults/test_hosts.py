"""Two gunicorns on one database: no stickiness, clocks apart, keys changed."""

from email.utils import parsedate_to_datetime

import pytest

from tests.faults import oracle
from tests.faults.conftest import NewPortal, Tell
from tests.faults.portal import Portal, wait_until
from tests.faults.visitor import Visitor, mailed_link

TODAY = "the secret key of today and long enough too"


class Alternating(Visitor):
    """Each request goes to the other host."""

    def request(self, *words, **headers):
        hosts = self.portal.hosts
        self.host = hosts[(hosts.index(self.host) + 1) % len(hosts)]
        return super().request(*words, **headers)


@pytest.fixture
def two(own_portal: NewPortal) -> Portal:
    """Two hosts of one process each."""
    portal = own_portal(WEB_CONCURRENCY="1")
    portal.another_host()
    for host in portal.hosts:
        host.start()
    return portal


def test_a_member_registers_and_signs_in_on_two_hosts_in_turn(two: Portal) -> None:
    """S16 c, S08: every request on the other host; what one ends is over on both."""
    member, visitor = two.member(), Alternating(two)
    visitor.register(member)
    Alternating(two).confirm(mailed_link(two, member))

    code = visitor.at_code(member)
    assert visitor.give_code(code).leads_to == "/espace"
    assert visitor.is_in() and visitor.is_in()
    stolen = visitor.twin()
    visitor.get("/espace")
    visitor.post("/deconnexion")
    for host in two.hosts:
        stolen.host = host
        assert not Visitor.is_in(stolen)


@pytest.mark.long
@pytest.mark.parametrize("seconds", [4, 600, 1200])
def test_hosts_whose_clocks_differ_agree_about_what_is_fresh(
    two: Portal, seconds: int, tell: Tell
) -> None:
    """S04: a link made on the host that is ahead opens on the one that is behind, and back.
    Libraries see the moved clock too (tests/faults/wsgi.py)."""
    ahead, behind = two.hosts
    ahead.advance(seconds / 2)
    behind.advance(-seconds / 2)
    dates = [Visitor(two, host).get("/connexion").headers["Date"] for host in two.hosts]
    apart = parsedate_to_datetime(dates[0]) - parsedate_to_datetime(dates[1])
    assert abs(apart.total_seconds() - seconds) < 30, "the clocks did not move"
    for made, opened in ((ahead, behind), (behind, ahead)):
        member = two.member()
        Visitor(two, made).register(member)
        wait_until(lambda m=member: two.relay.to(m.email), 40, "no mail")
        other = Visitor(two, opened)
        other.confirm(mailed_link(two, member))
        visitor = Visitor(two, made)
        assert visitor.give_password(member).leads_to == "/connexion/code"
        if seconds < 60:  # minutes apart, the other host's sender may think a code too old to leave
            wait_until(lambda m=member: two.relay.security_codes(m.email), 40, "no code")
            code = two.relay.security_codes(member.email)[0].code(6)
            assert visitor.give_code(code).leads_to == "/espace"
    tell(f"hosts {seconds} s apart: links good both ways")


@pytest.mark.long
def test_five_minutes_are_five_minutes_and_a_day_is_a_day(two: Portal) -> None:
    """S04, S07: just before its end it opens, just after it does not."""
    host = two.first
    members = [two.member(account=True) for _ in range(2)]
    visitors = [Visitor(two) for _ in members]
    codes = [v.at_code(m) for v, m in zip(visitors, members, strict=True)]
    host.advance(280)
    assert visitors[0].give_code(codes[0]).leads_to == "/espace"
    host.advance(301)
    assert visitors[1].give_code(codes[1]).status == 422
    assert two.events("sign_in.code_refused") == 0  # no try was spent

    host.advance(0)
    early, late = two.member(), two.member()
    for member in (early, late):
        Visitor(two).register(member)
        mailed_link(two, member)
    day = 24 * 3600
    host.advance(day - 60)
    visitor = Visitor(two)
    visitor.confirm(mailed_link(two, early))
    assert "finalisée" in visitor.get(mailed_link(two, early)).text
    host.advance(day + 5)
    page = Visitor(two).get(mailed_link(two, late))
    assert page.status == 200 and "Je crée mon compte" in page.text
    host.advance(0)


@pytest.mark.long
def test_a_clock_that_jumps_back_locks_nobody_out(two: Portal) -> None:
    """S04: an hour ahead, five wrong passwords, the clock set right: the wait is not eternal."""
    member, host = two.member(account=True), two.first
    host.advance(3600)
    for _ in range(5):
        Visitor(two).give_password(member, "un mot de passe qui est faux")
    host.advance(0)
    refused = Visitor(two).give_password(member)
    assert refused.status in (303, 429)
    host.advance(3600 + 3700)
    assert Visitor(two).give_password(member).status == 303


@pytest.mark.long
def test_a_new_secret_key_leaves_nobody_behind(own_portal: NewPortal, tell: Tell) -> None:
    """S08: link, session, paper letter and letter under way were made under the former key."""
    portal = own_portal(WEB_CONCURRENCY="1")
    portal.first.start()
    linked, signed, paper = portal.member(), portal.member(account=True), portal.member()
    registering, session = Visitor(portal), Visitor(portal)
    registering.register(linked)
    link = mailed_link(portal, linked)
    session.sign_in(signed)
    portal.relay.mood = "busy"
    waiting = portal.member()
    Visitor(portal).register(waiting)
    portal.first.stop()
    portal.relay.mood = "takes"

    today = {"SECRET_KEY": TODAY, "SECRET_KEY_FALLBACKS": portal.environment["SECRET_KEY"]}
    host = portal.another_host(**today)
    host.advance(20)
    host.start()
    session.host = registering.host = host
    assert session.is_in()
    Visitor(portal, host).confirm(link)
    assert Visitor(portal, host).give_password(linked).leads_to == "/connexion/code"
    Visitor(portal, host).register(paper)
    portal.relay.wait_for(waiting.email)
    portal.all_sent()
    oracle.check(portal)
    tell("SECRET_KEY changed: session, link, paper letter and waiting mail still good")
