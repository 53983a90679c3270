"""Contrast, as WCAG counts it."""

import pytest

from webapp.rules.contrast import ratio


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("#ffffff", "#000000", 21.0),
        ("#ffffff", "#ffffff", 1.0),
        ("#777777", "#ffffff", 4.48),
        ("#ffffff", "#0000ff", 8.59),
    ],
)
def test_known_pairs_have_their_known_ratios_whatever_the_order(one, other, expected):
    assert ratio(one, other) == pytest.approx(expected, abs=0.005)
    assert ratio(other, one) == ratio(one, other)
