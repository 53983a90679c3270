"""When too many sign in at once, and when devices are not trusted at all."""

import dataclasses

import pytest
from sqlalchemy import Engine

from player.members import ODILE
from player.world import still_world, test_settings
from tests.checked_client import CheckedClient
from tests.visitors import Town
from webapp import create_app
from webapp.rules.refusals import Refusal
from webapp.services.kernel.work import Work
from webapp.services.kernel.world import World


class Crowded:
    """A hasher that has no room for one more."""

    settings = "$argon2id$v=19$m=8,t=1,p=1"

    def verify(self, password_hash: str | None, password: str, in_use: object = ()) -> bool:
        raise Refusal("busy")


@pytest.mark.parametrize("partial", [False, True], ids=["plain", "partial"])
def test_a_rush_is_told_in_the_form_that_keeps_what_was_typed(
    engine: Engine, world: World, partial: bool
) -> None:
    app = create_app(test_settings(), dataclasses.replace(world, hasher=Crowded()), engine)
    app.test_client_class = CheckedClient
    browser = app.test_client()
    assert isinstance(browser, CheckedClient)
    fields = {"email": ODILE.email, "password": "quatre mots sans rapport"}
    answer = browser.submit("/connexion", fields, partial=partial)
    assert answer.status_code == 503
    assert "Attendez quelques secondes" in answer.text
    assert f'value="{ODILE.email}"' in answer.text
    assert "HX-Retarget" not in answer.headers


def test_without_trusted_devices_only_the_e_mail_is_remembered(engine: Engine) -> None:
    settings = test_settings(trusted_device_days=0)
    world = still_world(settings)
    app = create_app(settings, world, engine)
    app.test_client_class = CheckedClient
    work = Work(engine, world, "")
    town = Town(app, work)
    browser = town.browser()
    town.sign_in(browser, remember=True)
    browser.submit("/deconnexion", {}, page="/espace")
    page = browser.get("/connexion").text
    assert f'value="{ODILE.email}"' in page
    assert "30 jours" not in page
    assert town.give_password(browser).headers["Location"] == "/connexion/code"
    work.close(commit=False)


def test_an_address_is_the_same_whatever_its_case_and_spaces(town: Town) -> None:
    browser = town.browser()
    fields = {"email": "  ODILE@Example.ORG ", "password": "quatre mots sans rapport"}
    answer = browser.submit("/connexion", fields)
    assert answer.headers["Location"] == "/connexion/code"
