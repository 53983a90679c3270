"""Tools that attack the running portal, from the street and from inside a member's space."""

import shutil
import sys

from tests.attack import scanners
from tests.attack.scanners import Target
from tests.attack.tools import Verdict, last_line, run
from tests.attack.town import Town
from tests.faults.proxy import installed
from tests.faults.visitor import Visitor

STREET = (
    Target("/connexion", "/connexion", {"email": "a@example.org", "password": "x"}),
    Target(
        "/inscription", "/inscription",
        {"number": "1", "access_code": "2", "email": "a@example.org", "password": "x"},
    ),
    Target(
        "/mot-de-passe-oublie", "/mot-de-passe-oublie", {"email": "a@example.org", "number": "1"}
    ),
    Target("/connexion", "/connexion/cle/directe", {"answer": "x", "challenge": "y"}),
)  # fmt: skip
_NEW = {"password": "y", "password_repeat": "y"}
INSIDE = tuple(
    Target(action, action, {"present_password": "x", **fields})
    for action, fields in {
        "/espace/preuve": {},
        "/espace/securite/mot-de-passe": _NEW,
        "/espace/securite/email": {"email": "b@example.org"},
        "/espace/mes-donnees/fermer": {},
    }.items()
)
LEAVING = ("/deconnexion", "/espace/securite/deconnecter-partout")


def wapiti(town: Town) -> Verdict:
    """A crawl and its attacks by nobody."""
    return scanners.wapiti(town.portal_site, "wapiti")


def wapiti_inside(town: Town) -> Verdict:
    """The same by a member who is signed in; not through the doors that end the session."""
    return scanners.wapiti(
        town.portal_site, "wapiti-inside", starts=["/espace"], cookies=_member(town),
        leaving=LEAVING,
    )  # fmt: skip


def sqlmap(town: Town) -> Verdict:
    """Every field, cookie and header of the street's forms."""
    return scanners.sqlmap(town.portal_site, "sqlmap", STREET)


def sqlmap_inside(town: Town) -> Verdict:
    """The same in a member's space, in that member's session."""
    return scanners.sqlmap(town.portal_site, "sqlmap", INSIDE, cookies=_member(town))


def _member(town: Town) -> str:
    member = Visitor(town.portal)
    member.sign_in(town.portal.member(account=True))
    return member.cookie_line()


def slow_clients(_town: Town) -> Verdict:
    """slowhttptest in its three modes, against the proxy sample."""
    if not (installed() and shutil.which("slowhttptest")):
        return "missing", "apt-get install nginx-light slowhttptest"
    pytest = [sys.executable, "-m", "pytest", "-q", "-k", "slow_clients"]
    code, text = run("slowhttptest.txt", "env", "FAULTS=1", *pytest, "tests/faults/test_proxy.py")
    return ("found" if code else "clean"), last_line(text)
