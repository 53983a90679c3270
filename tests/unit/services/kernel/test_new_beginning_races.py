"""A new beginning at every moment of what a stranger does, and the other way round: nothing proved
before it is worth anything after, nobody gets an accident, and the owner's act goes through."""

import os

import pytest

from tests.pairs import interleave, judge

# `make faults` plays all of them; each ending and each beginning is here at least once
ALL = bool(os.environ.get("FAULTS"))
PAIRS = [pair for at, pair in enumerate(judge.PAIRS) if ALL or at % 9 == 5]


@pytest.mark.parametrize("stopped", ["stranger", "owner"])
@pytest.mark.parametrize(("ending", "beginning"), PAIRS, ids=lambda each: each.__name__)
def test_at_no_moment_something_survives(work, ending, beginning, stopped):
    assert interleave.play(work, ending, beginning, stopped) == []
