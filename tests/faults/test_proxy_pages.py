"""What members see when the proxy itself answers: their own language, and the truth."""

import http.client
import socket
import ssl
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from player.browsers import ARGUMENTS, PHONE, launch, wait_for_our_script
from player.screens.sign_in import SecurityCode, SignIn
from player.world import PASSWORD
from tests.checked_client import HX_PARTIAL
from tests.faults.portal import Portal
from tests.faults.proxy import (
    MISSING,
    NAME,
    Ports,
    bare_nginx,
    installed,
    log_of,
    nginx,
    secure_nginx,
)
from tests.faults.relay import HOST
from tests.faults.test_proxy import Behind
from tests.faults.visitor import Answer

pytestmark = [pytest.mark.long, pytest.mark.skipif(not installed(), reason=MISSING)]
KEY = "a-key-that-no-log-may-hold"
_BY_HTTP_2 = "performance.getEntriesByType('navigation')[0].nextHopProtocol"
_TOO_LONG = """fetch('/connexion', { method: 'POST', body: 'a'.repeat(70000) })
    .then(async (answer) => [answer.status, await answer.text()])"""
PHONE_NUMBER = "01\N{NO-BREAK SPACE}99\N{NO-BREAK SPACE}00\N{NO-BREAK SPACE}12\N{NO-BREAK SPACE}34"


@pytest.fixture
def one(tmp_path: Path) -> Iterator[Portal]:
    """A portal of one host."""
    portal = Portal(tmp_path, f"sqlite:///{tmp_path / 'portal.sqlite3'}", WEB_CONCURRENCY="1")
    portal.first.start()
    yield portal
    portal.close()


def phone_at(browser: Browser, port: int) -> Page:
    """A phone that has never been here."""
    context = browser.new_context(**PHONE, base_url=f"http://{HOST}:{port}")
    wait_for_our_script(context)
    return context.new_page()


def is_a_page(answer: Answer, status: int, title: str) -> None:
    assert answer.status == status
    assert f"<h1>{title}</h1>" in answer.text and 'lang="fr"' in answer.text
    assert PHONE_NUMBER in answer.text and "<script" not in answer.text
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "HX-Retarget" not in answer.headers


def is_a_notice(answer: Answer, status: int, title: str) -> None:
    assert answer.status == status
    assert title in answer.text and "<h1" not in answer.text
    assert answer.headers["HX-Retarget"] == "#notice"
    assert answer.headers["HX-Reswap"] == "innerHTML"


def test_a_portal_that_is_away_is_told_with_what_to_do(one: Portal) -> None:
    title = "Le service ne répond pas pour l’instant"
    with nginx(one) as port:
        visitor = Behind(one, port)
        one.first.stop()
        answer = visitor.get(f"/inscription/validation/{KEY}")
        is_a_page(answer, 502, title)
        assert answer.headers["Retry-After"] == "30"
        is_a_notice(visitor.post(f"/inscription/validation/{KEY}", **HX_PARTIAL), 502, title)
        log = log_of(one)
    assert f'to="127.0.0.1:{one.first.port}" said="502" connected="-"' in log
    told = "".join(each.read_text() for each in (one.folder / "nginx").glob("*.log"))
    assert KEY not in told


def test_too_much_at_once_and_too_long_are_told_too(one: Portal) -> None:
    with nginx(one) as port:
        visitor = Behind(one, port)
        long = b"a" * 70_000
        is_a_page(
            visitor.request("POST", "/connexion", long), 413,
            "Ce que vous avez envoyé est trop long",
        )  # fmt: skip
        answers = (visitor.get("/robots.txt") for _ in range(3_000))
        refused = next(each for each in answers if each.status != 200)
        is_a_page(refused, 429, "Trop de demandes à la fois")
        assert refused.headers["Retry-After"] == "30"
        is_a_notice(visitor.get("/robots.txt", **HX_PARTIAL), 429, "Trop de demandes à la fois")
        assert "limits=REJECTED/" in log_of(one)


def test_more_cookies_of_other_sites_than_are_taken_are_told_in_french(one: Portal) -> None:
    with nginx(one) as port:
        answer = Behind(one, port).get("/connexion", Cookie=f"other={'a' * 9_000}")
        assert answer.status == 400
        assert 'lang="fr"' in answer.text and PHONE_NUMBER in answer.text


def test_the_portal_s_own_error_pages_pass_as_they_are(one: Portal) -> None:
    with nginx(one) as port:
        answer = Behind(one, port).get("/cela-n-existe-pas")
    assert answer.status == 404 and "Cette page n’existe pas" in answer.text


def test_with_htmx_what_was_typed_stays_and_the_same_button_works_later(one: Portal) -> None:
    member = one.member(account=True)
    with nginx(one) as port, sync_playwright() as playwright:
        browser = launch(playwright)
        page = phone_at(browser, port)
        screen = SignIn(page).open().fill(member.email, PASSWORD)
        one.first.stop()
        screen.press("Je me connecte")
        expect(screen.summary).to_contain_text("Le service ne répond pas pour l’instant")
        screen.knows(member.email)
        expect(screen.field("Mot de passe")).to_have_value(PASSWORD)
        one.first.start()
        screen.go_on()
        SecurityCode(page).shows()
        browser.close()


def test_nor_is_anything_lost_behind_a_proxy_that_has_its_own_pages(one: Portal) -> None:
    """nginx's « 502 Bad Gateway » and « 413 Request Entity Too Large » are no step of ours."""
    member = one.member(account=True)
    with bare_nginx(one) as port, sync_playwright() as playwright:
        browser = launch(playwright)
        page = phone_at(browser, port)
        screen = SignIn(page).open().fill(member.email, PASSWORD * 20)
        screen.press("Je me connecte")
        expect(screen.summary).to_contain_text("Rien n’est perdu")
        screen.knows(member.email)
        screen.fill(member.email, PASSWORD)
        one.first.stop()
        with page.expect_response(lambda answer: answer.status == 502):
            screen.press("Je me connecte")
        expect(screen.summary).to_contain_text("Le site ne répond pas")
        screen.shows().knows(member.email)
        expect(screen.field("Mot de passe")).to_have_value(PASSWORD)
        one.first.start()
        screen.go_on()
        SecurityCode(page).shows()
        browser.close()


def test_more_cookies_than_are_taken_are_told_in_french_without_a_proxy_too(one: Portal) -> None:
    answer = Behind(one, one.first.port).get("/connexion", Cookie=f"other={'a' * 9_000}")
    assert answer.status == 431
    assert 'lang="fr"' in answer.text and PHONE_NUMBER in answer.text


def asked(ports: Ports, name: str, claimed: str, path: str = "/sante") -> str:
    """The answer's first line over TLS to this name (SNI), claiming that Host; how it failed."""
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    try:
        with (
            socket.create_connection((HOST, ports.secure), 10) as wire,
            trusting.wrap_socket(wire, server_hostname=name) as secure,
        ):
            secure.sendall(f"GET {path} HTTP/1.1\r\nHost: {claimed}\r\n\r\n".encode())
            return secure.recv(1000).decode("latin-1").partition("\r\n")[0]
    except ssl.SSLError as refused:
        return str(refused.reason)


def served_by_its_name(portal: Portal) -> None:
    """By the public name, in place of a loopback address."""
    portal.first.stop()
    portal.environment["PUBLIC_URL"] = f"https://{NAME}"
    host = portal.another_host("public")
    host.ready = "/sante"  # type: ignore[misc]
    portal.hosts.remove(portal.first)
    host.start()


def test_a_stranger_reaches_nothing_by_another_name(one: Portal) -> None:
    """Over TLS, as the sample stands: by its own name the portal, by any other nobody."""
    served_by_its_name(one)
    with secure_nginx(one) as ports:
        assert asked(ports, NAME, NAME) == "HTTP/1.1 200 OK"
        assert asked(ports, NAME, NAME, "/metrics").startswith("HTTP/1.1 404")
        assert asked(ports, NAME, "127.0.0.1:8000") == ""
        assert asked(ports, "localhost", "127.0.0.1:8000") == "TLSV1_UNRECOGNIZED_NAME"
        assert leads_to(ports, NAME) == f"https://{NAME}/connexion"
        with pytest.raises(http.client.RemoteDisconnected):
            leads_to(ports, "192.0.2.1")


def test_over_http_2_what_is_too_long_is_told_in_french_too(one: Portal) -> None:
    """There nginx measures a body once more on its way to its own page."""
    served_by_its_name(one)
    with secure_nginx(one) as ports, sync_playwright() as playwright:
        leads = f"--host-resolver-rules=MAP {NAME}:443 {HOST}:{ports.secure}"
        browser = launch(playwright, [*ARGUMENTS, leads])
        page = browser.new_page(ignore_https_errors=True)
        page.goto(f"https://{NAME}/connexion")
        assert page.evaluate(_BY_HTTP_2) == "h2"
        status, text = page.evaluate(_TOO_LONG)
        browser.close()
    assert status == 413
    assert "Ce que vous avez envoyé est trop long" in text and PHONE_NUMBER in text


def leads_to(ports: Ports, name: str) -> str | None:
    """Where the port without TLS sends whoever asks for the sign-in page by this name."""
    with closing(http.client.HTTPConnection(HOST, ports.plain, timeout=10)) as connection:
        connection.request("GET", "/connexion", headers={"Host": name})
        return connection.getresponse().headers["Location"]
