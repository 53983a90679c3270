"""The pages that the proxy serves while the portal is away: in the brand, whole in themselves."""

import base64
import re
import shutil
from pathlib import Path

import html5lib
import pytest

from webapp.adapters import assets, brand, proxy_pages
from webapp.adapters.held_folders import remove_unless_held
from webapp.adapters.proxy_pages import SHAPES, STATUSES, every
from webapp.settings import ROOT, SettingsError

# what its files' names begin with, what its variables do
SAMPLES = {"": ("nginx.conf", "portal"), "desk.": ("nginx-desk.conf", "desk")}
PAGES = [f"{whose}{status}" for whose, status, shape in every() if shape == "page"]


@pytest.fixture(scope="module")
def another(tmp_path_factory: pytest.TempPathFactory) -> brand.Brand:
    """Another mutual's brand."""
    folder = Path(shutil.copytree(brand.OURS, tmp_path_factory.mktemp("another") / "brand"))
    text = (folder / "brand.toml").read_text().replace("#542583", "#0b4f6c")
    text = text.replace("SMIE Mutuelle", "Mutuelle du Port").replace("12 34", "43 21")
    (folder / "brand.toml").write_text(text)
    return brand.read(folder)


@pytest.fixture(scope="module")
def built(another: brand.Brand) -> Path:
    """Its static files."""
    return assets.built(another.tokens, another.drawings, place=another.folder.parent / "build")


@pytest.fixture(scope="module")
def pages(another: brand.Brand, built: Path) -> Path:
    """Where its pages were written."""
    proxy_pages.write(another, built, built.parent)
    return built.parent


@pytest.mark.parametrize("name", PAGES)
def test_a_page_says_whose_it_is_what_to_do_and_members_whom_to_call(
    pages: Path, name: str
) -> None:
    text = (pages / f"{name}.page.html").read_text()
    html5lib.HTMLParser(strict=True).parse(text)
    assert text.count("<h1>") == 1 and '<html lang="fr">' in text
    assert "– Mutuelle du Port</title>" in text
    called = re.search(r'href="tel:\+33199004321">01.99.00.43.21</a>', text)
    assert bool(called) != name.startswith("desk."), "that number is the operators' own"


@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_for_nothing_else_and_runs_nothing(pages: Path, name: str) -> None:
    text = (pages / f"{name}.page.html").read_text()
    assert "<script" not in text and "<style" not in text
    leads = re.findall(r'(?:src|href)="([^"]*)"', text)
    assert {each.partition(",")[0] for each in leads} <= {
        "data:text/css;base64", "data:image/svg+xml;base64", "tel:+33199004321", "/", "",
    }  # fmt: skip
    style = base64.b64decode(re.findall(r"data:text/css;base64,([^\"]+)", text)[0]).decode()
    assert "--brand:#0b4f6c" in style and "prefers-color-scheme:dark" in style


@pytest.mark.parametrize("name", PAGES)
def test_a_notice_is_what_the_page_s_place_for_notices_takes(pages: Path, name: str) -> None:
    text = (pages / f"{name}.notice.html").read_text()
    assert text.startswith('<div class="errors" role="group" tabindex="-1"')
    assert "data-close" in text and "<html" not in text


@pytest.mark.parametrize("whose", STATUSES)
def test_the_sample_serves_each_of_them_and_no_other(whose: str) -> None:
    file, name = SAMPLES[whose]
    text = (ROOT / "deploy" / file).read_text()
    served = re.findall(rf"error_page [\d ]+ /{re.escape(whose)}(\d+)\.\${name}_part\.html;", text)
    assert sorted(map(int, served)) == sorted(STATUSES[whose])
    assert len(re.findall(r"error_page ", text)) == len(served)
    shapes = re.findall(
        rf"map \$http_hx_request_type \${name}_part +\{{ default (\w+); partial (\w+); \}}", text
    )
    assert shapes == [tuple(SHAPES)]


def test_a_folder_that_can_t_be_written_is_one_line(
    another: brand.Brand, built: Path, tmp_path: Path
) -> None:
    taken = tmp_path / "taken"
    taken.write_text("a file")
    with pytest.raises(SettingsError, match="the proxy's pages can't be written into"):
        proxy_pages.write(another, built, taken)


def test_a_later_build_leaves_them(pages: Path) -> None:
    """What no server uses is removed after an hour; these are used as long as they are there."""
    kept = sorted(pages.glob("*.html"))
    assert len(kept) == len(every())
    for each in kept:
        remove_unless_held(each)
    assert sorted(pages.glob("*.html")) == kept
