"""Every way to say no has its words, once, and no words are left over."""

import re
from datetime import date, timedelta

import pytest
from flask import Flask, render_template_string

from webapp.rules.refusals import KEYS
from webapp.settings import ROOT

WORDS = ROOT / "templates" / "components" / "refusals.html"
TOLD = set(re.findall(r'^  "(\w+)":', WORDS.read_text(), re.MULTILINE))
SAY = '{% from "components/refusals.html" import say %}{{ say(key, wait, on) }}'


def said(app: Flask, wait: timedelta | None, on: date | None = None) -> dict[str, str]:
    """What a member reads for each key."""
    with app.test_request_context():
        return {key: render_template_string(SAY, key=key, wait=wait, on=on) for key in sorted(KEYS)}


def test_the_template_says_every_refusal_and_no_other() -> None:
    assert TOLD == KEYS


@pytest.mark.parametrize("wait", [None, timedelta(minutes=12)], ids=["some time", "12 minutes"])
def test_each_is_a_sentence_that_says_what_to_do(app: Flask, wait: timedelta | None) -> None:
    for key, words in said(app, wait).items():
        assert words.endswith("."), key
        assert len(words) > 20, key
        assert "'" not in words, key
        assert not re.search(r"invalide|veuillez|erreur|None", words, re.IGNORECASE), key


def test_what_is_closed_says_for_how_long(app: Flask) -> None:
    for key, words in said(app, timedelta(minutes=12)).items():
        if key.endswith("_closed"):
            assert "12\u00a0minutes" in words, key


def test_the_telephone_in_a_refusal_is_a_link(app: Flask) -> None:
    number = app.jinja_env.globals["brand"].phone  # type: ignore[attr-defined]
    told = {key: words for key, words in said(app, None).items() if number in words}
    assert {"letter_closed", "membership_over", "origin_closed"} <= set(told)
    for words in told.values():
        assert words.count(number) == len(re.findall(rf'<a href="tel:[+0-9]+">{number}</a>', words))


def test_an_old_letter_s_day_is_told(app: Flask) -> None:
    words = said(app, None, on=date(2027, 3, 3))
    assert "plus valable depuis le 3\u00a0mars 2027." in words["letter_expired"]
    assert "plus récent, daté du 3\u00a0mars 2027, remplace" in words["letter_replaced"]


def test_every_refusal_is_raised_somewhere() -> None:
    code = "".join(
        path.read_text()
        for folder in ("services", "web", "desk", "adapters", "rules")
        for path in (ROOT / "webapp" / folder).rglob("*.py")
        if path.name != "refusals.py"
    )
    unused = {key for key in KEYS if f'"{key}"' not in code}
    assert unused == set()
