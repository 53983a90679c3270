"""Every flash message is declared with its words, is sent by a view, and shows where it leads."""

import ast

import pytest
from flask import Flask

from tests.checked_client import words
from webapp.settings import ROOT
from webapp.web import flash

WEB = ROOT / "webapp" / "web"


def test_every_declared_flash_message_is_shown_in_its_words(app: Flask) -> None:
    browser = app.test_client()
    phone = app.jinja_env.globals["brand"].phone
    for key, told in flash.FLASHES.items():
        said = " ".join(told.words.replace("{phone}", phone).split())
        assert said in words(browser.get(f"/connexion?fait={key}").text), key
        assert "'" not in said


def test_no_view_sends_one_without_declaring_it() -> None:
    """`flash=` takes declared ones alone: only screens.py writes the address."""
    for file in WEB.rglob("*.py"):
        found = ast.walk(ast.parse(file.read_text()))
        named = {word.arg for each in found if isinstance(each, ast.Call) for word in each.keywords}
        assert "fait" not in named, f"{file.name}: declare it in flash.py, pass it as flash="


def test_none_is_declared_that_no_view_sends() -> None:
    declared, read = set(), set()
    for file in WEB.rglob("*.py"):
        for each in ast.walk(ast.parse(file.read_text())):
            if isinstance(each, ast.Assign) and "declare(" in ast.unparse(each.value):
                declared |= {ast.unparse(target) for target in each.targets}
            elif isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load):
                read.add(each.id)
            elif isinstance(each, ast.Attribute):
                read.add(each.attr)
    assert len(declared) >= 20
    assert declared <= read, f"no view sends {sorted(declared - read)}"


@pytest.mark.parametrize(("key", "said"), [("sans_mots", ""), ("renvoi", "Deux fois.")])
def test_one_without_words_or_with_a_key_taken_stops_the_start(key: str, said: str) -> None:
    with pytest.raises(ValueError, match="needs words"):
        flash.declare(key, said)
    assert "sans_mots" not in flash.FLASHES
