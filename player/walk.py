"""One loop plays a procedure; with a camera it is the guide, with axe the audit, alone the test."""

from collections.abc import Callable, Iterator
from typing import TypedDict, Unpack

from playwright.sync_api import Page

from player.givens import GIVENS
from player.members import Letter
from player.scene import Scene
from player.scripts import SCRIPTS
from player.stage import Stage
from webapp.rules.procedure import Procedure, Step

IN_THE_MAIL = ("code_mail", "close_mail")

Witness = Callable[[Step, Page], None]


class Who(TypedDict, total=False):
    """What is not as usual about the member (`Scene`)."""

    letter: Letter
    password: str
    new_password: str
    remember: bool
    app_link: str
    codes: tuple[str, ...]


def walk(
    procedure: Procedure,
    stage: Stage,
    page: Page,
    *witnesses: Witness,
    until: str = "",
    **who: Unpack[Who],
) -> Scene:
    """Play the steps one after the other, up to the step with the key `until` if there is one.

    `who`: what is not as usual about the member.
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


def sees(step_key: str, words: str, scene: Scene) -> None:
    """The words that the step promises are on the screen, or in the mail."""
    if step_key in IN_THE_MAIL:
        assert scene.mail is not None
        assert words in scene.mail.subject
        return
    scene.page.get_by_text(words).filter(visible=True).first.wait_for()


def signed_in(stage: Stage, page: Page, **who: Unpack[Who]) -> Scene:
    """The member signed in on this browser a moment ago, both steps done: for tests whose subject
    comes after. What `walk(SIGN_IN, …)` would have clicked is put into the browser's cookies."""
    scene = Scene(stage, page, **who)
    stage.lets_in(page.context, scene.letter, remember=scene.remember)
    page.goto("/espace")
    return scene


def registered(stage: Stage, page: Page, **who: Unpack[Who]) -> Scene:
    """The member registered on this browser a moment ago and sees screen 7, as after
    `walk(REGISTRATION, …, until="recorded")`; the letter was sent before."""
    scene = Scene(stage, page, **who)
    stage.registers(page.context, scene.letter, scene.password)
    page.goto("/inscription/confirmation")
    return scene


def steps_of(*procedures: Procedure) -> Iterator[tuple[Step, str]]:
    """Every step of the procedures, with what must be given before it (`give`)."""
    for each in procedures:
        given = each.given
        for step in each:
            yield step, given
            given = ""


def give(given: str, scene: Scene) -> None:
    """Make true what no step brings about. Raises NotHere where that can't be done."""
    if given:
        GIVENS[given](scene)


def play_all(procedure: Procedure, stage: Stage, page: Page) -> Scene:
    """Play what leads to the procedure, then the procedure."""
    scene = Scene(stage, page)
    for step, given in steps_of(*procedure.after, procedure):
        give(given, scene)
        play(step, scene)
    return scene
