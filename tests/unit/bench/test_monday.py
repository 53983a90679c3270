"""The model of the worst Monday: as many visits as it says, at the moments that it says."""

import random

import pytest

from bench.monday import Model


def test_the_hour_adds_up_to_its_visits():
    model = Model()
    assert model.visits == pytest.approx(12_000)
    assert sum(model.rate(second) for second in range(3_600)) == pytest.approx(model.visits)


def test_arrivals_come_in_order_and_about_as_many_as_said():
    model = Model()
    moments = list(model.arrivals(3_600, random.Random(1)))
    assert moments == sorted(moments)
    assert len(moments) == pytest.approx(model.visits, rel=0.05)
    first = sum(moment < 600 for moment in moments)
    assert first == pytest.approx(600 * model.rate(0), rel=0.08)


def test_every_visitor_comes_for_something():
    model = Model()
    shares = (model.with_code, model.trusted, model.registering, model.forgotten)
    assert sum(shares) == pytest.approx(1)


def test_nobody_thinks_longer_than_four_medians():
    model, chance = Model(), random.Random(1)
    assert max(model.pause("terms", chance) for _ in range(2_000)) <= 120
