"""A new version put in place while the former one serves: expand, then restart."""

import threading
from pathlib import Path

import pytest

from tests.faults import oracle
from tests.faults.conftest import NewPortal, Tell
from tests.faults.portal import Host, Portal, wait_until
from tests.faults.release import NEXT, host_of, next_release
from tests.faults.visitor import Visitor, mailed_link
from webapp.models import schema

pytestmark = pytest.mark.long


class Crowd:
    """Members who register and sign in on any host that serves, until told that it is over."""

    def __init__(self, portal: Portal, hosts: list[Host]):
        self._portal, self.hosts = portal, hosts
        self.statuses: list[int] = []
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._come, args=(n,)) for n in range(3)]

    def __enter__(self) -> "Crowd":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _come(self, turn: int) -> None:
        while not self._over.is_set():
            turn += 1
            visitor = Visitor(self._portal, self.hosts[turn % len(self.hosts)])
            member = self._portal.member()
            seen = [visitor.prove_letter(member), visitor.accept_terms()]
            visitor.host = self.hosts[(turn + 1) % len(self.hosts)]
            seen += [visitor.confirm(mailed_link(self._portal, member))]
            seen += [visitor.give_password(member)]
            self.statuses += [each.status for each in seen]


def test_the_schema_is_expanded_while_the_former_version_serves(
    own_portal: NewPortal, tmp_path: Path, tell: Tell
) -> None:
    """The new code waits for its schema, the former one serves on both, is restarted in between,
    and is gone back to; what was begun goes on. The new version is only what the container file
    copies."""
    portal = own_portal(WEB_CONCURRENCY="1")
    former = portal.first
    former.start()
    release = next_release(tmp_path / "release")
    new = host_of(portal, release)
    begun, signed = portal.member(), portal.member(account=True)
    registering, inside = Visitor(portal), Visitor(portal)
    registering.prove_letter(begun)
    inside.sign_in(signed)
    told = new.refuses_to_start()
    assert f"a schema of version {schema.wanted()}, this code serves {NEXT}: run" in told

    with Crowd(portal, [former]) as crowd:
        portal.flask("database", "upgrade", home=release)
        at_upgrade = len(crowd.statuses)
        new.start()
        crowd.hosts = [former, new]
        assert registering.accept_terms().leads_to == "/inscription/confirmation"
        registering.host = inside.host = new
        assert inside.is_in()
        registering.confirm(mailed_link(portal, begun))
        wait_until(lambda: len(crowd.statuses) > at_upgrade + 60)
        at_restart, crowd.hosts = len(crowd.statuses), [new]
        wait_until(lambda: len(crowd.statuses) > at_restart + 30)  # none is at the former one
        former.stop()
        former.start()
        at_return, crowd.hosts = len(crowd.statuses), [former]
        wait_until(lambda: len(crowd.statuses) > at_return + 60)
        inside.host = former
        assert inside.is_in()
    new.stop()
    told = portal.flask("database", "upgrade").stdout
    assert f"Rien à faire : la base est à la version « {NEXT} »" in told.replace("\u00a0", " ")
    failed = [each for each in crowd.statuses if each >= 500]
    assert failed == []
    portal.all_sent()
    oracle.check(portal)
    tell(f"schema expanded under load: {len(crowd.statuses)} requests, {len(failed)} failed")
