"""Every form knows whether it was our own page that sent it, and forgives what can be forgiven."""

from io import BytesIO
from typing import Any

import pytest
from werkzeug.test import TestResponse

from player.members import ODILE, RENE
from player.statements import Statements
from player.world import PASSWORD
from tests.checked_client import HX_PARTIAL, tree
from tests.visitors import Progress, Town, about_me
from webapp.web.sign_in.forms import PasswordForm

STALE = "Cette page était ouverte depuis longtemps."
TOKENS = ["", "x", "9" * 40, "IjEyMyI.abc.def", "é", "\x00"]


def told(answer: TestResponse) -> bool:
    """Whether the answer is the same screen with the sentence of an old page."""
    return answer.status_code == 422 and STALE in answer.text


@pytest.mark.parametrize("token", TOKENS)
def test_a_token_that_is_not_ours_shows_the_same_screen_again(town: Town, token: str) -> None:
    browser = town.browser()
    browser.get("/inscription")
    fields = about_me(RENE) | {"csrf_token": token}
    with Statements(town.work.db.engine) as statements:
        answer = browser.post("/inscription", data=fields)
    assert told(answer)
    assert statements.seen == []


@pytest.mark.parametrize("headers", [{}, HX_PARTIAL], ids=["plain", "partial"])
def test_what_was_typed_stays_but_the_passwords(town: Town, headers: dict[str, str]) -> None:
    secret = "neuf corbeaux jaunes dansent"
    fields = about_me(RENE, password=secret, password_repeat=secret)
    answer = town.browser().post("/inscription", data=fields, headers=headers)
    assert told(answer)
    values = {each.get("name"): each.get("value") for each in tree(answer.text).iter("input")}
    assert (values["number"], values["email"]) == (RENE.number, RENE.email)
    assert values["access_code"] == RENE.access_code
    assert values["password"] is values["password_repeat"] is None
    assert secret not in answer.text


def test_the_answer_carries_a_token_that_works(town: Town) -> None:
    browser = town.browser()
    answer = browser.post("/inscription", data=about_me(RENE))
    inputs = tree(answer.text).iter("input")
    token = next(each.get("value") for each in inputs if each.get("name") == "csrf_token")
    again = browser.post("/inscription", data=about_me(RENE) | {"csrf_token": token})
    assert again.headers["Location"] == "/inscription/cgu"


def test_a_token_of_another_browser_is_worth_nothing(town: Town) -> None:
    stolen = town.browser().csrf("/connexion")
    browser = town.browser()
    browser.get("/connexion")
    fields = {"email": "odile@example.org", "password": PASSWORD, "csrf_token": stolen}
    assert told(browser.post("/connexion", data=fields))


def test_a_token_from_before_the_sign_in_is_worth_nothing_after_it(town: Town) -> None:
    browser = town.browser()
    old = browser.csrf("/connexion")
    town.sign_in(browser)
    assert told(browser.post("/espace/securite/deconnecter-partout", data={"csrf_token": old}))


def test_a_token_lives_as_long_as_its_session(town: Town) -> None:
    browser = town.browser()
    token = browser.csrf("/inscription")
    town.work.world.clock.advance(hours=40)  # type: ignore[attr-defined]
    answer = browser.post("/inscription", data=about_me(RENE) | {"csrf_token": token})
    assert answer.status_code == 303


@pytest.mark.parametrize("site", ["cross-site", "same-site", "rubbish"])
def test_what_another_site_posts_is_refused_before_anything_is_read(town: Town, site: str) -> None:
    browser = town.browser(Progress.MEMBER)
    token = browser.csrf("/espace")
    with Statements(town.work.db.engine) as statements:
        answer = browser.post(
            "/espace/securite/deconnecter-partout",
            data={"csrf_token": token},
            headers={"Sec-Fetch-Site": site},
        )
    assert answer.status_code == 403
    assert "Cette demande vient d’ailleurs" in answer.text
    assert statements.seen == []


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "http://localhost.evil.example", "http://localhost:81"]
)
def test_a_foreign_origin_is_refused(town: Town, origin: str) -> None:
    browser = town.browser()
    del browser.environ_base["HTTP_SEC_FETCH_SITE"]  # older browsers tell their origin alone
    fields = about_me(RENE) | {"csrf_token": browser.csrf("/inscription")}
    answer = browser.post("/inscription", data=fields, headers={"Origin": origin})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "null"},
        {"Origin": "http://localhost"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
        {"Sec-Fetch-Site": "none"},
    ],
)
def test_our_own_page_is_believed_with_its_token(town: Town, headers: dict[str, str]) -> None:
    browser = town.browser()
    fields = about_me(RENE) | {"csrf_token": browser.csrf("/inscription")}
    assert browser.post("/inscription", data=fields, headers=headers).status_code == 303
    assert told(town.browser().post("/inscription", data=about_me(RENE), headers=headers))


def test_signing_in_needs_a_token_too(town: Town) -> None:
    fields = {"email": "odile@example.org", "password": PASSWORD}
    assert told(town.browser().post("/connexion", data=fields))


def test_nobody_is_signed_out_by_another_page(town: Town) -> None:
    browser = town.browser(Progress.MEMBER)
    assert browser.post("/deconnexion").headers["Location"] == "/espace?fait=ancienne"
    assert browser.get("/espace").status_code == 200


def test_a_sign_in_under_way_is_not_ended_by_another_page(town: Town) -> None:
    browser = town.browser(Progress.CODE)
    assert browser.post("/deconnexion").headers["Location"] == "/connexion?fait=ancienne"
    assert browser.get("/connexion/code").status_code == 200


def test_a_repeated_field_or_an_unknown_one_changes_nothing(town: Town) -> None:
    browser = town.browser()
    fields: dict[str, str | list[str]] = {
        **about_me(RENE),
        "csrf_token": browser.csrf("/inscription"),
        "number": [RENE.number, "9999999"],
        "state": "confirmed",
        "account_id": "1",
    }
    assert browser.post("/inscription", data=fields).status_code == 303
    assert browser.get("/inscription/confirmation").headers["Location"] == "/inscription/cgu"


@pytest.mark.parametrize(
    "sent",
    [
        {"json": {"email": "odile@example.org"}},
        {"json": [["email", "odile@example.org"]]},
        {"data": {"email": (BytesIO(b"odile@example.org"), "email.txt")}},
    ],
    ids=["JSON", "a JSON list", "a file"],
)
def test_a_form_reads_nothing_but_a_form(town: Town, sent: dict[str, Any]) -> None:
    """Also were it not refused at the door (test_bodies.py)."""
    with town.app.test_request_context("/connexion", method="POST", **sent):
        assert not PasswordForm().email.data


def test_every_empty_field_is_told_beside_itself_and_in_the_summary(town: Town) -> None:
    answer = town.browser().submit("/inscription", {})
    page = tree(answer.text)
    ids = ["number", "access_code", "email", "password", "password_repeat"]
    links = [each.get("href") for each in page.iter("a") if str(each.get("href")).startswith("#")]
    assert [f"#{each}" for each in ids] == [link for link in links if link != "#main"]
    wrong = [each.get("id") for each in page.iter("input") if each.get("aria-invalid") == "true"]
    assert wrong == ids
    assert "<title>Erreur\u00a0: " in answer.text


@pytest.mark.parametrize(
    "path",
    ["/espace/securite/mot-de-passe", "/espace/securite/email", "/espace/mes-donnees/fermer"],
)
def test_a_password_s_owner_is_told_to_the_browser_that_keeps_it(town: Town, path: str) -> None:
    assert owner(town.browser(Progress.MEMBER).get(path)) == ODILE.email


def owner(answer: TestResponse) -> str | None:
    """Under which name a password manager keeps what is typed on this page."""
    inputs = tree(answer.text).iter("input")
    return next(
        each.get("value") for each in inputs if each.get("autocomplete", "").startswith("username")
    )
