"""Requests that no browser sends: malformed, oversized, forged, foreign. Never a 5xx, no effect."""

import random
import re
import socket
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote_from_bytes

import pytest

from tests.faults.conftest import ALL, Tell
from tests.faults.portal import Portal
from tests.faults.relay import HOST
from tests.faults.visitor import FORM, Visitor
from webapp import create_app
from webapp.models import Account

MANY = 10_000 if ALL else 200
FIELDS = (
    "number", "access_code", "email", "password", "password_repeat", "accept", "security_code",
    "activation_code", "present_password", "csrf_token", "remember", "rank", "account_id", "name",
    "app_code", "recovery_code", "address_code", "answer", "challenge", "version",
)  # fmt: skip
PIECES = (
    b"\x00", b"\xff\xfe", b"\xed\xa0\x80", b"' OR 1=1 --", b"{{7*7}}", b"%0d%0aX: y", b"\r\nX: y",
    b"../../etc/passwd", b"a" * 3000, b"9" * 400, "é\u202e\u2028".encode(), b"a@b.fr\r\nBcc: x@y",
    b"<svg onload=a>", b"=HYPERLINK(1)", b"\\u0000", b"", b"-1", b"1e999", b"${jndi:x}", b"%2500",
)  # fmt: skip
NOT_IMPLEMENTED = "501"  # gunicorn's own word for an unknown Transfer-Encoding (RFC 9112, 6.1)
KINDS = (FORM, "application/json", "multipart/form-data; boundary=x", "text/xml", "", "x" * 200)
NAMES = (
    "Cookie", "Origin", "Referer", "Sec-Fetch-Site", "HX-Request", "HX-Request-Type",
    "HX-Current-URL", "X-Forwarded-For", "X-Forwarded-Host", "Accept-Encoding", "If-None-Match",
    "Range", "Content-Type", "Transfer-Encoding", "Content-Length", "X-HTTP-Method-Override",
)  # fmt: skip


def raw(portal: Portal, request: bytes, seconds: float = 15) -> bytes:
    """Every byte that comes back."""
    with socket.create_connection((HOST, portal.first.port), timeout=seconds) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        while piece := connection.recv(65_536):
            answer += piece
        return answer


def all_paths(portal: Portal) -> list[str]:
    """Every route of the portal, and some that there are not."""
    rules = create_app(portal.settings, portal.world, portal.engine).url_map.iter_rules()
    paths = {re.sub(r"<[^>]*:[^>]*>", "1", rule.rule) for rule in rules}
    return [*sorted(re.sub(r"<[^>]*>", "x", path) for path in paths), "/nulle-part"]


def hostile(chance: random.Random, paths: list[str], cookie: str, token: str) -> bytes:
    """One request that is wrong in a few ways."""
    verb = chance.choice(["GET", "POST", "POST", "POST", "HEAD", "PUT", "OPTIONS", "BREW"])
    path = chance.choice(paths)
    if chance.random() < 0.3:
        path += chance.choice("/?") + quote_from_bytes(chance.choice(PIECES))[:1500]
    fields = chance.sample(FIELDS, chance.randint(0, 6))
    pairs = [f"{name}={quote_from_bytes(chance.choice(PIECES))}" for name in fields]
    if chance.random() < 0.7:
        pairs.append(f"csrf_token={token}")
    body = "&".join(pairs).encode() if chance.random() < 0.8 else chance.randbytes(200)
    headers = {"Host": HOST, "Cookie": cookie, "Content-Type": chance.choice(KINDS)}
    headers["Content-Length"] = str(len(body))
    for name in chance.sample(NAMES, chance.randint(0, 3)):
        value = chance.choice(PIECES)[:2000]
        headers[name] = value.replace(b"\r", b"").replace(b"\n", b"").decode("latin-1")
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"{verb} {path} HTTP/1.1\r\n{lines}Connection: close\r\n\r\n".encode("latin-1") + body


def test_ten_thousand_hostile_requests_are_no_fault_of_ours(town: Portal, tell: Tell) -> None:
    """S21: from the street, in a registration, at the code and in the space, on every route."""
    paths, visitors = all_paths(town), [Visitor(town) for _ in range(6)]
    visitors[0].get("/connexion")
    visitors[1].prove_letter(town.member())
    visitors[2].at_code(town.member(account=True))
    visitors[2].get("/connexion/code")
    for inside in visitors[3:]:
        inside.sign_in(town.member(account=True))
        inside.get("/espace")
    accounts = town.count(Account)
    faults: list[bytes] = []

    def burst(seed: int) -> Counter[str]:
        chance, seen = random.Random(seed), Counter[str]()
        for _ in range(MANY // 8):
            visitor = chance.choice(visitors)
            try:
                answer = raw(town, hostile(chance, paths, visitor.cookie_line(), visitor.token))
            except ConnectionError:
                answer = b"HTTP/1.1 cut"
            status = answer[9:12].decode("latin-1") or "cut"
            seen[status] += 1
            if status.startswith("5") and status != NOT_IMPLEMENTED:
                faults.append(answer[:60])
        return seen

    with ThreadPoolExecutor(8) as threads:
        seen = sum(threads.map(burst, range(8)), Counter[str]())
    told = dict(seen.most_common())
    tell(
        f"{sum(seen.values())} hostile requests on {len(paths)} routes: "
        f"{len(faults)} x 5xx ({told})"
    )
    assert faults == []
    assert town.count(Account) == accounts


@pytest.mark.parametrize(
    "head",
    [
        b"Host: evil.example\r\n",
        b"Host: 127.0.0.1\r\nHost: evil.example\r\n",
        b"Host: 127.0.0.1@evil.example\r\n",
        b"Host: evil.example:80\r\n",
        b"Host: [::1]evil\r\n",
        b"Host: 127.0.0.1.\r\n",
    ],
)
def test_another_host_s_name_is_refused(town: Portal, head: bytes) -> None:
    """S18."""
    answer = raw(town, b"GET /connexion HTTP/1.1\r\n" + head + b"Connection: close\r\n\r\n")
    assert answer[9:12] in (b"400", b"421", b""), answer[:200]
    assert b"evil" not in answer


def test_links_in_mails_are_of_public_url_whatever_was_forwarded(town: Portal) -> None:
    """S18: the worker that writes them knows no request."""
    member, visitor = town.member(), Visitor(town)
    visitor.prove_letter(member)
    visitor.accept_terms(X_Forwarded_Host="evil.example", X_Forwarded_Proto="https", Forwarded="x")
    assert f"{town.settings.public_url}/inscription" in town.relay.wait_for(member.email).text


SMUGGLED = {
    "length and chunks": b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x",
    "two lengths": b"Content-Length: 4\r\nContent-Length: 40\r\n\r\nabcd",
    "odd chunking": b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "signed length": b"Content-Length: +4\r\n\r\nabcd",
    "bad chunk": b"Transfer-Encoding: chunked\r\n\r\nZZ\r\n\r\n",
}


@pytest.mark.parametrize("name", SMUGGLED)
def test_a_smuggled_request_is_refused_and_cut(town: Portal, name: str) -> None:
    """S21, ASVS 4.2.1: what follows is never answered as a request of its own."""
    head = b"POST /connexion HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/plain\r\n"
    answer = raw(town, head + SMUGGLED[name])
    assert b"HTTP/1.1 2" not in answer and b"HTTP/1.1 404" not in answer


EVIL = (
    "//evil.example", "/\\evil.example", "\\/evil.example", "///evil.example", "/%09/evil.example",
    "https:evil.example", "javascript:alert(1)", "http://127.0.0.1@evil.example",
    "/%5cevil.example",
)  # fmt: skip


@pytest.mark.parametrize("evil", EVIL)
def test_no_answer_leads_off_the_site(town: Portal, evil: str) -> None:
    """S19: queries, referers and HTMX's own headers are no way to send anybody anywhere."""
    visitor = Visitor(town)
    for path in ("/espace", "/connexion", "/inscription/cgu"):
        for name in ("next", "suite", "fait"):
            answer = visitor.get(
                f"{path}?{name}={quote_from_bytes(evil.encode())}",
                Referer=evil, HX_Current_URL=evil, HX_Request_Type="partial",
            )  # fmt: skip
            for header in ("Location", "HX-Redirect", "HX-Location", "HX-Push-Url"):
                target = answer.headers.get(header, "/")
                assert target.startswith("/") and "evil" not in target


def _mails_begun(portal: Portal) -> int:
    return sum(each[:4].upper() == b"MAIL" for each in portal.relay.commands)


@pytest.mark.parametrize(
    "typed",
    [
        "a@b.fr\r\nBcc: x@y.fr",
        "a@b.fr%0d%0aBcc:x@y.fr",
        "a@b.fr\u2028",
        "a@b.fr\x00",
        '"a\nb"@c.fr',
    ],
)
def test_no_line_end_comes_into_a_mail_or_a_log(town: Portal, typed: str) -> None:
    """S20."""
    visitor = Visitor(town)
    town.all_sent()  # of the tests before
    begun = _mails_begun(town)
    answer = visitor.prove_letter(town.member(), email=typed)
    assert answer.status == 422
    assert _mails_begun(town) == begun
    assert not any(b"bcc" in each.lower() for each in town.relay.commands)
    visitor.get("/connexion", User_Agent='x"}\\n{"event":"login.ok"}')
    assert "login.ok" not in town.logs()


def test_a_mail_is_one_sender_one_recipient_and_no_header_of_others(town: Portal) -> None:
    """S20: what the relay heard, byte for byte."""
    town.all_sent()
    commands = len(town.relay.commands)
    member = town.member()
    Visitor(town).register(member)
    mail = town.relay.wait_for(member.email)
    town.all_sent()
    heard = [each[:4].upper() for each in town.relay.commands[commands:]]
    assert heard.count(b"MAIL") == heard.count(b"RCPT") == heard.count(b"DATA") == 1
    known = {
        "content-type", "mime-version", "subject", "from", "to", "date", "message-id",
        "auto-submitted", "content-language",
    }  # fmt: skip
    assert {name.lower() for name in mail.mail.keys()} <= known  # noqa: SIM118
