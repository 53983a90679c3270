"""« Le téléphone sonne »: the twelve calls, played at the desk in the words that QA reads."""

import pytest

from player.callers import rings
from player.desk import Desk
from player.scene import NotHere, Scene
from player.walk import play
from webapp.rules.calls import CALLS
from webapp.rules.roles import Role

EACH = pytest.mark.parametrize("call", CALLS, ids=lambda each: each.key)


def played(call, stage, desk: Desk, page) -> None:
    letter = rings(stage, call.key)
    desk.lets_in(page.context, Role.ADVISER)
    scene = Scene(stage, page, letter, desk=desk.url)
    for step in call:
        play(step, scene)


@EACH
def test_each_call_is_answered(stage, desk: Desk, page, call) -> None:
    played(call, stage, desk, page)


@EACH
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_and_on_postgresql(stage, desk: Desk, desktop, call) -> None:
    played(call, stage, desk, desktop)


def test_who_plays_from_outside_is_told_that_it_is_not_played_from_there(stage, phone) -> None:
    with pytest.raises(NotHere):
        play(CALLS[0].steps[0], Scene(stage, phone))
