"""Moments are aware and UTC, in both databases."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import StatementError

from player.members import on_the_roll
from webapp.models import RollEntry


def stored(work, moment):
    work.db.execute(update(RollEntry).values(updated_at=moment))
    return work.db.execute(select(RollEntry.updated_at)).scalar_one()


def test_a_moment_comes_back_as_the_same_instant_in_utc(work):
    on_the_roll(work)
    paris = datetime(2026, 7, 1, 1, 30, 5, 250_000, tzinfo=timezone(timedelta(hours=2)))
    assert stored(work, paris) == paris
    assert stored(work, paris).tzinfo is UTC
    assert stored(work, paris).hour == 23


def test_moments_are_compared_by_the_database_as_instants(work):
    on_the_roll(work)
    paris = datetime(2026, 7, 1, 1, 30, tzinfo=timezone(timedelta(hours=2)))
    stored(work, paris)
    for other, later in ((paris - timedelta(microseconds=1), True), (paris, False)):
        found = work.db.execute(select(RollEntry.id).where(RollEntry.updated_at > other)).all()
        assert bool(found) is later


def test_a_moment_without_its_time_zone_is_refused(work):
    on_the_roll(work)
    with pytest.raises(StatementError, match="time zone"):
        stored(work, work.now.replace(tzinfo=None))
