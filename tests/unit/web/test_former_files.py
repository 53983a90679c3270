"""Files that pages of another version ask for: hosts of two versions serve the same browsers."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.datastructures import Headers

from webapp.adapters.builds import FILES, Builds, write_sums
from webapp.web import assets

OWN, FORMER, ELSEWHERE = "00000000aa", "00000000bb", "00000000cc"


def _build(place: Path, fingerprint: str, **files: str) -> Path:
    folder = place / fingerprint
    (folder / FILES / "css").mkdir(parents=True)
    for name, text in files.items():
        (folder / FILES / "css" / f"{name}.css").write_text(text)
    write_sums(folder)
    return folder / FILES


@pytest.fixture
def place(tmp_path: Path) -> Path:
    _build(tmp_path, OWN, portal="ours")
    _build(tmp_path, FORMER, portal="theirs", gone="gone since")
    return tmp_path


@dataclass(frozen=True)
class Answer:
    """An answer that was read to its end."""

    status: int
    text: str
    headers: Headers


Get = Callable[..., Answer]


@pytest.fixture
def get(place: Path) -> Get:
    app = Flask("files", static_folder=None)
    assets.install(app, place / OWN / FILES, OWN, Builds(place), secure=True)

    def get(address: str, **asked: str) -> Answer:
        with app.test_client().get(address, headers=asked) as answer:
            return Answer(answer.status_code, answer.text, answer.headers)

    return get


def test_a_former_build_that_is_still_there_gives_its_own_bytes_for_a_year(
    get: Get,
) -> None:
    answer = get(f"/static/{FORMER}/css/portal.css")
    assert (answer.status, answer.text) == (200, "theirs")
    assert answer.headers["Cache-Control"] == "max-age=31536000, immutable"


def test_another_host_s_version_gets_our_file_of_that_name_which_nobody_keeps(
    get: Get,
) -> None:
    asked = {"If-None-Match": "*", "Range": "bytes=0-1"}
    answer = get(f"/static/{ELSEWHERE}/css/portal.css", **asked)
    assert (answer.status, answer.text) == (200, "ours")
    assert (answer.headers["Cache-Control"], answer.headers["Vary"]) == ("no-store", "*")
    assert "ETag" not in answer.headers and "Last-Modified" not in answer.headers


def test_a_file_that_is_gone_since_comes_from_the_newest_build_that_has_it(
    get: Get,
) -> None:
    answer = get(f"/static/{ELSEWHERE}/css/gone.css")
    assert (answer.text, answer.headers["Cache-Control"]) == ("gone since", "no-store")


def test_a_build_put_there_while_we_serve_is_found(place: Path, get: Get) -> None:
    address = f"/static/{ELSEWHERE}/css/portal.css"
    assert get(address).text == "ours"
    _build(place, ELSEWHERE, portal="the next one's")
    answer = get(address)
    assert (answer.text, answer.headers["Cache-Control"][:7]) == ("the next one's", "max-age")


def test_a_build_that_a_power_cut_tore_is_not_served(place: Path, get: Get) -> None:
    (place / FORMER / FILES / "css" / "portal.css").write_text("thei")
    answer = get(f"/static/{FORMER}/css/portal.css")
    assert (answer.text, answer.headers["Cache-Control"]) == ("ours", "no-store")


def test_a_build_that_is_removed_while_we_serve_is_missed_by_nobody(place: Path, get: Get) -> None:
    shutil.rmtree(place / FORMER)
    answer = get(f"/static/{FORMER}/css/portal.css")
    assert (answer.text, answer.headers["Cache-Control"]) == ("ours", "no-store")


@pytest.mark.parametrize(
    "path",
    [
        f"/static/{ELSEWHERE}/css/never.css",
        f"/static/{ELSEWHERE}/../sums.json",
        f"/static/{FORMER}/../sums.json",
        f"/static/{FORMER}/%2e%2e/sums.json",
        f"/static/{FORMER}/",
        "/static/0123/css/portal.css",
        "/static/../../../../x/css/portal.css",
    ],
)
def test_nothing_else_is_served(get: Get, path: str) -> None:
    assert get(path).status == 404
