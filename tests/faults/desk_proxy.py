"""The desk as it is installed: `gunicorn wsgi:desk` behind nginx-desk.conf, with TLS, on the nginx
that has the portal's sample too; and operators who come to it."""

import http.client
import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

from tests.faults import proxy
from tests.faults.desk import desk_host, session_of
from tests.faults.portal import Host, Portal, free_port
from tests.faults.proxy import certify
from tests.faults.relay import HOST
from tests.faults.visitor import Answer, Visitor
from webapp.rules.roles import Role
from webapp.settings import ROOT

DEPLOY = ROOT / "deploy"
DESK = "guichet.intra.example.org"
# the sample's networks, on loopback: the call centre, the VPN; and an address of neither
CALL_CENTRE, VPN, STRANGER = "127.0.3.9", "127.0.0.1", "127.0.9.9"
_NETWORKS = {"10.20.0.0/16": "127.0.3.0/24", "192.168.40.0/24": f"{VPN}/32"}


class Operator(Visitor):
    """An operator's browser, that comes through nginx from an address of its own."""

    def __init__(self, portal: Portal, port: int, source: str = CALL_CENTRE):
        super().__init__(portal)
        self.port, self.source = port, source
        self.asks_by, self.names = DESK, DESK  # SNI, and the header Host

    def comes_to_work(self, role: Role, name: str = "") -> "Operator":
        """With a session, as the services give it to a key."""
        self.cookies["__Host-guichet"] = session_of(self.portal, role, name)
        return self

    def request(self, verb: str, path: str, body: str | bytes | None, **headers: str) -> Answer:
        """As any browser: of this site, by its name."""
        return super().request(verb, path, body, **{"Host": self.names} | headers)

    def uploads(self, content: bytes, name: str = "adherents.csv", **fields: str) -> Answer:
        """A roll, in the form of the page seen last."""
        edge = uuid4().hex
        parts = [
            f'--{edge}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
            for key, value in {"csrf_token": self.token, **fields}.items()
        ]
        file = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        body = ("".join(parts) + file).encode() + content + f"\r\n--{edge}--\r\n".encode()
        kind = f"multipart/form-data; boundary={edge}"
        return self.request("POST", "/imports", body, **{"Content-Type": kind})

    def floods(self, path: str, times: int) -> dict[int, Answer]:
        """Asks so often on one connection; the first answer of each status."""
        connection, first = self._connection(), dict[int, Answer]()
        for _ in range(times):
            connection.request("GET", path, headers={"Host": self.names})
            with connection.getresponse() as answer:
                text = answer.read().decode()
            first.setdefault(answer.status, Answer(answer.status, answer.headers, text))
        connection.close()
        return first

    def presses(self, page: str, action: str) -> Answer:
        """The button of this page that posts there."""
        shown = self.get(page).text
        assert f'action="{action}"' in shown, f"no button on {page} to {action}"
        seen = re.findall(r'name="seen" value="([^"]+)"', shown)
        return self.post(action, {"seen": seen[0]} if seen else {})

    def _connection(self) -> http.client.HTTPConnection:
        if self.asks_by == HOST:  # past nginx, as nginx itself
            return http.client.HTTPConnection(HOST, self.port, self.seconds)
        return _ByAnotherName(self.asks_by, self.port, self.source, self.seconds)


class _ByAnotherName(http.client.HTTPSConnection):
    """To loopback, whatever the name; the certificate is nobody's."""

    def __init__(self, name: str, port: int, source: str, seconds: float):
        trusting = ssl.create_default_context()
        trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
        super().__init__(name, port, timeout=seconds, context=trusting)
        self._from, self._trusting = source, trusting

    def connect(self) -> None:
        """TLS to the name, from the source."""
        plain = socket.create_connection((HOST, self.port), self.timeout, (self._from, 0))
        self.sock = self._trusting.wrap_socket(plain, server_hostname=self.host)


def desk_of(portal: Portal) -> Host:
    """The desk of a portal, by its name, not started."""
    portal.environment["DESK_URL"] = f"https://{DESK}"
    return desk_host(portal, WEB_CONCURRENCY="1", MAIL_WORKER="external")


@contextmanager
def behind_nginx(portal: Portal, desk: Host, *, alone: bool = False) -> Iterator[int]:
    """nginx with the desk's sample, and the portal's beside it unless `alone`; yields its port."""
    port, folder = free_port(), portal.folder / "desk-tls"
    folder.mkdir(exist_ok=True)
    certify(folder, DESK)
    text = (DEPLOY / "nginx-desk.conf").read_text()
    for network, here in _NETWORKS.items():
        text = text.replace(network, here)
    text = text.replace("/etc/ssl/portal-desk", str(folder)).replace(
        "/srv/portal/deploy", str(DEPLOY)
    )
    text = text.replace("127.0.0.1:8010", f"{HOST}:{desk.port}")
    if not alone:
        beside = proxy.SAMPLE.read_text().replace("/etc/ssl/portal", str(folder))
        text += beside.replace("listen 80", f"listen {HOST}:{free_port()}")
    with proxy.running(portal, text.replace("listen 443", f"listen {HOST}:{port}")):
        yield port
