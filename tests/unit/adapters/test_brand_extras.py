"""What a mutual adds in brand.toml: links in the space, and who answers for the site."""

import tomllib
from pathlib import Path

import pytest

from player.world import test_settings
from tests.unit.adapters.test_brand import change, folder  # noqa: F401 - a fixture
from webapp import create_app, warn_of_settings
from webapp.adapters import brand
from webapp.adapters.brand import BrandFault
from webapp.adapters.brand_extras import ICONS, Legal, legal, links
from webapp.adapters.world import real_world
from webapp.settings import ROOT

ONE = '[[links]]\nlabel = "Mes garanties"\naddress = "https://garanties.example.org/"\n'


def test_a_link_has_a_label_an_address_and_an_icon() -> None:
    (link,) = links(tomllib.loads(ONE))
    assert (link.label, link.host, link.icon) == (
        "Mes garanties",
        "garanties.example.org",
        ICONS[0],
    )


def test_no_links_are_none() -> None:
    assert links({}) == () and legal({}) == Legal()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (ONE.replace("https://", "http://"), "must begin with https://"),
        (ONE.replace("garanties.example.org", "intranet"), "must begin with https://"),
        (ONE.replace("garanties.", "name:password@"), "must begin with https://"),
        (ONE.replace("https://garanties.example.org/", "javascript:alert(1)"), "https://"),
        (ONE.replace("example.org/", "example.org:99999/"), "must begin with https://"),
        (ONE.replace("Mes garanties", "x" * 41), "one line of 40 signs"),
        (ONE.replace('"Mes garanties"', '""'), "one line of 40 signs"),
        (ONE + 'icon = "skull"\n', "must be one of document"),
        (ONE + 'colour = "red"\n', "must have a label and an address"),
        ('[links]\nlabel = "x"\n', "must have a label and an address"),
        (ONE * 2, "have the same label"),
        ("".join(ONE.replace("garanties", f"g{n}") for n in range(7)), "6 [[links]] at most"),
    ],
)
def test_a_link_that_would_lead_nowhere_is_refused_at_the_start(text: str, said: str) -> None:
    with pytest.raises(ValueError) as refused:
        links(tomllib.loads(text))
    assert said in str(refused.value)
    assert "brand.toml" in str(refused.value)


@pytest.mark.parametrize(
    "text", ['[legal]\nowner = "x"', "[legal]\nhost = 3", 'legal = "x"', '[legal]\nhost = "a\\nb"']
)
def test_legal_facts_are_known_names_and_one_line_each(text: str) -> None:
    with pytest.raises(ValueError, match=r"\[legal\]"):
        legal(tomllib.loads(text))


def test_the_start_says_what_is_wrong(folder: Path) -> None:  # noqa: F811
    change(folder, "https://carte.example.org/", "http://carte.example.org/")
    with pytest.raises(BrandFault, match="« Ma carte de tiers payant »"):
        brand.read(folder)


def test_what_the_law_wants_and_brand_toml_does_not_say_is_told_in_the_log(
    folder: Path,  # noqa: F811
    engine,
    caplog: pytest.LogCaptureFixture,
) -> None:
    change(folder, 'director = "Camille Exemple"\n', "")
    settings = test_settings(brand_dir=folder, public_url="https://espace.example.org")
    app = create_app(settings, real_world(settings), engine)
    warn_of_settings(app)
    client = app.test_client()
    client.environ_base["HTTP_HOST"] = "espace.example.org"
    assert "[legal] of brand.toml does not say director" in caplog.text
    assert "Direction de la publication" not in client.get("/mentions-legales").text


def test_every_icon_is_drawn() -> None:
    drawn = (ROOT / "templates" / "components" / "icons.html").read_text()
    assert all(f'"{name}":' in drawn for name in ICONS)
