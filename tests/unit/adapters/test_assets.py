"""What browsers are sent: built once, never another version's or another mutual's."""

import gzip
import os
import shutil
from pathlib import Path

import brotli
import pytest

from webapp.adapters import assets, brand
from webapp.adapters.assets import FILES, built, slim
from webapp.adapters.brand import OURS
from webapp.settings import SettingsError

DRAWINGS = brand.read(OURS).drawings
TOKENS = ":root{--brand:#123456}"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Files as in static/, small ones."""
    for name, text in {
        "css/portal.css": "/* why */\nbody {\n  margin: 0;\n}\n" * 20,
        "js/arrival.js": "d();\n",
        "js/portal.js": "// why\n(() => {\n  a();\n})();\n" * 20,
        "js/passkey.js": "b();\n",
        "js/awake.js": "e();\n",
        "js/htmx.min.js": "htmx();\n" * 20,
        "brand/brand.toml": "ours",
    }.items():
        file = tmp_path / "static" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return tmp_path / "static"


def build(source: Path, tokens: str = TOKENS, drawings: tuple[Path, ...] = DRAWINGS) -> Path:
    """As another process would: what this one has found already does not count."""
    return built.__wrapped__(tokens, drawings, source, source / "build")


def test_it_holds_all_that_is_served_compressed_and_nothing_else(source: Path) -> None:
    files = build(source) / FILES
    names = {str(each.relative_to(files)) for each in files.rglob("*") if each.is_file()}
    assert names == {
        *(f"css/portal.css{end}" for end in ("", ".gz", ".br")),
        *(f"js/portal.js{end}" for end in ("", ".gz", ".br")),
        *(f"js/htmx.min.js{end}" for end in ("", ".gz", ".br")),
        "js/arrival.js",
        "js/passkey.js",
        "js/awake.js",
        *(f"brand/{each.name}" for each in DRAWINGS),
        *(f"brand/mark.svg{end}" for end in (".gz", ".br")),
    }
    style = (files / "css" / "portal.css").read_text()
    assert style.startswith("body{margin:0}") and style.endswith(TOKENS)
    assert gzip.decompress((files / "css" / "portal.css.gz").read_bytes()).decode() == style
    assert brotli.decompress((files / "css" / "portal.css.br").read_bytes()).decode() == style


def test_what_browsers_run_is_what_was_written_without_its_words() -> None:
    written = "// why\n(() => {\n  a('//b', `c\n  d`); // e\n})();\n"
    assert slim(written, "text/javascript") == '(()=>{a("//b",`c\n  d`)})()'


def test_what_cannot_be_read_is_told(source: Path) -> None:
    (source / "js" / "portal.js").write_text("const a = ;")
    with pytest.raises(SettingsError, match="can't be minified: unexpected ;"):
        build(source)


def test_the_next_start_takes_it_as_it_is(source: Path) -> None:
    first = build(source)
    before = (first / FILES / "js" / "portal.js").stat().st_mtime_ns
    assert build(source) == first
    assert (first / FILES / "js" / "portal.js").stat().st_mtime_ns == before


def test_a_changed_file_colour_or_drawing_makes_another(source: Path, tmp_path: Path) -> None:
    drawing = Path(shutil.copy(DRAWINGS[0], tmp_path))
    seen = {build(source).name, build(source, TOKENS + " ").name}
    seen.add(build(source, drawings=(drawing, *DRAWINGS[1:])).name)
    assert len(seen) == 2, "the same drawing is the same wherever it lies"
    drawing.write_text("<svg/>")
    seen.add(build(source, drawings=(drawing, *DRAWINGS[1:])).name)
    (source / "js" / "passkey.js").write_text("c();\n")
    seen.add(build(source).name)
    (source / "js" / "new.js").write_text("d();\n")
    seen.add(build(source).name)
    assert len(seen) == 5


def test_compressed_copies_that_former_versions_made_beside_count_for_nothing(source: Path) -> None:
    before = build(source)
    (source / "js" / "portal.js.gz").write_bytes(b"of another version")
    assert build(source) == before


@pytest.mark.parametrize("left", [0, 7])
def test_what_a_power_cut_left_is_built_anew(source: Path, left: int) -> None:
    folder = build(source)
    packed = folder / FILES / "css" / "portal.css.br"
    whole = packed.read_bytes()
    packed.write_bytes(whole[:left])
    assert build(source) == folder
    assert packed.read_bytes() == whole


def test_the_ten_newest_builds_stay_for_pages_of_former_versions(source: Path) -> None:
    """And what a server holds, and one just built for a server that is about to start."""
    held, place = build(source), source / "build"
    former = [place / f"{age:010d}" for age in range(12)]
    for age, each in enumerate(former):
        each.mkdir()
        os.utime(each, (100_000 - age, 100_000 - age))
    os.utime(held, (0, 0))
    young = place / "9876543210"
    young.mkdir()
    build(source, TOKENS + " ")
    assert held.exists() and young.exists()
    assert [each.exists() for each in former] == [True] * 9 + [False] * 3
    assert len(list(place.iterdir())) == 12, "nothing half made is left"


def test_where_it_can_t_be_made_the_start_says_what_to_run(source: Path) -> None:
    (source / "build").write_text("a file in the place of the folder")
    with pytest.raises(SettingsError, match=r"run \.venv/bin/flask assets build") as told:
        build(source)
    assert "\n" not in str(told.value) and "BRAND_DIR" in str(told.value)


def test_ours_is_looked_for_once_a_process() -> None:
    ours = brand.read(OURS)
    assert assets.of(ours) is assets.of(brand.read(OURS))
