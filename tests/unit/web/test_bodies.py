"""A body is a form, or it is refused before anything reads it."""

import re
from io import BytesIO

import pytest
from werkzeug.test import TestResponse

from player.statements import Statements
from player.world import PASSWORD
from tests.checked_client import HX_PARTIAL, CheckedClient
from tests.visitors import Progress, Town, paths
from webapp.web.locks import FORMS

URLENCODED, MULTIPART = FORMS
TITLE = "Cette demande n’est pas un formulaire"
FOREIGN = {  # body, Content-Type
    "a JSON list": (b'[["email", "a"], 1]', "application/json"),
    "a JSON object": (b'{"email": ["a"], "csrf_token": null}', "application/json"),
    "JSON of a kind": (b"[1]", "application/vnd.api+json; charset=utf-8"),
    "odd case": (b"[1]", "Application/JSON"),
    "plain text, as a foreign form may send": (b"email=a", "text/plain"),
    "no kind at all": (b"email=a", None),
    "an empty kind": (b"email=a", ""),
    "no kind that there is": (b"email=a", "x" * 200),
    "a form and something else": (b"email=a", f"{URLENCODED}, application/json"),
    "a form's name within another": (b"email=a", f"text/plain; a={URLENCODED}"),
    "a file": (b"\x00\xff", "application/octet-stream"),
    "a report": (b"{}", "application/csp-report"),
    "nothing, said to be JSON": (b"", "application/json"),
}


def every_path(town: Town) -> list[str]:
    """Every address that takes a POST, and one that there is not."""
    return [*sorted(re.sub("<[^>]*>", "1", each) for each in paths(town.app, "POST")), "/nulle"]


def send(browser: CheckedClient, path: str, body: bytes, kind: str | None) -> TestResponse:
    """As it is: a test client's own `data` would add a Content-Type."""
    given = {} if kind is None else {"CONTENT_TYPE": kind}
    return browser.open(
        path,
        method="POST",
        input_stream=BytesIO(body),
        environ_overrides={**given, "CONTENT_LENGTH": str(len(body))},
    )


@pytest.mark.parametrize("name", FOREIGN)
@pytest.mark.parametrize("stage", [Progress.STREET, Progress.MEMBER])
def test_what_is_no_form_is_refused_on_every_route_before_it_is_read(
    town: Town, stage: Progress, name: str
) -> None:
    browser = town.browser(stage)
    with Statements(town.work.db.engine) as statements:
        for path in every_path(town):
            answer = send(browser, path, *FOREIGN[name])
            assert (answer.status_code, TITLE in answer.text) == (415, True), path
    assert statements.seen == []


def test_htmx_is_given_a_notice(town: Town) -> None:
    answer = town.browser().post("/connexion", json=[1], headers=HX_PARTIAL)
    assert answer.status_code == 415
    assert answer.headers["HX-Retarget"] == "#notice"
    assert TITLE in answer.text and "<h1" not in answer.text


def test_a_body_in_chunks_that_says_no_kind_is_refused(town: Town) -> None:
    chunked = {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True}
    answer = town.browser().open(
        "/connexion", method="POST", input_stream=BytesIO(b"email=a"), environ_overrides=chunked
    )
    assert answer.status_code == 415


def test_who_sends_nothing_is_told_as_before_that_the_form_is_old(town: Town) -> None:
    for kind in (None, URLENCODED):
        answer = send(town.browser(), "/connexion", b"", kind)
        assert answer.status_code == 422, kind


@pytest.mark.parametrize(
    "kind",
    [
        URLENCODED,
        f"{URLENCODED}; charset=utf-8",
        f"{URLENCODED};charset=UTF-8",  # as HTMX sends it
        "Application/X-WWW-Form-URLEncoded",
    ],
)
@pytest.mark.parametrize("headers", [{}, HX_PARTIAL], ids=["plain", "HTMX"])
def test_a_form_is_read_however_its_kind_is_written(
    town: Town, kind: str, headers: dict[str, str]
) -> None:
    browser = town.browser()
    body = f"email=odile%40example.org&password=x&csrf_token={browser.csrf('/connexion')}"
    answer = browser.post("/connexion", data=body, content_type=kind, headers=headers)
    assert answer.status_code == 422
    assert 'value="odile@example.org"' in answer.text


def test_a_form_in_parts_is_read_and_its_files_are_not(town: Town) -> None:
    browser = town.browser()
    fields = {"email": "odile@example.org", "csrf_token": browser.csrf("/connexion")}
    whole = browser.post(
        "/connexion", data={**fields, "password": PASSWORD}, content_type=MULTIPART
    )
    assert whole.headers["Location"] == "/connexion/code"
    browser = town.browser()
    fields["csrf_token"] = browser.csrf("/connexion")
    file = (BytesIO(PASSWORD.encode()), "password.txt")
    answer = browser.post("/connexion", data={**fields, "password": file}, content_type=MULTIPART)
    assert answer.status_code == 422
    assert 'value="odile@example.org"' in answer.text


def test_a_page_that_is_only_read_may_say_what_it_likes(town: Town) -> None:
    assert town.browser().get("/connexion", content_type="application/json").status_code == 200
