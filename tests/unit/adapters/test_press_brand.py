"""Another mutual's letters: its name, colours, texts and template; its faults in one sentence."""

import shutil
from pathlib import Path

import pytest

from tests.paper import SITE, printed, sheet, texts
from webapp.adapters import brand, press
from webapp.adapters.press import PressFault
from webapp.services.letters.sheets import Press
from webapp.settings import ROOT

TEMPLATE = ROOT / "templates" / "letter" / "letter.typ"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of our own brand, with a folder for its letters."""
    own = Path(shutil.copytree(brand.OURS, tmp_path / "brand"))
    (own / "letter").mkdir()
    return own


def opened(folder: Path) -> Press:
    return press.open_press(brand.read(folder), SITE)


def test_a_mutual_s_own_texts_replace_ours_one_by_one(folder: Path):
    (folder / "letter" / "texts.toml").write_text('subject = "Bienvenue chez {short} *"\n')
    front = texts(printed(sheet(), by=opened(folder)))[0]
    assert "Bienvenue chez SMIE *" in front
    assert "Bonjour Mme Odile Exemple," in front


def test_a_mutual_s_own_template_replaces_ours(folder: Path):
    own = TEMPLATE.read_text().replace("words.subject", '"Autre modèle"')
    (folder / "letter" / "letter.typ").write_text(own)
    assert "Autre modèle" in texts(printed(sheet(), by=opened(folder)))[0]


@pytest.mark.parametrize(
    ("file", "content", "told"),
    [
        ("texts.toml", "greeting = ", "texts.toml"),
        ("texts.toml", 'hello = "x"\n', "« hello »"),
        ("texts.toml", 'todo = "x"\n', "« todo » doit être une liste"),
        ("texts.toml", "greeting = 3\n", "« greeting » doit être une ligne"),
        ("texts.toml", 'greeting = "Bonjour"\n', "{name}"),
    ],
)
def test_texts_that_cannot_be_read_are_told_at_once(
    folder: Path, file: str, content: str, told: str
):
    (folder / "letter" / file).write_text(content)
    with pytest.raises(PressFault) as fault:
        opened(folder)
    assert told in str(fault.value)
    assert str(folder / "letter" / file) in str(fault.value)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("#let front(sheet) = {", "#let front(sheet) = { nothing", "nothing"),
        ('"Atkinson Hyperlegible Next"', '"Comic Sans MS"', "comic sans ms"),
        ("alt: words.qr_alt, ", "", "alt"),
    ],
)
def test_a_template_that_cannot_be_set_is_told_with_its_line(
    folder: Path, old: str, new: str, told: str
):
    text = TEMPLATE.read_text()
    assert old in text
    (folder / "letter" / "letter.typ").write_text(text.replace(old, new))
    with pytest.raises(PressFault) as fault:
        printed(sheet(), by=opened(folder))
    assert told in str(fault.value)
    assert f"{folder / 'letter' / 'letter.typ'}, ligne " in str(fault.value)
    assert str(fault.value).count("\n") == 0


def test_texts_that_run_over_are_told_not_printed(folder: Path):
    long = "Encore un mot. " * 60
    (folder / "letter" / "texts.toml").write_text(f'intro = "{long}"\n')
    with pytest.raises(PressFault, match="trop de texte pour le début du courrier"):
        printed(sheet(), by=opened(folder))


def test_a_page_too_many_is_told_not_printed(folder: Path):
    text = TEMPLATE.read_text().replace("#let back = {", "#let back = {\n  v(400mm); [a]")
    (folder / "letter" / "letter.typ").write_text(text)
    with pytest.raises(PressFault, match="ne tient pas sur sa page"):
        printed(sheet(), by=opened(folder))


def test_a_link_has_no_place_on_paper(folder: Path):
    text = TEMPLATE.read_text().replace("par(words.intro)", 'par(link("https://example.org")[x])')
    (folder / "letter" / "letter.typ").write_text(text)
    with pytest.raises(PressFault, match="lien"):
        printed(sheet(), by=opened(folder))


def test_another_mutual_has_another_recipe(folder: Path):
    ours = opened(brand.OURS).recipe
    assert opened(folder).recipe == ours
    (folder / "letter" / "texts.toml").write_text('subject = "Bienvenue"\n')
    assert opened(folder).recipe != ours
