"""The desk of a portal under faults: gunicorn processes of its own, browsers of operators."""

from tests.faults.portal import Host, Portal, free_port
from tests.faults.relay import HOST
from tests.faults.visitor import Visitor
from tests.operators import operator
from webapp.rules.roles import Role
from webapp.services.kernel.work import Work
from webapp.services.operators import sessions


class DeskHost(Host):
    """The desk as wsgi.py serves it: by the machine's clock."""

    serves, ready = "wsgi:desk", "/sante"


def desk_host(portal: Portal, name: str = "desk", **environment: str) -> Host:
    """One more host of this portal's desk, not started; all of them have one address."""
    portal.environment.setdefault("DESK_URL", f"http://localhost:{free_port()}")
    host = DeskHost(portal, name, **environment)
    portal.hosts.append(host)
    return host


def session_of(portal: Portal, role: Role, name: str = "") -> str:
    """The cookie of an operator of this role, as the services give it to a key."""

    def come(work: Work) -> str:
        return sessions.mint(work, operator(work, name or f"{role}.un", role))

    return f"s.{portal.do(come)}"


def at_the_desk(portal: Portal, host: Host, role: Role, name: str = "") -> Visitor:
    """A browser in which an operator of this role is at work, on this host first."""
    browser = Visitor(portal, host)
    browser.cookies["guichet"] = session_of(portal, role, name)
    return browser


def address_of(host: Host) -> str:
    """Where it answers on this machine."""
    return f"http://{HOST}:{host.port}"
