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
from tests.faults.visitor import FORM, Visitor, about_me, mailed_link
from tests.world import PASSWORD
from webapp import create_app
from webapp.models import Account, JournalEntry, OutboxLetter, Registration, StoredSession

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
    commands = len(town.relay.commands)
    answer = visitor.prove_letter(town.member(), email=typed)
    assert answer.status == 422
    assert len(town.relay.commands) == commands
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


def test_a_form_that_another_site_or_nobody_s_token_sends_does_nothing(town: Portal) -> None:
    """S24: missing, foreign, old and another member's tokens; other sites; a recorded request."""
    first, second = town.member(account=True), town.member(account=True)
    mine, theirs, street = Visitor(town), Visitor(town), Visitor(town)
    street.get("/connexion")
    mine.sign_in(first)
    theirs.sign_in(second)
    mine.get("/espace")
    theirs.get("/espace")
    tables = (Account, Registration, OutboxLetter, StoredSession)
    before = [town.count(table) for table in tables]
    good = mine.token
    for token in ("", "x", street.token, theirs.token, good[:-1], good + "x"):
        mine.token = token
        assert mine.post("/espace/securite/deconnecter-partout").status in (303, 403, 422)
        mine.token = token
        assert mine.post("/deconnexion").status in (303, 403, 422)
        assert mine.is_in(), token
    mine.token = good
    for foreign in ({"Sec_Fetch_Site": "cross-site"}, {"Origin": "https://evil.example"}):
        assert mine.post("/deconnexion", **foreign).status == 403
        assert Visitor(town).post("/connexion", {"email": first.email}, **foreign).status == 403
    assert [town.count(table) for table in tables] == before

    recorded = mine.twin()
    assert mine.post("/deconnexion").status == 303
    assert not recorded.is_in()
    assert recorded.post("/espace/securite/deconnecter-partout").leads_to.startswith("/connexion")


def test_a_link_that_machines_open_is_not_pressed(town: Portal) -> None:
    """S05: HEAD, GET three times, prefetch, OPTIONS: nothing changed, no cookie, told to nobody."""
    member = town.member()
    Visitor(town).register(member)
    link = mailed_link(town, member)
    town.all_sent()
    events = town.count(JournalEntry)
    for verb, headers in (
        ("HEAD", {}), ("GET", {}), ("GET", {"Purpose": "prefetch"}), ("GET", {}), ("OPTIONS", {}),
    ):  # fmt: skip
        answer = Visitor(town).request(verb, link, None, **headers)
        assert answer.status == 200
        assert "no-store" in answer.headers["Cache-Control"]
        if verb == "GET":
            assert answer.headers["Referrer-Policy"] == "no-referrer"
            assert "s." not in str(answer.headers.get("Set-Cookie", ""))[:12]
    assert town.count(JournalEntry) == events
    assert town.count(Account, Account.email == member.email) == 0


def test_a_link_with_any_byte_changed_is_one_and_the_same_page(town: Portal) -> None:
    """S08."""
    member = town.member()
    Visitor(town).register(member)
    path, _, token = mailed_link(town, member).rpartition("/")
    pages = set()
    step = 1 if ALL else 12
    for at in range(0, len(token), step):
        changed = token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]
        answer = Visitor(town).get(f"{path}/{changed}")
        pages.add((answer.status, answer.text))
    for other in (token[:-4], token + token, "a" * 1500, "%00", ""):
        assert Visitor(town).get(f"{path}/{other}").status == 404
    assert Visitor(town).get(f"/mot-de-passe-oublie/nouveau/{token}").status == 404
    pages = {page for page in pages if page[0] != 200}  # the last sign may carry no bit
    assert len(pages) == 1 and next(iter(pages))[0] == 404


def test_a_cookie_that_somebody_chose_is_never_adopted(town: Portal) -> None:
    """S16 a, b: fixed ids open nothing; each step has an id of its own; the former one is dead."""
    member, visitor = town.member(account=True), Visitor(town)
    visitor.cookies["session"] = "s." + "a" * 43
    code = visitor.at_code(member)
    at_code = visitor.twin()
    assert "a" * 43 not in visitor.cookies["session"]
    assert visitor.give_code(code).leads_to == "/espace"
    assert visitor.cookies["session"] != at_code.cookies["session"]
    assert not at_code.is_in()
    slow = visitor.twin()
    visitor.get("/espace")
    visitor.post("/deconnexion")
    assert not slow.is_in() and not visitor.is_in()


def test_who_claims_to_come_from_elsewhere_is_believed_one_proxy_far(town: Portal) -> None:
    """ASVS 4.1.3: what stands before the proxy's own word is a lie."""
    visitor = Visitor(town)
    truth = visitor.address
    for lie in range(8):
        visitor.address = f"192.0.2.{lie}, {truth}"
        visitor.prove_letter(town.member(), access_code="AAAA-AAAA-AAAA")
    assert town.events("registration.letter_refused", origin=truth) == 8


def test_about_me_is_refused_with_what_was_typed_but_the_secrets(town: Portal) -> None:
    """S17: a wrong letter's page shows number and address again, never the password."""
    visitor, member = Visitor(town), town.member()
    visitor.get("/inscription")
    answer = visitor.post("/inscription", about_me(member, access_code="AAAA-AAAA-AAAA"))
    assert answer.status == 422
    assert member.email in answer.text and f'value="{PASSWORD}' not in answer.text
