"""The demonstration's mailbox: in demo mode only, for this machine only."""

from io import BytesIO

import pypdf
import pytest
from flask import Flask
from sqlalchemy import Engine, insert

from player.world import START, still_world, test_settings
from tests.apps import furnished
from tests.checked_client import CheckedClient, tree
from tests.visitors import Town
from webapp.models import DemoMail

FORGED = {
    "X-Forwarded-For": "127.0.0.1",
    "X-Forwarded-Host": "localhost",
    "X-Real-IP": "127.0.0.1",
    "Forwarded": "for=127.0.0.1;host=localhost",
    "DEMO": "1",
    "Cookie": "demo=1",
}


@pytest.fixture
def demo(engine: Engine) -> Flask:
    """The demonstration, with one mail that arrived."""
    settings = test_settings(demo=True, mail_server="")
    app = furnished(settings, still_world(settings), engine)
    app.test_client_class = CheckedClient
    mail = {
        "to": "odile@example.org",
        "sender": "SMIE <nepasrepondre@example.org>",
        "subject": "Votre code de sécurité <b>",
        "text_body": "Voici : http://localhost/connexion <script>",
        "html_body": "<!doctype html><title>t</title><h1>Votre code</h1>",
        "received_at": START,
    }
    with engine.begin() as connection:
        connection.execute(insert(DemoMail).values(mail))
    return app


@pytest.mark.parametrize("path", ["/demo/boite-mail", "/demo/boite-mail/1", "/demo/", "/demo"])
@pytest.mark.parametrize("headers", [{}, FORGED], ids=["plain", "forged"])
def test_outside_the_demonstration_it_does_not_exist(
    town: Town, path: str, headers: dict[str, str]
) -> None:
    assert town.browser().get(path, headers=headers).status_code == 404
    assert "Démonstration" not in town.browser().get("/").text


def test_it_shows_the_mails_as_text_with_their_links(demo: Flask) -> None:
    text = demo.test_client().get("/demo/boite-mail").text
    assert "Votre code de sécurité &lt;b&gt;" in text
    assert '<a href="http://localhost/connexion" rel="noopener noreferrer">' in text
    assert "&lt;script&gt;" in text


def test_a_mail_s_own_page_runs_nothing_and_loads_nothing(demo: Flask) -> None:
    answer = demo.test_client().get("/demo/boite-mail/1")
    assert answer.status_code == 200
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'")
    for other in ("2", "0", "9" * 30, "x"):
        assert demo.test_client().get(f"/demo/boite-mail/{other}").status_code == 404


def test_every_page_says_that_nothing_is_real(demo: Flask) -> None:
    for path in ("/", "/connexion", "/inscription", "/nulle-part"):
        assert "Démonstration" in demo.test_client().get(path).text


@pytest.mark.parametrize("peer", ["127.0.0.1", "127.9.9.9", "::1"])
def test_this_machine_is_answered(demo: Flask, peer: str) -> None:
    browser = demo.test_client()
    assert browser.get("/", environ_overrides={"REMOTE_ADDR": peer}).status_code == 200


@pytest.mark.parametrize("peer", ["192.0.2.1", "::ffff:192.0.2.1", "2001:db8::1", "", "unix:"])
def test_no_other_machine_is_answered_whatever_it_says(demo: Flask, peer: str) -> None:
    browser = demo.test_client()
    for path in ("/", "/demo/boite-mail", "/connexion", "/nulle-part"):
        answer = browser.get(path, headers=FORGED, environ_overrides={"REMOTE_ADDR": peer})
        assert answer.status_code == 403, path


def test_a_letter_s_qr_code_leads_to_its_own_member_s_registration(demo: Flask) -> None:
    text = demo.test_client().get("/demo/courriers").text
    assert '<a href="/inscription#n=00100234&amp;c=7K2M-9QXD-4HRT">' in text
    assert text.count("<article") == 4


def test_the_letters_are_there_on_paper(demo: Flask) -> None:
    answer = demo.test_client().get("/demo/courriers.pdf")
    assert answer.mimetype == "application/pdf"
    text = "".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(answer.data)).pages)
    assert "7K2M-9QXD-4HRT" in text and "B5WN-3C8Z-PV6J" in text


def test_the_banner_is_a_part_of_the_page_that_a_keyboard_passes(demo: Flask) -> None:
    page = tree(demo.test_client().get("/").text)
    (banner,) = (each for each in page.iter("aside") if each.get("class") == "demo")
    assert banner.get("aria-label") == "Démonstration"
    first = next(banner.iter("a"))
    assert (first.text, first.get("href")) == ("Passer le bandeau de démonstration", "#top")
    (header,) = page.iter("header")
    assert (header.get("id"), header.get("tabindex")) == ("top", "-1")
