"""Compiled templates are kept beside their sources, and never taken for others."""

import os

import pytest
from jinja2 import Environment, FileSystemLoader

from webapp.adapters import compiled_templates


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "page.html").write_text("{{ 'SMIE'|named }}")
    return tmp_path


def rendered(folder, name):
    environment = Environment(
        loader=FileSystemLoader(folder), bytecode_cache=compiled_templates.cache(folder, name)
    )
    environment.filters["named"] = lambda text: text.replace("SMIE", name)
    return environment.get_template("page.html").render()


def kept(folder):
    return sorted((folder / "__pycache__").iterdir())


def test_what_one_process_compiled_the_next_one_loads(folder):
    assert rendered(folder, "Une mutuelle") == "Une mutuelle"
    (file,) = kept(folder)
    before = file.stat().st_mtime_ns
    assert rendered(folder, "Une mutuelle") == "Une mutuelle"
    assert file.stat().st_mtime_ns == before, "it was not compiled again"


def test_another_mutual_s_words_are_compiled_apart(folder):
    assert rendered(folder, "Une mutuelle") == "Une mutuelle"
    assert rendered(folder, "Une autre") == "Une autre"


def test_a_changed_template_is_compiled_anew_in_the_place_of_the_former(folder):
    rendered(folder, "Une mutuelle")
    (folder / "page.html").write_text("{{ 'SMIE'|named }} !")
    assert rendered(folder, "Une mutuelle") == "Une mutuelle !"
    assert len(kept(folder)) == 1


@pytest.mark.parametrize("left", [0, 3, 40])
def test_what_a_power_cut_left_is_compiled_anew(folder, left):
    rendered(folder, "Une mutuelle")
    (file,) = kept(folder)
    file.write_bytes(file.read_bytes()[:left])
    assert rendered(folder, "Une mutuelle") == "Une mutuelle"


def test_where_there_can_be_no_folder_pages_are_rendered_all_the_same(folder):
    (folder / "__pycache__").write_text("a file in the place of the folder")
    assert rendered(folder, "Une mutuelle") == "Une mutuelle"


def test_where_nothing_can_be_written_pages_are_rendered_all_the_same(folder):
    """A folder that was removed while the server runs stands for a disk that only reads."""
    cache = compiled_templates.cache(folder, "Une mutuelle")
    (folder / "__pycache__").rmdir()
    environment = Environment(loader=FileSystemLoader(folder), bytecode_cache=cache)
    environment.filters["named"] = str
    assert environment.get_template("page.html").render() == "SMIE"


def test_the_folder_is_writable_to_none_but_who_may_change_the_templates(folder):
    rendered(folder, "Une mutuelle")
    assert os.stat(folder / "__pycache__").st_mode & 0o022 == 0


def test_what_was_loaded_stays_while_another_version_is_put_into_the_folder(folder):
    environment = Environment(loader=FileSystemLoader(folder), auto_reload=False)
    environment.filters["named"] = str
    (folder / "mail.txt").write_text("of others")
    compiled_templates.load(environment, lambda name: name.endswith(".html"))
    for name in ("page.html", "mail.txt"):
        (folder / name).write_text("{{ what_the_other_version_knows }}")
    assert environment.get_template("page.html").render() == "SMIE"
    assert environment.get_template("mail.txt").render() == "", "not loaded: the other version's"
