"""One loop plays a procedure; with a camera it is the guide, with axe the audit, alone the test."""

from collections.abc import Callable

from playwright.sync_api import Page

from tests.e2e import scripts, scripts_mishaps
from tests.e2e.scripts import Scene, sees
from tests.e2e.stage import Stage
from webapp.rules.procedure import Procedure, Step

SCRIPTS = scripts.SCRIPTS | scripts_mishaps.SCRIPTS

Witness = Callable[[Step, Page], None]


def walk(
    procedure: Procedure, stage: Stage, page: Page, *witnesses: Witness, until: str = "", **who
) -> Scene:
    """Play the steps one after the other, up to the step with the key `until` if there is one.

    `who`: `letter`, `password`, `remember` of the member (`Scene`).
    """
    scene = Scene(stage, page, **who)
    for step in procedure:
        play(step, scene)
        for witness in witnesses:
            witness(step, scene.page)
        if step.key == until:
            break
    return scene


def play(step: Step, scene: Scene) -> None:
    """Do what the step says, and see what it promises."""
    SCRIPTS[step.key](scene)
    sees(step.key, step.see, scene)


def play_all(procedure: Procedure, stage: Stage, page: Page) -> Scene:
    """Play what leads to the procedure, then the procedure."""
    scene = Scene(stage, page)
    for each in (*procedure.after, procedure):
        for step in each:
            play(step, scene)
    return scene
