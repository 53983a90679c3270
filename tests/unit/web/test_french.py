"""How moments and words are written in French."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from tests.checked_client import HX_PARTIAL
from webapp.rules.moments import day, hour, moment


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (date(2026, 12, 1), "1er décembre 2026"),
        (date(1958, 8, 21), "21 août 1958"),
        (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), "1er janvier 2027"),
        (datetime(2026, 7, 31, 22, 30, tzinfo=UTC), "1er août 2026"),
    ],
)
def test_a_day_is_written_as_in_paris(value: date, words: str) -> None:
    assert plain(day(value)) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (datetime(2026, 12, 1, 9, 5, tzinfo=UTC), "10 h 05"),
        (datetime(2026, 7, 1, 9, 5, tzinfo=UTC), "11 h 05"),
    ],
)
def test_an_hour_follows_summer_and_winter(value: datetime, words: str) -> None:
    assert plain(hour(value)) == words


def test_a_number_never_parts_from_its_word() -> None:
    assert moment(datetime(2026, 12, 1, 9, 5, tzinfo=UTC)) == (
        "1er\u00a0décembre 2026 à\u00a010\u00a0h\u00a005"
    )


def test_templates_have_them_all(app: Flask) -> None:
    filters = app.jinja_env.filters
    assert filters["span"](timedelta(minutes=5)) == "5\u00a0minutes"
    assert {"day", "hour", "moment", "span"} <= set(filters)


def test_a_script_counts_whole_seconds(app: Flask) -> None:
    assert app.jinja_env.filters["seconds"](timedelta(seconds=299.5)) == 299


def test_an_address_is_masked_where_it_must_not_be_read_whole(app: Flask) -> None:
    assert app.jinja_env.filters["masked"]("odile@example.org") == "o•••@e•••.org"
    aloud = app.jinja_env.filters["masked_aloud"]("odile@example.org")
    assert aloud == "o, suite cachée, arobase e, suite cachée, point org"


def test_what_a_page_shows_breaks_at_no_e_mail(app: Flask) -> None:
    for path in ("/connexion", "/cgu"):
        for headers in ({}, HX_PARTIAL):
            shown = app.test_client().get(path, headers=headers).text
            text = re.sub(r"<[^>]*>", "", re.sub(r'<span class="nb">.*?</span>', "", shown))
            assert "e-mail" in shown and "e-mail" not in text
