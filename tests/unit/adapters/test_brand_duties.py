"""What brand.toml says of the law on accessibility, and what the statement makes of it."""

import logging
import tomllib
from pathlib import Path

import pytest

from player.world import still_world, test_settings
from tests.checked_client import CheckedClient
from tests.unit.adapters.test_brand import change, folder  # noqa: F401 - a fixture
from webapp import create_app, warn_of_settings
from webapp.adapters.brand_duties import Duties, duties
from webapp.adapters.world import real_world

PLANS = (
    '[accessibility]\nbound = "public"\nschema_url = "https://www.example.org/schema"\n'
    'plan_url = "https://www.example.org/plan"\n'
)
DEROGATION = (
    '[[accessibility.derogations]]\ncriterion = "13.3"\ncontent = "Les relevés de 2019"\n'
    'reason = "ils ne se lisent plus"\nalternative = "on vous les lit au téléphone"\n'
)


def read(text: str) -> Duties:
    return duties(tomllib.loads(text))


def test_who_is_bound_must_have_its_plans_and_who_is_not_need_not() -> None:
    assert read("").missing == ("bound",)
    assert read('[accessibility]\nbound = "turnover"').missing == ("schema_url", "plan_url")
    assert read('[accessibility]\nbound = "no"').missing == ()
    assert read(PLANS).missing == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[accessibility]\nbound = "yes"', "one of public, turnover, no"),
        ('[accessibility]\nplan = "x"', "and nothing else"),
        (PLANS.replace("https://www.example.org/plan", "http://plan"), "must begin with https://"),
        ('[accessibility]\nout_of_scope = "x"', "must be a list"),
        ('[accessibility]\nout_of_scope = [""]', "lines of 300 signs"),
        (DEROGATION.replace("reason", "why"), "a criterion, a content and a reason"),
    ],
)
def test_what_the_statement_could_not_say_is_refused_at_the_start(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=r"brand\.toml") as refused:
        read(text)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("bound", "said"),
    [
        ("public", "une mission de service public : la SMIE Mutuelle en fait partie"),
        ("turnover", "250 millions d’euros : la SMIE Mutuelle est de celles-là"),
        ("no", "elle publie cette déclaration de son plein gré"),
    ],
)
def test_the_statement_says_who_is_bound_and_what_is_left_out(
    folder: Path,  # noqa: F811
    engine,
    bound: str,
    said: str,
) -> None:
    change(
        folder, 'bound = "turnover"', f'bound = "{bound}"\nout_of_scope = ["Le plan du quartier"]'
    )
    change(folder, "[[links]]", f"{DEROGATION}\n[[links]]")
    settings = test_settings(brand_dir=folder)
    app = create_app(settings, still_world(settings), engine)
    app.test_client_class = CheckedClient
    page = app.test_client().get("/accessibilite").text.replace("\u00a0", " ")
    assert said in page
    assert "Les relevés de 2019 (critère 13.3) : ils ne se lisent plus." in page
    assert "À la place : on vous les lit au téléphone" in page
    assert "<li>Le plan du quartier</li>" in page


def test_a_statement_that_lacks_its_plans_is_told_in_the_log(
    folder: Path,  # noqa: F811
    engine,
    caplog: pytest.LogCaptureFixture,
) -> None:
    change(folder, "schema_url = ", "# schema_url = ")
    settings = test_settings(brand_dir=folder, public_url="https://espace.example.org")
    with caplog.at_level(logging.WARNING):
        warn_of_settings(create_app(settings, real_world(settings), engine))
    assert "[accessibility] of brand.toml does not say schema_url" in caplog.text
