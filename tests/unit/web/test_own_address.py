"""Health and metrics by a bare loopback address, whatever PUBLIC_URL is; nothing else by it."""

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from sqlalchemy import Engine

from player.world import test_settings
from tests.apps import furnished
from webapp import create_app
from webapp.services.kernel.world import World

PUBLIC_URL = "https://espace.example.org"
TOKEN = "a-token-of-the-tests-long-and-random-enough"
BRINGS = {"Authorization": f"Bearer {TOKEN}"}
LOOPBACK = ("127.0.0.1:8000", "localhost:8000", "[::1]:8000", "127.0.0.1")


SETTINGS = test_settings(public_url=PUBLIC_URL, metrics_token=TOKEN, trusted_proxies=1)


@pytest.fixture
def real(engine: Engine, world: World) -> Flask:
    """A portal as members reach it."""
    return furnished(SETTINGS, world, engine)


@pytest.fixture
def monitor(real: Flask) -> FlaskClient:
    """What asks it on its own port."""
    return real.test_client()


@pytest.mark.parametrize("host", LOOPBACK)
def test_both_answer_by_it(monitor: FlaskClient, host: str) -> None:
    assert monitor.get("/sante", headers={"Host": host}).text == "ok"
    assert monitor.get("/metrics", headers={"Host": host}).status_code == 404
    assert monitor.get("/metrics", headers={"Host": host, **BRINGS}).status_code == 200


@pytest.mark.parametrize(
    "path", ["/", "/connexion", "/sante/", "/metrics/", "/.well-known/security.txt"]
)
def test_no_page_does(monitor: FlaskClient, path: str) -> None:
    assert monitor.get(path, headers={"Host": "127.0.0.1:8000"}).status_code in (400, 404)


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "127.0.0.1:80:80", ""])
def test_no_other_name_does(monitor: FlaskClient, host: str) -> None:
    assert monitor.get("/sante", headers={"Host": host}).status_code == 400


@pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Forwarded-Proto", "Forwarded", "Via"])
def test_nobody_does_who_came_through_a_proxy(monitor: FlaskClient, header: str) -> None:
    """There a visitor may have claimed the name."""
    told = {"Host": "127.0.0.1:8000", header: "203.0.113.7"}
    assert monitor.get("/sante", headers=told).status_code == 400
    assert monitor.get("/metrics", headers={**told, **BRINGS}).status_code == 400


def test_what_stands_behind_it_sees_the_public_name_alone(engine: Engine, world: World) -> None:
    real = create_app(SETTINGS, world, engine)
    seen = []
    real.before_request(lambda: seen.append(request.url))
    real.test_client().get("/sante", headers={"Host": "127.0.0.1:8000"})
    assert seen == [f"{PUBLIC_URL}/sante"]
