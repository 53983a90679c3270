"""The page that a monitoring system reads."""

import re

import pytest
from flask import Flask
from prometheus_client.openmetrics.parser import text_string_to_metric_families
from sqlalchemy import Engine

from player.world import test_settings
from tests.checked_client import CheckedClient
from webapp import create_app
from webapp.services.kernel.world import World
from webapp.settings import SettingsError, read

TOKEN = "a-token-of-the-tests-long-and-random-enough"


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
    assert 'portal_requests_total{endpoint="sign_in.page",status="200"} 1.0' in answer.text
    assert "portal_oldest_letter_seconds 0.0" in answer.text
    assert 'portal_request_seconds_bucket{le="+Inf"}' in answer.text
    for line in answer.text.splitlines():
        assert line.startswith("#") or re.fullmatch(r"[a-z_]+(\{[^{}]*\})? [\d.e-]+", line), line


def test_what_the_page_says_is_of_the_kind_that_its_header_names(metered: Flask) -> None:
    browser = metered.test_client()
    answer = browser.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    kind = "application/openmetrics-text; version=1.0.0; charset=utf-8"
    assert answer.headers["Content-Type"] == kind
    families = {each.name: each.type for each in text_string_to_metric_families(answer.text)}
    assert families == {
        "portal_requests": "counter",
        "portal_request_seconds": "histogram",
        "portal_letters": "gauge",
        "portal_oldest_letter_seconds": "gauge",
        "portal_mails_delayed": "gauge",
        "portal_mail_outcomes": "gauge",
        "portal_events_last_hour": "gauge",
    }


def test_a_portal_that_has_a_desk_tells_of_its_signs_of_misuse(
    engine: Engine, world: World
) -> None:
    settings = test_settings(metrics_token=TOKEN, desk_url="http://localhost:8001")
    browser = create_app(settings, world, engine).test_client()
    told = browser.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).text
    assert 'portal_desk_most_last_hour{sign="looks"} 0.0' in told


def test_a_short_token_stops_the_start() -> None:
    with pytest.raises(SettingsError, match="METRICS_TOKEN must be"):
        read({"METRICS_TOKEN": "short", "DEMO": "1"})
