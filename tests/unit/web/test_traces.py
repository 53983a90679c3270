"""What the log and the meters tell of a request, and what they never do."""

import json
import logging
import re
import sys

import pytest
from flask import Flask
from sqlalchemy import Engine

from player.world import PASSWORD, test_settings
from tests.checked_client import CheckedClient
from tests.visitors import Town
from webapp import create_app
from webapp.adapters.logs import JsonLines
from webapp.adapters.meters import FileMeters
from webapp.services.kernel.world import World
from webapp.settings import SettingsError, read

TOKEN = "a token of the tests, long and random enough".replace(" ", "-").replace(",", "")


@pytest.fixture
def lines():
    """The lines of the log, as they would be written."""
    written: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            written.append(JsonLines().format(record))

    log, keep = logging.getLogger("portal"), Keep()
    former = log.level
    log.addHandler(keep)
    log.setLevel(logging.INFO)
    yield written
    log.removeHandler(keep)
    log.setLevel(former)


def test_a_request_is_one_line_of_its_door_never_its_address(town: Town, lines) -> None:
    link = town.recovery_link()
    lines.clear()
    town.browser().get(f"{link}?secret=1")
    (line,) = (json.loads(each) for each in lines)
    assert line["endpoint"].startswith("recovery.")
    assert (line["method"], line["status"]) == ("GET", 200)
    assert link.rpartition("/")[2] not in str(lines) and "secret" not in str(lines)


def test_no_line_holds_what_was_typed(town: Town, lines) -> None:
    town.register(town.browser())
    town.sign_in(town.browser())
    told = "\n".join(lines)
    for secret in (PASSWORD, "example.org", "0012345", "4F7K9QXM2T6B", "127.0.0.1"):
        assert secret not in told


def test_a_forged_line_stays_inside_its_own() -> None:
    record = logging.LogRecord("x", 20, "", 0, 'a\n{"level":"info"}\x1b[2J\u2028', (), None)
    line = JsonLines().format(record)
    assert "\n" not in line and "\x1b" not in line and line.isascii()
    assert json.loads(line)["message"].startswith("a\n")


def test_an_error_is_told_by_its_name_and_places_not_by_its_words() -> None:
    try:
        int("a password")
    except ValueError:
        record = logging.LogRecord("x", 40, "", 0, "unforeseen", (), sys.exc_info())
    line = json.loads(JsonLines().format(record))
    assert line["error"] == "ValueError"
    assert line["where"][0].startswith(__file__)
    assert "a password" not in str(line)


def test_without_a_token_there_are_no_metrics(client: CheckedClient) -> None:
    assert client.get("/metrics").status_code == 404


@pytest.fixture
def metered(engine: Engine, world: World) -> Flask:
    return create_app(test_settings(metrics_token=TOKEN), world, engine)


def test_metrics_are_for_who_brings_the_token(metered: Flask) -> None:
    browser = metered.test_client()
    for brought in ({}, {"Authorization": "Bearer x"}, {"Authorization": TOKEN[:-1]}):
        assert browser.get("/metrics", headers=brought).status_code == 404
    browser.get("/connexion")
    answer = browser.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    assert answer.text.endswith("# EOF\n")
    assert 'portal_requests_total{endpoint="sign_in.page",status="200"} 1' in answer.text
    assert "portal_oldest_letter_seconds 0" in answer.text
    assert 'portal_request_seconds_bucket{le="+Inf"}' in answer.text
    for line in answer.text.splitlines():
        assert line.startswith("#") or re.fullmatch(r"[a-z_]+(\{[^{}]*\})? [\d.e-]+", line), line


def test_the_processes_of_a_host_are_added_up(tmp_path) -> None:
    first, second = FileMeters(tmp_path), FileMeters(tmp_path)
    first.request("sign_in.page", 200, 0.02)
    (tmp_path / "1.json").write_text((next(tmp_path.glob("*.json"))).read_text())

    assert 'endpoint="sign_in.page",status="200"} 2' in "\n".join(second.lines())


def test_a_short_token_stops_the_start() -> None:
    with pytest.raises(SettingsError, match="METRICS_TOKEN must be"):
        read({"METRICS_TOKEN": "short", "DEMO": "1"})
