"""Signs of misuse: when nobody is expected, and who bears an operator's name."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest

from webapp.rules.misuse import called, names, nights


def paris(text: str) -> datetime:
    """A moment of winter, one hour before Paris."""
    return datetime.fromisoformat(f"{text}+01:00").astimezone(UTC)


def is_night(text: str) -> bool:
    at = paris(text)
    return any(
        shut <= at < opens
        for shut, opens in nights(paris("2026-11-01T00:00"), paris("2026-12-31T00:00"))
    )


@pytest.mark.parametrize(
    ("at", "night"),
    [
        ("2026-11-30T06:59:59", True),  # a Monday
        ("2026-11-30T07:00", False),
        ("2026-11-30T20:59:59", False),
        ("2026-11-30T21:00", True),
        ("2026-12-01T00:00", True),
        ("2026-12-05T12:00", False),  # a Saturday
        ("2026-12-06T12:00", True),  # a Sunday
        ("2026-12-07T06:00", True),
        ("2026-11-01T12:00", True),  # a Sunday, on which the span begins
    ],
)
def test_night_is_from_21_to_7_in_paris_and_the_whole_of_sunday(at: str, night: bool) -> None:
    assert is_night(at) == night


def test_a_span_within_one_day_has_no_night_and_one_within_a_night_is_whole() -> None:
    assert list(nights(paris("2026-11-30T10:00"), paris("2026-11-30T11:00"))) == []
    within = paris("2026-11-30T22:00"), paris("2026-11-30T23:00")
    assert list(nights(*within)) == [within]


def test_nights_follow_one_another_and_never_overlap() -> None:
    spans = list(nights(paris("2026-03-01T05:00"), paris("2026-04-30T22:30")))
    assert all(shut < opens for shut, opens in spans)
    assert all(before[1] < after[0] for before, after in pairwise(spans))
    summer = datetime(2026, 4, 29, 5, 30, tzinfo=UTC)  # 7 h 30 by then
    assert not any(shut <= summer < opens for shut, opens in spans)


@pytest.mark.parametrize(
    "operator",
    ["a.petit", "A. Petit", "apetit", "petit.a", "Anne Petit", "PETIT Anne", "anne-petit"],
)
def test_an_operator_may_be_the_member_who_bears_the_name(operator: str) -> None:
    assert called(operator) in names("Anne", "PETIT")


@pytest.mark.parametrize("operator", ["b.petit", "petit", "anne", "a.petitjean", ""])
def test_another_name_is_another_person_s(operator: str) -> None:
    assert called(operator) not in names("Anne", "PETIT")


def test_accents_and_first_names_of_two_parts_are_read_as_people_write_them() -> None:
    assert called("jp.lefevre") in names("Jean-Pierre", "LEFÈVRE")
    assert called("j.lefevre") in names("Jean-Pierre", "LEFÈVRE")
    assert called("Hélène Noël") in names("HELENE", "NOEL")


def test_a_member_without_a_whole_name_is_nobody_s_namesake() -> None:
    assert names("", "PETIT") == names("Anne", "") == set()
