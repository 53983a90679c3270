"""The cookie of a remembered device."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine, select

from player.world import still_world, test_settings
from tests.checked_client import CheckedClient
from tests.visitors import Progress, Town
from webapp import create_app
from webapp.models import Device
from webapp.web import device_cookie
from webapp.web.doors import open_to_all


def held(browser: CheckedClient) -> str:
    cookie = browser.get_cookie("device")
    return cookie.value if cookie else ""


def test_only_se_souvenir_de_moi_gives_one(town: Town) -> None:
    forgetful, remembered = town.browser(), town.browser()
    town.sign_in(forgetful)
    town.sign_in(remembered, remember=True)
    assert held(forgetful) == ""
    assert len(held(remembered)) >= 43


def test_it_comes_with_the_security_code_not_with_the_password(town: Town) -> None:
    browser = town.browser()
    town.give_password(browser, remember=True)
    assert held(browser) == ""


def test_it_lives_thirty_days_for_this_site_alone(town: Town) -> None:
    answer = town.sign_in(town.browser(), remember=True)
    cookie = next(each for each in answer.headers.getlist("Set-Cookie") if "device" in each)
    words = set(cookie.split("; ")[1:])
    assert {f"Max-Age={30 * 86_400}", "HttpOnly", "Path=/", "SameSite=Lax"} <= words
    assert "Domain" not in cookie


def test_over_https_it_is_host_bound_and_secure(engine: Engine) -> None:
    settings = test_settings(public_url="https://localhost")
    app = create_app(settings, still_world(settings), engine)
    app.add_url_rule("/souvenir", "souvenir", _keep)
    answer = app.test_client().get("/souvenir", base_url="https://localhost")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-device=")
    assert "Secure" in cookie.split("; ")


def test_the_store_holds_only_its_hash(town: Town) -> None:
    browser = town.browser()
    town.sign_in(browser, remember=True)
    assert held(browser) not in repr(town.work.db.execute(select(Device.__table__)).all())


def test_the_next_sign_in_finds_the_e_mail_filled_in(town: Town) -> None:
    browser = town.browser()
    town.sign_in(browser, remember=True)
    browser.submit("/deconnexion", {}, page="/espace")
    assert 'value="odile@example.org"' in browser.get("/connexion").text
    assert 'value="odile@example.org"' not in town.browser().get("/connexion").text


def test_signing_out_everywhere_takes_it_away(town: Town) -> None:
    browser = town.browser()
    town.sign_in(browser, remember=True)
    browser.submit("/espace/securite/deconnecter-partout", {}, page="/espace")
    assert held(browser) == ""
    assert "odile" not in browser.get("/connexion").text


@pytest.mark.parametrize("value", ["", "x", "9" * 5000, "a" * 19, "é" * 30, "\x00" * 30])
def test_a_broken_one_is_a_stranger_s(town: Town, value: str) -> None:
    browser = town.app.test_client(use_cookies=False)
    header = f"device={value}".encode().decode("latin-1")
    assert browser.get("/connexion", headers={"Cookie": header}).status_code == 200


def test_a_failed_answer_gives_none(own_app: Flask) -> None:
    own_app.add_url_rule("/souvenir", "souvenir", open_to_all(lambda: (_keep(), 500)))
    assert "Set-Cookie" not in own_app.test_client().get("/souvenir").headers


def test_somebody_else_s_device_opens_no_second_step(town: Town) -> None:
    browser, thief = town.browser(), town.browser(Progress.STREET)
    town.sign_in(browser, remember=True)
    thief.set_cookie("device", held(browser)[:-1] + "x")
    assert town.give_password(thief).headers["Location"] == "/connexion/code"


@open_to_all
def _keep() -> str:
    device_cookie.keep("a secret of forty-three signs or a few more", timedelta(days=1))
    return "kept"
