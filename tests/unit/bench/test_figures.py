"""Figures of many rounds, and what the table says of them."""

import pytest

from bench import figures


@pytest.mark.parametrize(("share", "expected"), [(0.5, 2), (0.95, 4), (0.25, 1), (1, 4), (0, 1)])
def test_a_percentile_is_the_smallest_value_that_covers_the_share(share, expected):
    assert figures.percentile([4, 1, 3, 2], share) == expected


def test_one_round_has_no_swing():
    assert figures.swing([3.0]) == 0


def test_the_swing_is_half_the_distance_between_the_quartiles():
    assert figures.swing([8, 9, 10, 11, 12]) == pytest.approx(0.1)


def test_every_other_round_goes_backwards():
    assert figures.in_turns(0, "abc") == ["a", "b", "c"]
    assert figures.in_turns(1, "abc") == ["c", "b", "a"]


@pytest.mark.parametrize(
    ("value", "words"), [(None, "–"), (1.234, "1.23"), (12.34, "12.3"), (1234.5, "1 234")]
)
def test_figures_are_shown_with_three_digits(value, words):
    assert figures.shown(value) == words


def test_a_bound_is_kept_or_not():
    assert figures.verdict(1.35, most=1.35) == "kept"
    assert figures.verdict(1.36, most=1.35) == "NOT KEPT"
    assert figures.verdict(1.7, least=1.8) == "NOT KEPT"
    assert figures.verdict(None, most=1) == "–"


def test_a_table_lines_up():
    assert figures.table(["", "x"], [["one", "1"], ["three", "100"]]).splitlines() == [
        "|       |   x |",
        "| ----- | --: |",
        "| one   |   1 |",
        "| three | 100 |",
    ]
