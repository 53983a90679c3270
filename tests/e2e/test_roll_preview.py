"""The page of what an import would change, opened from the clerk's own disk."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from player.world import StillClock, still_world, test_settings
from tests.roll_desk import CODE, Desk
from webapp import create_app

WIDE = "document.documentElement.scrollWidth - innerWidth"
ADDRESS = "Résidence des Tilleuls bâtiment B|12 boulevard du Général Leclerc"


@pytest.fixture
def written(database, tmp_path) -> Path:
    """Members with another name, new ones, rows refused."""
    world = still_world()
    desk = Desk(database, world, StillClock())
    desk.load(f"numero_adherent|code_acces|nom|prenom\n001|{CODE}|Lefèvre|Élodie\n002||Petit|Anne")
    file, page = tmp_path / "adherents-novembre.csv", tmp_path / "apercu.html"
    header = "numero_adherent|nom|prenom|date_naissance|contrat|adresse_1|adresse_2"
    rows = (
        f"001|Durand|Élodie|1980-02-01|Santé Confort|{ADDRESS}",
        f"3|Martin|Luce|1950-03-07|Santé Famille|{ADDRESS}",
        "*|Personne||||",
    )
    file.write_text("\n".join((header, *rows)).replace("|", ";"))
    app = create_app(test_settings(), world, database)
    arguments = ["members", "import", str(file), "--preview", str(page)]
    assert app.test_cli_runner().invoke(args=arguments).exit_code == 1  # a row is refused
    return page


@pytest.fixture
def opened(browser: Browser, written: Path):
    """The page, in a window of this width; all that it asks of others is noted."""
    windows = []

    def opened(width: int, height: int = 740) -> tuple[Page, list[str]]:
        window = browser.new_context(viewport={"width": width, "height": height})
        windows.append(window)
        page, asked = window.new_page(), []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(written.as_uri())
        return page, [each for each in asked if not each.startswith(("file:", "data:"))]

    yield opened
    for each in windows:
        each.close()


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_only_its_tables_scroll_and_it_asks_nobody_for_anything(opened, width):
    page, asked = opened(width)
    assert page.evaluate(WIDE) <= 0
    assert asked == []
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    expect(page.get_by_role("heading", level=1)).to_contain_text("adherents-novembre.csv")


def test_the_keyboard_alone_reaches_the_content_each_section_and_each_table(opened):
    page, _ = opened(360)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Aller au contenu")).to_be_focused()
    page.keyboard.press("Enter")
    tables = [
        "Adhérents et lignes du fichier", "Chaque valeur, avant et après",
        "Adhérents à ajouter",
        "Lignes, et ce qui ne va pas",
    ]  # fmt: skip
    reached = []
    for _ in range(7):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.innerText.split('\\n')[0]"))
    sections = ["Modifiés", "Nouveaux", "Lignes refusées"]
    assert reached == [tables[0], *sections, *tables[1:]]


def test_a_table_that_scrolls_keeps_lines_of_a_readable_length(opened):
    page, _ = opened(360)
    cell = page.get_by_role("table", name="Adhérents à ajouter").get_by_role("cell").last
    expect(cell).to_contain_text("12 boulevard du Général Leclerc")
    assert cell.evaluate("each => each.getBoundingClientRect().height") < 130


def test_each_table_has_its_caption_and_each_row_its_head(opened):
    page, _ = opened(1280)
    table = page.get_by_role("table", name="Chaque valeur, avant et après")
    row = table.get_by_role("row", name="Date de naissance")
    expect(row.get_by_role("rowheader")).to_have_text("001")
    expect(row.get_by_role("cell").last).to_have_text("1er\u00a0février 1980")
