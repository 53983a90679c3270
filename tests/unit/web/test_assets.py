"""Static files: kept by browsers for a year, under an address that changes with them."""

import gzip
import re
from pathlib import Path

import brotli
import pytest
from flask import Flask

from tests.checked_client import CheckedClient
from webapp.adapters.kept import FOLDER, Kept
from webapp.settings import ROOT
from webapp.web import assets
from webapp.web.assets import fingerprint, slim

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
    if not (STATIC / "js" / "htmx.min.js.gz").exists():
        pytest.skip("make install compresses the files")
    answer = client.get(asset("js/htmx.min.js"), headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(answer.data) == (STATIC / "js" / "htmx.min.js").read_bytes()
    answer.close()


def test_our_own_scripts_and_styles_leave_without_their_comments(
    app: Flask, client: CheckedClient
) -> None:
    asset = app.jinja_env.globals["asset"]
    for name in ("js/portal.js", "js/passkey.js", "css/portal.css"):
        written = (STATIC / name).read_text(encoding="utf-8")
        assert "`" not in written, "a string over several lines would lose its indents"
        answer = client.get(asset(name))
        sheet = name.endswith(".css")
        assert answer.text.startswith(slim(written, end="" if sheet else "\n"))
        assert answer.text.count("\n") < written.count("\n")
        if sheet:
            ends = {line[-1] for line in slim(written).splitlines()}
            assert ends <= set("{};,"), "a line of a style sheet is joined to the next"
        assert "ETag" not in answer.headers  # the address says it all
        answer.close()


def test_ours_and_htmx_leave_as_one_file(app: Flask, client: CheckedClient) -> None:
    """Ours first: it listens to what HTMX tells from its very start."""
    asset = app.jinja_env.globals["asset"]
    ours, htmx, page = (
        client.get(asset(f"js/{name}.js")) for name in ("portal", "htmx.min", "page")
    )
    assert page.text == ours.text + htmx.text
    for answer in (ours, htmx, page):
        answer.close()


def test_what_is_left_out_is_whole_lines() -> None:
    written = "// why\n(() => {\n  a('//b'); // c\n\n  /* d */\n})();\n"
    assert slim(written) == "(() => {\na('//b'); // c\n})();\n"


def test_the_address_changes_with_any_file(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("a{}")
    before = fingerprint(tmp_path)
    (tmp_path / "a.css.gz").write_bytes(b"only the same, compressed")
    assert fingerprint(tmp_path) == before
    (tmp_path / "b.css").write_text("b{}")
    assert fingerprint(tmp_path) != before


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
        "/.git/config",
        "/espace/x.css",
    ],
)
def test_nothing_else_is_served(client: CheckedClient, path: str) -> None:
    answer = client.get(path.format(fingerprint(STATIC)))
    assert answer.status_code == 404
    assert answer.headers["Cache-Control"] == "no-store"


def test_what_one_start_compressed_the_next_one_takes_unless_it_is_damaged(tmp_path: Path) -> None:
    kept, content = Kept(tmp_path), b"body{}" * 500
    assets._write(tmp_path / "a.css", content, kept)
    found = {file: file.stat().st_mtime_ns for file in (tmp_path / FOLDER).iterdir()}
    assert len(found) == 2
    assets._write(tmp_path / "again.css", content, kept)
    assert found == {file: file.stat().st_mtime_ns for file in found}, "made once"
    for file in found:
        file.write_bytes(file.read_bytes()[:7])  # as a power cut leaves it
    assets._write(tmp_path / "damaged.css", content, kept)
    assert gzip.decompress((tmp_path / "damaged.css.gz").read_bytes()) == content
    assert brotli.decompress((tmp_path / "damaged.css.br").read_bytes()) == content
    assets._write(tmp_path / "other.css", content + b" ", kept)
    assert gzip.decompress((tmp_path / "other.css.gz").read_bytes()) == content + b" "


def test_where_nothing_can_be_kept_all_is_compressed_anew(tmp_path: Path) -> None:
    (tmp_path / FOLDER).write_text("a file in the place of the folder")
    assets._write(tmp_path / "a.css", b"body{}", Kept(tmp_path))
    assert gzip.decompress((tmp_path / "a.css.gz").read_bytes()) == b"body{}"
