"""When something is not there, not allowed or broken: its page, or its notice for HTMX."""

import logging
import re
from pathlib import Path

import pytest
from flask import Flask, abort
from sqlalchemy import insert

from player.members import ODILE
from player.world import still_world, test_settings
from tests.checked_client import HX_PARTIAL, CheckedClient, tree
from tests.visitors import Progress, Town
from webapp import create_app
from webapp.models import Account
from webapp.models.engine import open_engine
from webapp.rules.refusals import Refusal
from webapp.web import errors
from webapp.web.doors import open_to_all
from webapp.web.transactions import current_work

TITLES = {
    400: "Cette demande n’est pas lisible",
    403: "Cette demande vient d’ailleurs",
    404: "Cette page n’existe pas",
    405: "Cette adresse ne s’ouvre pas ainsi",
    413: "Ce que vous avez envoyé est trop long",
    415: "Cette demande n’est pas un formulaire",
    422: "Cette demande n’est pas complète",
    429: "Trop d’essais",
    500: "Quelque chose s’est mal passé chez nous",
    503: "Le service se repose un instant",
}
TRACES = re.compile(
    r"Traceback|werkzeug|sqlalchemy|flask|Error\b|Exception|Internal|Not Found", re.I
)


@pytest.fixture
def app(own_app: Flask) -> Flask:
    """One to add routes to."""
    return own_app


@pytest.fixture
def faulty(app: Flask) -> CheckedClient:
    """A portal with a page that fails as it is told."""

    @open_to_all
    def fault(status: int) -> str:
        if status == 500:
            raise ZeroDivisionError("a secret of the house")
        abort(status, "a secret of the house")

    app.add_url_rule("/faute/<int:status>", "fault", fault)
    return app.test_client()  # type: ignore[return-value]


def test_the_table_knows_every_status_that_is_told() -> None:
    assert set(TITLES) == set(errors.TOLD)


@pytest.mark.parametrize("status", TITLES)
def test_an_error_has_its_page_in_french(faulty: CheckedClient, status: int) -> None:
    answer = faulty.get(f"/faute/{status}")
    assert answer.status_code == status
    page = tree(answer.text)
    assert next(page.iter("h1")).text == TITLES[status]
    assert next(page.iter("html")).get("lang") == "fr"
    assert {each.get("href") for each in page.iter("a")} >= {"/", "/aide"}
    _is_safe(answer)


@pytest.mark.parametrize("status", TITLES)
def test_htmx_is_given_a_notice_and_keeps_the_step(faulty: CheckedClient, status: int) -> None:
    answer = faulty.get(f"/faute/{status}", headers=HX_PARTIAL)
    assert answer.status_code == status
    assert answer.headers["HX-Retarget"] == "#notice"
    assert answer.headers["HX-Reswap"] == "innerHTML"
    assert TITLES[status] in answer.text
    assert not re.search("<(h1|title|form|main)", answer.text)
    _is_safe(answer)


def _is_safe(answer: object) -> None:
    text = answer.text  # type: ignore[attr-defined]
    headers = answer.headers  # type: ignore[attr-defined]
    assert not TRACES.search(re.sub(r'class="errors?[^"]*"|id="errors"', "", text))
    assert "secret of the house" not in text
    assert "HX-Request-Type" in headers["Vary"]
    assert headers["Cache-Control"] == "no-store"
    assert headers["Content-Type"] == "text/html; charset=utf-8"


def test_a_status_without_words_has_those_of_its_kind(app: Flask) -> None:
    app.add_url_rule("/theiere", "teapot", open_to_all(lambda: abort(418)))
    answer = app.test_client().get("/theiere")
    assert (answer.status_code, TITLES[400] in answer.text) == (418, True)


def test_a_refusal_that_no_screen_caught_is_told(app: Flask) -> None:
    @open_to_all
    def refuse(key: str) -> str:
        raise Refusal(key)

    app.add_url_rule("/refus/<key>", "refuse", refuse)
    browser = app.test_client()
    assert browser.get("/refus/busy").status_code == 503
    assert browser.get("/refus/origin_closed").status_code == 429


@pytest.fixture(params=["a closed port", "no file"])
def cut_off(request: pytest.FixtureRequest, tmp_path: Path) -> CheckedClient:
    """A portal whose database is away."""
    file = tmp_path / "away" / "portal.sqlite3"
    url = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"
    gone = open_engine(url if request.param == "a closed port" else f"sqlite:///{file}")
    if file.parent.exists():
        file.parent.rmdir()
    app = create_app(test_settings(), still_world(), gone)
    app.test_client_class = CheckedClient
    return app.test_client()  # type: ignore[return-value]


@pytest.mark.parametrize("headers", [{}, HX_PARTIAL], ids=["plain", "partial"])
def test_without_its_database_the_portal_asks_for_patience(
    cut_off: CheckedClient, headers: dict[str, str]
) -> None:
    form = {
        "csrf_token": cut_off.csrf("/connexion"),
        "email": ODILE.email,
        "password": "quatre mots sans rapport",
    }
    answer = cut_off.post("/connexion", data=form, headers=headers)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "30"
    assert TITLES[503] in answer.text
    assert ("HX-Retarget" in answer.headers) == bool(headers)
    _is_safe(answer)


def test_without_its_database_the_portal_s_open_pages_still_show(cut_off: CheckedClient) -> None:
    for path in ("/", "/connexion", "/inscription", "/aide", "/cgu"):
        assert cut_off.get(path).status_code == 200, path
    assert cut_off.get("/sante").status_code == 503


def test_a_session_survives_the_absence_of_the_database(town: Town, cut_off: CheckedClient) -> None:
    held = town.browser(Progress.MEMBER).get_cookie("session")
    assert held is not None
    cut_off.set_cookie("session", held.value)
    answer = cut_off.get("/espace")
    assert answer.status_code == 503
    assert "Set-Cookie" not in answer.headers


def test_what_members_typed_stays_out_of_the_logs(
    app: Flask, town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    row = {"roll_id": 1, "email": ODILE.email, "email_key": ODILE.email, "password_hash": "argon2"}

    @open_to_all
    def twice() -> str:
        now = current_work().now
        current_work().db.execute(insert(Account).values(**row, created_at=now))
        return ""

    app.add_url_rule("/deux-fois", "twice", twice, methods=["PUT"])
    with caplog.at_level(logging.DEBUG, "portal"), caplog.at_level(logging.DEBUG, "webapp"):
        assert app.test_client().put("/deux-fois").status_code == 500
    assert "IntegrityError" in caplog.text
    assert "in twice" in caplog.text
    assert ODILE.email not in caplog.text


def test_an_unforeseen_fault_is_logged_with_its_place(
    faulty: CheckedClient, caplog: pytest.LogCaptureFixture
) -> None:
    faulty.get("/faute/500")
    assert "ZeroDivisionError" in caplog.text
    assert "in fault" in caplog.text


@pytest.mark.parametrize(
    ("written", "meant"),
    [("/connexion/", "/connexion"), ("/Connexion", "/connexion"), ("/ESPACE/", "/espace")],
)
def test_an_address_written_nearly_right_leads_to_its_page(town: Town, written, meant) -> None:
    for method in ("GET", "HEAD"):
        answer = town.browser().open(written, method=method)
        assert (answer.status_code, answer.headers["Location"]) == (301, meant)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/connexion/"), ("GET", "//example.org/connexion/"), ("GET", "/deconnexion/"),
        ("GET", "/Inscription/validation/UneCle"), ("GET", "/nulle-part/"),
    ],
)  # fmt: skip
def test_no_other_address_is_guessed(town: Town, method: str, path: str) -> None:
    answer = town.browser().open(path, method=method)
    assert "example.org" not in answer.headers.get("Location", "")
    assert answer.status_code in (308, 400, 403, 404, 405, 415)
    if answer.status_code == 308:
        assert answer.headers["Location"].endswith("localhost/example.org/connexion/")
