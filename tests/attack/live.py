"""Tools that attack the running portal, from the street and from inside a member's space."""

import json
import re
import shutil
import sys

from tests.attack.tools import ABSENT, BUILD, Verdict, last_line, program, run
from tests.faults.portal import Portal
from tests.faults.proxy import installed
from tests.faults.relay import HOST
from tests.faults.visitor import Visitor

STREET = {  # path: its fields
    "/connexion": "email=a@example.org&password=x",
    "/inscription": "number=1&access_code=2&email=a@example.org&password=x",
    "/mot-de-passe-oublie": "email=a@example.org&number=1",
    "/connexion/cle/directe": "answer=x&challenge=y",
}
INSIDE = {
    "/espace/preuve": "present_password=x",
    "/espace/securite/mot-de-passe": "present_password=x&password=y&password_repeat=y",
    "/espace/securite/email": "email=b@example.org&present_password=x",
    "/espace/mes-donnees/fermer": "present_password=x",
}
LEAVING = ("/deconnexion", "/espace/securite/deconnecter-partout")
# Over plain HTTP on loopback: no HSTS, no Secure cookie (tests/unit/web/test_headers.py holds both)
EXPLAINED = {
    "HTTP Strict Transport Security (HSTS)",
    "HTTP Secure Headers",
    "Secure Flag cookie",
    "Secure cookie flag",
    "Unencrypted Channels",
}
# without ssrf and xxe, which call a server of its authors
_MODULES = (
    "csp,cookieflags,crlf,exec,file,http_headers,permanentxss,redirect,sql,xss,csrf,backup,methods,"
    "upload,brute_login_form"
)


def wapiti(town: Portal) -> Verdict:
    """A crawl and its attacks by nobody."""
    return _wapiti(town, "wapiti")


def wapiti_inside(town: Portal) -> Verdict:
    """The same by a member who is signed in; not through the doors that end the session."""
    member = Visitor(town)
    member.sign_in(town.member(account=True))
    site = f"http://{HOST}:{town.first.port}"
    leaving = [word for path in LEAVING for word in ("-x", site + path)]
    kept = ["-C", member.cookie_line(), "--drop-set-cookie"]
    return _wapiti(town, "wapiti-inside", *kept, *leaving)


def _wapiti(town: Portal, report: str, *options: str) -> Verdict:
    if not (tool := program("wapiti")):
        return ABSENT
    file = BUILD / f"{report}.json"
    file.unlink(missing_ok=True)
    start = "espace" if options else ""
    code, text = run(
        f"{report}.txt", tool, "-u", f"http://{HOST}:{town.first.port}/{start}", "-f", "json",
        "-o", file, "--scope", "domain", "--flush-session", "--max-scan-time", "200",
        "--max-attack-time", "60", "--no-bugreport", "-m", _MODULES, *options,
        seconds=560,
    )  # fmt: skip
    if not file.exists():
        return "missing", f"it did not run ({code}): {last_line(text)}"
    told = json.loads(file.read_text())
    kinds = {**told["vulnerabilities"], **told.get("anomalies", {})}
    found = {name: len(each) for name, each in kinds.items() if each and name not in EXPLAINED}
    pages = told.get("infos", {}).get("crawled_pages_nbr", "?")
    return ("found" if found else "clean"), f"{pages} pages: {found or 'nothing'}"


def sqlmap(town: Portal) -> Verdict:
    """Every field, cookie and header of the street's forms."""
    return _sqlmap(town, STREET, "")


def sqlmap_inside(town: Portal) -> Verdict:
    """The same in a member's space, in that member's session."""
    member = Visitor(town)
    member.sign_in(town.member(account=True))
    return _sqlmap(town, INSIDE, member.cookie_line())


def _sqlmap(town: Portal, forms: dict[str, str], cookies: str) -> Verdict:
    if not (tool := program("sqlmap")):
        return ABSENT
    found, whole = [], []
    for path, fields in forms.items():
        url = f"http://{HOST}:{town.first.port}{path}"
        page = url.removesuffix("/cle/directe")
        _, text = run(
            f"sqlmap{path.replace('/', '-')}.txt", tool, "-u", url, "--data",
            f"{fields}&csrf_token=x", "--csrf-token=csrf_token", f"--csrf-url={page}",
            *(["--cookie", cookies] if cookies else []),
            "--batch", "--level=2", "--risk=2", "--flush-session", "--disable-coloring",
            "--technique=BEUS", "--ignore-code=*", f"--output-dir={BUILD / 'sqlmap'}",
            seconds=140,
        )  # fmt: skip
        if re.search(r"is vulnerable|identified the following injection", text):
            found.append(path)
        if "do not appear to be injectable" in text:
            whole.append(path)
    if found:
        return "found", f"injection at {found}"
    told = f"{len(whole)} of {len(forms)} forms to their end, nothing"
    return ("clean" if len(whole) == len(forms) else "missing"), told


def slow_clients(_town: Portal) -> Verdict:
    """slowhttptest in its three modes, against the proxy sample."""
    if not (installed() and shutil.which("slowhttptest")):
        return "missing", "apt-get install nginx-light slowhttptest"
    pytest = [sys.executable, "-m", "pytest", "-q", "-k", "slow_clients"]
    code, text = run("slowhttptest.txt", "env", "FAULTS=1", *pytest, "tests/faults/test_proxy.py")
    return ("found" if code else "clean"), last_line(text)
