"""A visitor over real HTTP: cookies, forms, the steps of the procedure; no scripts."""

import gzip
import http.client
import re
import threading
from dataclasses import dataclass
from urllib.parse import urlencode

from player.members import Letter
from player.world import PASSWORD
from tests.faults.portal import Host, Portal, wait_until
from tests.faults.relay import HOST

FORM = "application/x-www-form-urlencoded"
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
_addresses = iter(f"10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}" for n in range(1, 2**24))
_turn = threading.Lock()


def new_address() -> str:
    """An address of origin that nobody came from yet (the proxy in front tells it)."""
    with _turn:
        return next(_addresses)


@dataclass(frozen=True)
class Answer:
    """An answer as it came."""

    status: int
    headers: http.client.HTTPMessage
    text: str

    @property
    def leads_to(self) -> str:
        """Where it redirects, "" for nowhere."""
        return self.headers.get("Location") or ""


class Visitor:
    """One browser. `host` may change between requests: nothing sticks to a server. `source` is an
    address of loopback to come from, where it matters."""

    source = ""

    def __init__(self, portal: Portal, host: Host | None = None, seconds: float = 60):
        self.portal, self.host = portal, host or portal.first
        self.cookies: dict[str, str] = {}
        self.token, self.address, self.seconds = "", new_address(), seconds

    def get(self, path: str, **headers: str) -> Answer:
        """Look at a page."""
        return self.request("GET", path, None, **headers)

    def post(self, path: str, fields: dict[str, str] | None = None, **headers: str) -> Answer:
        """Send a form with the token of the page seen last."""
        body = urlencode({"csrf_token": self.token, **(fields or {})})
        return self.request("POST", path, body, **{"Content-Type": FORM} | headers)

    def request(self, verb: str, path: str, body: str | bytes | None, **headers: str) -> Answer:
        """Send it, keep cookies and the form's token. Raises OSError or HTTPException."""
        sent = {"X-Forwarded-For": self.address, "Cookie": self.cookie_line()}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        connection = self._connection()
        try:
            connection.request(verb, path, body, sent)
            answer = connection.getresponse()
            raw = answer.read()
        finally:
            connection.close()
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = line.split(";")[0].partition("=")
            self.cookies[name] = value
        if answer.headers.get("Content-Encoding") == "gzip":
            raw = gzip.decompress(raw)
        text = raw.decode("utf-8", "replace")
        if found := _TOKEN.search(text):
            self.token = found[1]
        return Answer(answer.status, answer.headers, text)

    def _connection(self) -> http.client.HTTPConnection:
        where = self.source and (self.source, 0)
        return http.client.HTTPConnection(HOST, self.host.port, self.seconds, where or None)

    def cookie_line(self) -> str:
        """What the browser sends."""
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def twin(self) -> "Visitor":
        """The same browser, for one more request at the same time."""
        twin = Visitor(self.portal, self.host, self.seconds)
        twin.cookies, twin.token, twin.address = dict(self.cookies), self.token, self.address
        return twin

    def prove_letter(self, letter: Letter, **changes: str) -> Answer:
        """Screen 5."""
        self.get("/inscription")
        return self.post("/inscription", about_me(letter, **changes))

    def accept_terms(self, **headers: str) -> Answer:
        """Screen 6."""
        self.get("/inscription/cgu")
        return self.post("/inscription/cgu", {"accept": "y"}, **headers)

    def register(self, letter: Letter) -> None:
        """Screens 5 to 7."""
        assert self.prove_letter(letter).leads_to == "/inscription/cgu"
        assert self.accept_terms().leads_to == "/inscription/confirmation"

    def confirm(self, link: str) -> Answer:
        """Screen 8: the link opened, its button pressed."""
        self.get(link)
        return self.post(link)

    def give_password(self, letter: Letter, password: str = PASSWORD) -> Answer:
        """Screen 10."""
        self.get("/connexion")
        return self.post("/connexion", {"email": letter.email, "password": password})

    def give_code(self, code: str, **headers: str) -> Answer:
        """Screen 12."""
        self.get("/connexion/code")
        return self.post("/connexion/code", {"security_code": code}, **headers)

    def at_code(self, letter: Letter) -> str:
        """The right password given; returns the code that was mailed."""
        relay = self.portal.relay
        before = len(relay.security_codes(letter.email))
        assert self.give_password(letter).leads_to == "/connexion/code"
        wait_until(lambda: len(relay.security_codes(letter.email)) > before, what="no code")
        return relay.security_codes(letter.email)[before].code(6)

    def sign_in(self, letter: Letter) -> None:
        """Screens 10 to 12."""
        code = self.at_code(letter)
        assert self.give_code(code).leads_to == "/espace"

    def is_in(self) -> bool:
        """Whether the space opens."""
        return self.get("/espace").status == 200


def about_me(letter: Letter, **changes: str) -> dict[str, str]:
    """The five fields of screen 5."""
    return {
        "number": letter.number,
        "access_code": letter.access_code,
        "email": letter.email,
        "password": PASSWORD,
        "password_repeat": PASSWORD,
    } | changes


def mailed_link(portal: Portal, letter: Letter, many: int = 1) -> str:
    """The path of the link in the `many`th mail to this member."""
    return portal.relay.wait_for(letter.email, many).find(
        r"https?://[^/\s]+(/inscription/validation/\S+)"
    )
