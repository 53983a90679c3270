"""The session cookie: minted by us at every change of rank, never adopted, dead once ended."""

import pytest
from flask import Flask
from sqlalchemy import Engine, func, select

from player.members import RENE
from player.world import still_world, test_settings
from tests.checked_client import CheckedClient
from tests.visitors import Progress, Town
from webapp import create_app
from webapp.models import StoredSession
from webapp.services.kernel.work import Work

HTTPS = {"base_url": "https://localhost", "environ_overrides": {"REMOTE_ADDR": "127.0.0.1"}}


def held(browser: CheckedClient, name: str = "session") -> str | None:
    """The value of the browser's session cookie."""
    cookie = browser.get_cookie(name)
    return cookie.value if cookie else None


def stored(work: Work) -> int:
    count = work.db.execute(select(func.count()).select_from(StoredSession)).scalar_one()
    work.settle()
    return count


def test_a_passer_by_gets_no_cookie_where_there_is_no_form(town: Town) -> None:
    answers = ("/mot-de-passe-oublie/envoi", "/mot-de-passe-oublie/fait")
    for path in ("/", "/aide", "/cgu", "/accessibilite", *answers, "/nulle-part"):
        assert "Set-Cookie" not in town.browser().get(path).headers, path


def test_a_form_s_cookie_is_signed_and_needs_no_row(town: Town) -> None:
    browser = town.browser()
    answer = browser.get("/connexion")
    assert answer.headers["Set-Cookie"].startswith("session=")
    assert stored(town.work) == 0


@pytest.mark.parametrize(
    "stage", [Progress.DRAFT, Progress.CODE, Progress.WAITING, Progress.MEMBER]
)
def test_each_rank_has_a_new_id(town: Town, stage: Progress) -> None:
    browser = town.browser()
    browser.get("/connexion")
    ids = [held(browser)]
    steps = {
        Progress.DRAFT: [town.prove_letter],
        Progress.CODE: [town.give_password],
        Progress.MEMBER: [town.give_password, town.give_code],
        Progress.WAITING: [town.register, lambda each: town.give_password(each, RENE)],
    }[stage]
    for step in steps:
        step(browser)
        ids.append(held(browser))
    assert len(set(ids)) == len(ids)


def test_the_former_id_is_a_stranger_s(town: Town) -> None:
    browser = town.browser(Progress.CODE)
    former = held(browser)
    town.give_code(browser)
    thief = town.browser()
    thief.set_cookie("session", str(former))
    assert thief.get("/connexion/code").headers["Location"] == "/connexion?fait=session"
    assert thief.get("/espace").headers["Location"] == "/connexion"


def test_a_chosen_cookie_is_never_adopted(town: Town) -> None:
    victim = town.browser()
    victim.set_cookie("session", "s.chosen-by-somebody-else-0123456789")
    town.sign_in(victim)
    assert held(victim) != "s.chosen-by-somebody-else-0123456789"
    thief = town.browser()
    thief.set_cookie("session", "s.chosen-by-somebody-else-0123456789")
    assert thief.get("/espace").status_code == 303


def test_a_visitor_s_token_set_by_a_stranger_is_gone_after_the_password(town: Town) -> None:
    thief = town.browser()
    thief.get("/connexion")
    victim = town.browser()
    victim.set_cookie("session", str(held(thief)))
    town.sign_in(victim)
    assert thief.get("/espace").status_code == 303


def test_signing_out_ends_the_row_and_the_cookie(town: Town) -> None:
    browser = town.browser(Progress.MEMBER)
    former = str(held(browser))
    answer = browser.submit("/deconnexion", {}, page="/espace")
    assert answer.headers["Location"] == "/connexion?fait=deconnexion"
    assert held(browser) is None
    assert stored(town.work) == 0
    browser.set_cookie("session", former)
    assert browser.get("/espace").status_code == 303


def test_a_recorded_post_played_again_after_signing_out_does_nothing(town: Town) -> None:
    browser = town.browser(Progress.MEMBER)
    cookie, token = str(held(browser)), browser.csrf("/espace")
    browser.submit("/deconnexion", {}, page="/espace")
    thief = town.browser()
    thief.set_cookie("session", cookie)
    answer = thief.post("/espace/prolonger", data={"csrf_token": token})
    assert answer.headers["Location"] == "/connexion?fait=session"
    assert stored(town.work) == 0


def test_a_page_that_began_before_the_sign_out_brings_nothing_back(town: Town) -> None:
    browser = town.browser(Progress.MEMBER)
    slow = town.browser()
    slow.set_cookie("session", str(held(browser)))
    assert slow.get("/espace").status_code == 200
    browser.submit("/deconnexion", {}, page="/espace")
    assert "Set-Cookie" not in slow.get("/aide").headers
    assert slow.get("/espace").status_code == 303


@pytest.mark.parametrize(("minutes", "status"), [(29, 200), (30, 303)])
def test_half_an_hour_without_activity_ends_it(town: Town, minutes: int, status: int) -> None:
    browser = town.browser(Progress.MEMBER)
    town.work.world.clock.advance(minutes=minutes)  # type: ignore[attr-defined]
    assert browser.get("/espace").status_code == status


def test_twelve_hours_end_it_whatever_the_activity(town: Town) -> None:
    browser = town.browser(Progress.MEMBER)
    for _ in range(12 * 3 - 1):
        town.work.world.clock.advance(minutes=20)  # type: ignore[attr-defined]
        assert browser.get("/espace").status_code == 200
    town.work.world.clock.advance(minutes=20)  # type: ignore[attr-defined]
    assert browser.get("/espace").status_code == 303


@pytest.mark.parametrize(
    "value",
    [
        "",
        "s.",
        "s.x",
        "x",
        "....",
        "eyJhIjoxfQ.bad",
        "s." + "9" * 5000,
        "\x00",
        "é",
        '"',
        "s.é\x00",
    ],
)
def test_a_broken_cookie_is_a_stranger_s(town: Town, value: str) -> None:
    browser = town.app.test_client(use_cookies=False)
    for path, status in (("/espace", 303), ("/connexion", 200), ("/connexion/code", 303)):
        header = f"session={value}".encode().decode("latin-1")
        assert browser.get(path, headers={"Cookie": header}).status_code == status


@pytest.fixture
def https(engine: Engine) -> Flask:
    """The portal as members reach it in production."""
    settings = test_settings(public_url="https://localhost")
    app = create_app(settings, still_world(settings), engine)
    app.test_client_class = CheckedClient
    return app


def test_over_https_the_cookie_is_host_bound_and_secure(https: Flask) -> None:
    cookie = https.test_client().get("/connexion", **HTTPS).headers["Set-Cookie"]
    assert cookie.startswith("__Host-session=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} == set(cookie.split("; ")[1:])


def test_over_https_a_cookie_without_the_prefix_is_not_read(https: Flask, town: Town) -> None:
    browser = town.browser(Progress.MEMBER)
    thief = https.test_client()
    thief.set_cookie("session", str(held(browser)), domain="localhost", secure=True)
    assert thief.get("/espace", **HTTPS).status_code == 303


def test_on_a_loopback_address_the_cookie_lacks_only_secure(town: Town) -> None:
    cookie = town.browser().get("/connexion").headers["Set-Cookie"]
    assert {"HttpOnly", "Path=/", "SameSite=Lax"} == set(cookie.split("; ")[1:])


def test_the_cookie_of_a_registration_ends_with_the_browser(town: Town) -> None:
    cookie = town.prove_letter(town.browser()).headers["Set-Cookie"]
    assert cookie.startswith("session=s.")
    assert "Max-Age" not in cookie
    assert "Expires" not in cookie
    assert len(cookie) < 4096


def test_a_sign_in_s_cookie_ends_with_the_browser(town: Town) -> None:
    cookie = town.sign_in(town.browser()).headers["Set-Cookie"]
    assert "Max-Age" not in cookie
    assert "Expires" not in cookie


def test_the_id_stands_nowhere_but_in_the_cookie(town: Town) -> None:
    browser = town.browser(Progress.MEMBER)
    secret = str(held(browser))[2:]
    assert secret not in browser.get("/espace").text
    rows = town.work.db.execute(select(StoredSession.__table__)).all()
    assert secret not in repr(rows)
