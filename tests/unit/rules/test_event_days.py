"""A day among an event's facts is told as people say it."""

import pytest

from webapp.rules.event import TO_NO_MEMBER, Event

EXPORTED = Event(
    "desk.tried",
    TO_NO_MEMBER,
    "Journal exporté",
    {"first": "2026-11-01"},
    ending={"first": " du {}"},
)


@pytest.mark.parametrize(
    ("fact", "said"),
    [
        ("2026-12-01", "1er\u00a0décembre 2026"),
        ("2026-02-31", "2026-02-31"),
        ("a.petit", "a.petit"),
        ("2026-12-01T09:00", "2026-12-01T09:00"),
    ],
)
def test_a_day_is_said_in_french_and_nothing_else_is_taken_for_one(fact: str, said: str) -> None:
    assert EXPORTED.told({"first": fact}) == f"Journal exporté du {said}"
