"""Static files: kept by browsers for a year, under an address that changes with them."""

import gzip
import re

import pytest
from flask import Flask

from tests.checked_client import CheckedClient
from webapp.adapters.assets import slim
from webapp.settings import ROOT

STATIC = ROOT / "static"


def test_every_address_in_a_page_is_served(client: CheckedClient) -> None:
    addresses = re.findall(r'(?:src|href)="(/static/[^"]+)"', client.get("/").text)
    assert len(set(addresses)) >= 3
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "max-age=31536000, immutable"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert "Set-Cookie" not in answer.headers
        answer.close()


def test_scripts_and_styles_have_their_types(app: Flask, client: CheckedClient) -> None:
    asset = app.jinja_env.globals["asset"]
    kinds = {"js/htmx.min.js": "text/javascript", "css/portal.css": "text/css"}
    for name, kind in kinds.items():
        answer = client.get(asset(name))
        assert answer.mimetype == kind
        answer.close()


def test_a_file_is_sent_compressed_to_who_can_read_it(app: Flask, client: CheckedClient) -> None:
    asset = app.jinja_env.globals["asset"]
    answer = client.get(asset("js/htmx.min.js"), headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(answer.data) == (STATIC / "js" / "htmx.min.js").read_bytes()
    answer.close()


def test_our_own_scripts_and_styles_leave_minified(app: Flask, client: CheckedClient) -> None:
    asset = app.jinja_env.globals["asset"]
    for name in ("js/arrival.js", "js/portal.js", "js/passkey.js", "js/awake.js", "css/portal.css"):
        written = (STATIC / name).read_text(encoding="utf-8")
        kind = "text/css" if name.endswith(".css") else "text/javascript"
        answer = client.get(asset(name))
        assert answer.text.startswith(slim(written, kind))
        assert len(answer.text) < len(written)
        assert "ETag" not in answer.headers  # the address says it all
        answer.close()


@pytest.mark.parametrize(
    "path",
    [
        "/static/",
        "/static/css/portal.css",
        "/static/../wsgi.py",
        "/static/%2e%2e/wsgi.py",
        "/static/{0}/../../wsgi.py",
        "/static/{0}/..%2f..%2fwsgi.py",
        "/static/{0}/",
        "/static/{0}/css",
        "/static/{0}/../sums.json",
        "/static/{0}/brand/brand.toml",
        "/static/build/{0}/files/css/portal.css",
        "/.git/config",
        "/espace/x.css",
    ],
)
def test_nothing_else_is_served(app: Flask, client: CheckedClient, path: str) -> None:
    fingerprint = app.jinja_env.globals["asset"]("").split("/")[2]
    answer = client.get(path.format(fingerprint))
    assert answer.status_code == 404
    assert answer.headers["Cache-Control"] == "no-store"
