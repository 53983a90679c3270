"""Moments in French, in Paris."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from webapp.web.french import counted, day, hour, lasting, moment, said


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


NOW = datetime(2026, 12, 1, 9, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("count", "one", "many"), [(0, "", ""), (1, "1", ""), (2, "", "2"), (31, "", "31")]
)
def test_a_count_is_one_word_at_most(count: int, one: str, many: str) -> None:
    assert counted("one", "many", count) == {"one": one, "many": many}


def test_what_is_not_known_is_no_word() -> None:
    assert said(day, None) == "" and plain(said(day, date(1958, 8, 21))) == "21 août 1958"


def test_a_code_says_how_long_it_lasts() -> None:
    left = lasting(NOW + timedelta(seconds=299.5), NOW)
    assert {name: plain(word) for name, word in left.items()} == {
        "seconds": "299", "span": "5 minutes", "until": "10 h 09",
    }  # fmt: skip


@pytest.mark.parametrize("ends", [None, NOW, NOW - timedelta(seconds=1)])
def test_a_code_that_is_over_lasts_no_more(ends: datetime | None) -> None:
    assert set(lasting(ends, NOW).values()) == {""}
