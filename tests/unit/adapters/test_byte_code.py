"""Compiled templates are kept beside their sources, and never taken for others."""

import pytest
from jinja2 import Environment, FileSystemLoader

from webapp.adapters.byte_code import KeptByteCode
from webapp.adapters.kept import FOLDER


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "page.html").write_text("{{ 'SMIE'|named }}")
    return tmp_path


def rendered(folder, name):
    environment = Environment(
        loader=FileSystemLoader(folder), bytecode_cache=KeptByteCode(folder, name)
    )
    environment.filters["named"] = lambda text: text.replace("SMIE", name)
    return environment.get_template("page.html").render()


def test_what_one_process_compiled_the_next_one_loads(folder):
    assert rendered(folder, "Une mutuelle") == "Une mutuelle"
    (kept,) = (folder / FOLDER).iterdir()
    before = kept.stat().st_mtime_ns
    assert rendered(folder, "Une mutuelle") == "Une mutuelle"
    assert kept.stat().st_mtime_ns == before, "it was not compiled again"


def test_another_mutual_s_words_are_compiled_apart(folder):
    assert rendered(folder, "Une mutuelle") == "Une mutuelle"
    assert rendered(folder, "Une autre") == "Une autre"


def test_a_changed_template_is_compiled_anew(folder):
    rendered(folder, "Une mutuelle")
    (folder / "page.html").write_text("{{ 'SMIE'|named }} !")
    assert rendered(folder, "Une mutuelle") == "Une mutuelle !"


def test_where_nothing_can_be_written_pages_are_rendered_all_the_same(folder):
    (folder / FOLDER).write_text("a file in the place of the folder")
    assert rendered(folder, "Une mutuelle") == "Une mutuelle"
