"""What an operator does when the telephone rings: the steps of webapp/rules/calls.py."""

from functools import partial

from player.scene import NotHere, Scene, Script
from player.screens.desk import Confirm, Member, Questions, Search, Why
from webapp.rules.calls import CALLS, DEEDS, Deed

BORN, POSTAL_CODE = "07/03/1950", "38000"  # what the caller answers
REASON = "appel de l’adhérent"


def call_find(scene: Scene) -> None:
    if not scene.desk:
        raise NotHere("le guichet ne se joue que là où l’on peut préparer l’appel, pas d’ici")
    scene.page.goto(scene.desk)
    Search(scene.page).shows().by_number(scene.letter.number)


def call_why(scene: Scene) -> None:
    Why(scene.page).shows().because(REASON)


def call_ask(scene: Scene) -> None:
    Questions(scene.page).shows().answered(BORN, POSTAL_CODE)


def reads(scene: Scene) -> None:
    """Nothing to press: the words are there."""
    Member(scene.page, scene.page.get_by_role("heading", level=1).inner_text()).says("Que faire")


def does(deed: Deed, scene: Scene) -> None:
    """The deed's page, the reason, the button."""
    name = scene.page.get_by_role("heading", level=1).inner_text()
    Member(scene.page, name).choose(deed.link)
    Confirm(scene.page, deed.link).do(deed.button, REASON)
    Member(scene.page, name).shows()


_READ = {step.key: reads for call in CALLS for step in call if step.key.endswith("_read")}
_DONE: dict[str, Script] = {key: partial(does, deed) for key, deed in DEEDS.items()}
SCRIPTS: dict[str, Script] = {
    **{each.__name__: each for each in (call_find, call_why, call_ask)}, **_READ, **_DONE,
}  # fmt: skip
