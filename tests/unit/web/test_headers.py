"""The headers that every answer carries, whatever it is and whoever asks."""

import base64
import gzip
import hashlib
import re
from collections.abc import Callable

import brotli
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from player.world import still_world, test_settings
from tests.checked_client import HX_PARTIAL
from tests.visitors import Progress, Town
from webapp import create_app
from webapp.web.headers import FOUND, WINDOW

ARRIVING = {"Sec-Fetch-Site": "none"}
PAGES = (
    "/",
    "/connexion",
    "/inscription",
    "/espace",
    "/cgu",
    "/sante",
    "/nulle-part",
    "/robots.txt",
)


def over(engine: Engine, public_url: str, **changes: object) -> Flask:
    """The portal with another address, or other settings."""
    settings = test_settings(public_url=public_url, **changes)
    return create_app(settings, still_world(settings), engine)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("headers", [{}, HX_PARTIAL], ids=["plain", "partial"])
def test_every_answer_is_dressed(town: Town, path: str, headers: dict[str, str]) -> None:
    for stage in (Progress.STREET, Progress.MEMBER):
        answer = town.browser(stage).get(path, headers=headers)
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "HX-Request-Type" in answer.headers["Vary"]
        assert "charset=utf-8" in answer.headers["Content-Type"]
        assert not [name for name, _ in answer.headers if name.startswith("Access-Control")]
        assert "Server" not in answer.headers


@pytest.mark.parametrize("path", PAGES)
def test_what_a_browser_may_show_is_told_what_it_may_do(town: Town, path: str) -> None:
    for stage in (Progress.STREET, Progress.MEMBER):
        answer = town.browser(stage).get(path)
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert answer.headers["Permissions-Policy"]
        assert answer.headers["Content-Security-Policy"]


def test_a_step_carries_no_header_that_nobody_reads(town: Town) -> None:
    """Another site's page can't ask for one: its link, frame or form sends no header of its own,
    and no address of ours lets its scripts send one (CORS)."""
    browser = town.browser()
    step = browser.get("/connexion", headers=HX_PARTIAL)
    assert {name for name, _ in step.headers} == {
        "Content-Type", "Content-Length", "Vary", "Cache-Control", "X-Content-Type-Options",
        "Set-Cookie",
    }  # fmt: skip
    for path in ("/", "/connexion", "/espace"):
        asked = {"Origin": "https://evil.example", "Access-Control-Request-Method": "GET"}
        asked["Access-Control-Request-Headers"] = "HX-Request-Type"
        answer = browser.options(path, headers=asked)
        assert not [name for name, _ in answer.headers if name.startswith("Access-Control")]


@pytest.mark.parametrize("stage", list(Progress))
def test_search_engines_may_keep_pages_before_the_space_and_no_other(
    town: Town, stage: Progress
) -> None:
    """Whoever asks, of every address without parameters."""
    browser = town.browser(stage)
    rules = [rule for rule in town.app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    kept = set()
    for path in (rule.rule for rule in rules if not rule.arguments):
        answer = browser.get(path)
        if "X-Robots-Tag" not in answer.headers:
            kept.add(path)
            assert (answer.status_code, answer.mimetype) == (200, "text/html")
        else:
            assert answer.headers["X-Robots-Tag"] == "noindex"
    assert kept <= set(FOUND)
    if stage is Progress.STREET:
        assert kept == set(FOUND)


def test_links_errors_and_refusals_are_not_for_search_engines(town: Town) -> None:
    for path in ("/nulle-part", "/mot-de-passe-oublie/nouveau/a-link.of.ours", "/validation/a.b"):
        assert town.browser().get(path).headers["X-Robots-Tag"] == "noindex"
    refused = town.browser().post("/connexion", data={})
    assert refused.headers["X-Robots-Tag"] == "noindex"


def test_nothing_but_our_own_files_is_ever_loaded(town: Town) -> None:
    answer = town.browser().get("/")
    policy = answer.headers["Content-Security-Policy"]
    told = dict(each.split(" ", 1) for each in policy.split("; "))
    assert "<style" not in answer.text and "portal.css" in answer.text
    assert told["default-src"] == told["base-uri"] == told["frame-ancestors"] == "'none'"
    assert told["script-src"] == told["style-src"] == told["form-action"] == "'self'"
    assert "unsafe" not in policy
    assert "http" not in policy


@pytest.mark.parametrize("path", [*FOUND, "/nulle-part"])
def test_a_page_brings_its_style_sheet_to_who_arrives(town: Town, path: str) -> None:
    """And the policy lets that sheet in, by its hash, and nothing else that a page may hold."""
    answer = town.browser().get(path, headers=ARRIVING)
    [style] = re.findall("<style>(.*)</style>", answer.text)
    assert "portal.css" not in answer.text
    policy = answer.headers["Content-Security-Policy"]
    assert f"; style-src 'self' 'sha256-{sha256(style)}'; " in policy
    assert policy.count("sha256") == 2 and "unsafe" not in policy


@pytest.mark.parametrize("path", [*FOUND, "/nulle-part"])
def test_our_script_is_fetched_after_the_page_that_arrives(town: Town, path: str) -> None:
    """No address of a script stands where a browser that reads the page fetches it at once. The
    policy lets in the one that fetches it later, by its hash."""
    answer = town.browser().get(path, headers=ARRIVING)
    [(address, script)] = re.findall('<script data-src="([^"]+)">(.*)</script>', answer.text)
    assert address.endswith("/js/portal.js") and " src=" not in answer.text.partition("<body")[0]
    policy = answer.headers["Content-Security-Policy"]
    assert f"; script-src 'self' 'sha256-{sha256(script)}'; " in policy


def sha256(text: str) -> str:
    """As a policy says it."""
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@pytest.mark.parametrize(
    "told",
    [{"Sec-Fetch-Site": "same-origin"}, {"Cookie": "session=x"}, {"Cookie": "__Host-session=x"}],
    ids=["from ours", "with our cookie", "with it over TLS"],
)
def test_who_had_a_page_of_ours_is_sent_none(town: Town, told: dict[str, str]) -> None:
    stranger = town.app.test_client(use_cookies=False)
    answer = stranger.get("/connexion", headers=ARRIVING | told)
    assert "<style" not in answer.text and "portal.css" in answer.text
    assert re.search('<script src="[^"]+/js/portal.js" defer></script>', answer.text)
    assert "sha256" not in answer.headers["Content-Security-Policy"]


def test_a_step_never_brings_a_style_sheet(town: Town) -> None:
    answer = town.browser().get("/connexion", headers=ARRIVING | HX_PARTIAL)
    assert "<style" not in answer.text and "portal.css" not in answer.text


def test_hsts_comes_with_https_alone(engine: Engine, town: Town) -> None:
    app = over(engine, "https://espace.example.org")
    for path in (*PAGES, "/static/nulle-part.css"):
        answer = app.test_client().get(path, base_url="https://espace.example.org")
        assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000"), path
        assert "Strict-Transport-Security" not in town.browser().get(path).headers


@pytest.mark.parametrize(
    "host",
    ["evil.example", "localhost.evil.example", "localhost@evil.example", "evil.example:80", "x y"],
)
def test_a_foreign_host_is_refused(town: Town, host: str) -> None:
    for path in ("/", "/connexion", "/nulle-part"):
        answer = town.browser().get(path, headers={"Host": host})
        assert answer.status_code == 400
        assert "evil" not in answer.text


def test_only_the_public_host_is_answered_over_https(engine: Engine) -> None:
    browser = over(engine, "https://espace.example.org").test_client()
    assert browser.get("/", base_url="https://espace.example.org").status_code == 200
    assert browser.get("/", base_url="http://localhost").status_code == 400


@pytest.mark.parametrize("header", ["X-Forwarded-Host", "X-Forwarded-Prefix", "Forwarded"])
def test_no_forwarded_host_is_believed_even_behind_proxies(engine: Engine, header: str) -> None:
    browser = over(engine, "http://localhost", trusted_proxies=1).test_client()
    answer = browser.get("/espace", headers={header: "evil.example"})
    assert answer.headers["Location"] == "/connexion"


def test_links_in_mails_come_from_the_public_address(town: Town) -> None:
    browser = town.browser()
    browser.environ_base["HTTP_X_FORWARDED_HOST"] = "evil.example"
    town.register(browser)
    mail = town.mails()[-1]
    assert "http://localhost/inscription/validation/" in mail.text
    assert "evil" not in mail.text + mail.html


@pytest.mark.parametrize(
    ("can_read", "coding", "unpack"),
    [
        ("gzip, deflate, br, zstd", "br", brotli.decompress),
        ("gzip, br;q=0", "gzip", gzip.decompress),
        ("gzip", "gzip", gzip.decompress),
    ],
)
def test_a_page_is_compressed_for_who_can_read_it(
    town: Town, can_read: str, coding: str, unpack: Callable[[bytes], bytes]
) -> None:
    browser = town.browser()
    plain = browser.get("/", headers=ARRIVING)
    unchecked = FlaskClient(town.app, town.app.response_class)
    packed = unchecked.get("/", headers={"Accept-Encoding": can_read})
    assert packed.headers["Content-Encoding"] == coding
    assert unpack(packed.data) == plain.data
    assert int(packed.headers["Content-Length"]) == len(packed.data)
    assert "Content-Encoding" not in plain.headers


def test_a_page_that_is_the_same_for_everybody_is_compressed_as_well_as_can_be(town: Town) -> None:
    def packed(path: str) -> bytes:
        unchecked = FlaskClient(town.app, town.app.response_class)
        return unchecked.get(path, headers={"Accept-Encoding": "br"}).data

    for path in ("/", "/aide", "/cgu"):
        page = brotli.decompress(packed(path))
        assert len(packed(path)) == len(brotli.compress(page, quality=11, lgwin=WINDOW))
    for_one = packed("/connexion")  # its form's token is this visitor's
    assert len(for_one) > len(brotli.compress(brotli.decompress(for_one), quality=11))


def test_no_page_repeats_what_its_address_says(town: Town) -> None:
    canary = "canari-4711"
    for path in ("/", "/connexion", "/inscription", "/nulle-part"):
        for place in (f"{path}?fait={canary}", f"{path}?q={canary}", f"{path}/{canary}"):
            assert canary not in town.browser().get(place).text


def test_nobody_is_led_to_another_site(town: Town) -> None:
    for away in ("https://evil.example", "//evil.example", "/\\evil.example", "///evil.example"):
        headers = {"Referer": away, "HX-Current-URL": away, **HX_PARTIAL}
        for path in ("/espace", "/connexion/code", "/inscription/cgu"):
            answer = town.browser().get(path, query_string={"next": away}, headers=headers)
            assert answer.headers["HX-Redirect"] in ("/connexion", "/inscription")
