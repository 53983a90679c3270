"""Plays every procedure on a phone and on a computer, and brings the pictures home."""

import atexit
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path

from playwright.sync_api import Browser

from guide.camera import Camera, Figure
from guide.example import SITE, Example, ExampleChance
from player.actors import cast
from player.browsers import DESKTOP, PHONE, Watch
from player.stage import Stage
from player.walk import give, play, steps_of
from player.world import StillClock
from webapp.models import schema
from webapp.models.engine import open_engine
from webapp.rules.procedure import PROCEDURES, REGISTRATION, SIGN_IN, Procedure, Step

# They call themselves what members have, so that « Chrome sur Android » is on the pictures.
AGENT = "Mozilla/5.0 ({}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/149.0.0.0 {}Safari/537.36"
STILL = {"reduced_motion": "reduce"}
DEVICES = {
    "telephone": PHONE | STILL | {"user_agent": AGENT.format("Linux; Android 10; K", "Mobile ")},
    # as wide as the portal's words are: what else a computer shows is its empty margins
    "ordinateur": DESKTOP
    | STILL
    | {"viewport": {"width": 960, "height": 640}}
    | {"user_agent": AGENT.format("Windows NT 10.0; Win64; x64", "")},
}
# Procedures that the book leaves out, and why. They are on the help page; `--all` prints them.
_DEVICES = "half of its screens are those of the member's own device or app, which ours cannot show"
_BY_MAIL = "begins with a mail that says all of it, and does not wait for a book"
_SIGNED_IN = "one or two presses that the screen explains, for who is in the space already"
_ALIKE = "its steps are those of another chapter, for somebody else"
_ASKED = "comes by itself at a sign-in, as one screen that explains itself"
UNPRINTED = {
    **dict.fromkeys(("authenticator", "sign_in_app", "recovery_code"), _DEVICES),
    **dict.fromkeys(("passkey", "sign_in_passkey", "remove_step"), _DEVICES),
    **dict.fromkeys(("stop_new_letter", "undo_address"), _BY_MAIL),
    **dict.fromkeys(("sessions", "dispute", "my_data", "close", "keep"), _SIGNED_IN),
    **dict.fromkeys(("carer", "own_space"), _ALIKE),
    **dict.fromkeys(("new_terms", "decline_terms"), _ASKED),
}
FIRST = (REGISTRATION, SIGN_IN)  # the paper's thirteen steps, in one piece


@dataclass(frozen=True)
class Chapter:
    """A procedure with the figures of those of its steps that no chapter before it has shown."""

    procedure: Procedure
    steps: tuple[tuple[Step, tuple[Figure, ...]], ...]
    before: str = ""  # the steps of other chapters that come first, for people
    then: str = ""  # and those that follow


def chapters(
    browser: Browser, devices: Iterable[str] = DEVICES, *, all_of_them: bool = False
) -> list[Chapter]:
    """The whole guide, played; with those that the book leaves out when `all_of_them`."""
    left_out = {} if all_of_them else UNPRINTED
    printed = [each for each in PROCEDURES if each not in FIRST and each.key not in left_out]
    shown: dict[str, Procedure] = {}
    told = []
    for procedure in (*FIRST, *printed):
        fresh = [step for step in procedure if step.key not in shown]
        figures = [pictured(procedure, fresh, browser, device) for device in devices]
        steps = ((each, tuple(f for d in figures for f in d[each.key])) for each in fresh)
        told.append(Chapter(procedure, tuple(steps), *around(procedure, fresh, shown)))
        shown |= {step.key: procedure for step in fresh}
    return told


def around(procedure: Procedure, fresh: list[Step], shown: dict[str, Procedure]) -> tuple[str, str]:
    """The steps before and after the fresh ones, as a reader finds them in other chapters."""
    steps, begins = list(procedure), []
    if SIGN_IN in procedure.after:
        begins.append(f"connectez-vous, comme dans « {SIGN_IN.title} »")
    if known := _where(steps[: steps.index(fresh[0])], shown):
        begins.append(f"suivez {known}")
    follows = _where(steps[steps.index(fresh[-1]) + 1 :], shown)
    return (
        f"D’abord, {', puis '.join(begins)}." if begins else "",
        f"Continuez avec {follows}." if follows else "",
    )


def _where(steps: list[Step], shown: dict[str, Procedure]) -> str:
    """« les étapes 1 à 7 de « Créer mon espace » », and so on for each chapter."""
    told = []
    for procedure, its in groupby(steps, key=lambda step: shown[step.key]):
        numbers = [step.number for step in its]
        which = (
            f"les étapes {numbers[0]} à {numbers[-1]}" if numbers[1:] else f"l’étape {numbers[0]}"
        )
        told.append(f"{which} de « {procedure.title} »")
    return ", puis ".join(told)


def pictured(
    procedure: Procedure, wanted: list[Step], browser: Browser, device: str
) -> dict[str, list[Figure]]:
    """The figures of the wanted steps, the procedure being played on the device."""
    watch, figures = Watch(), {}
    with _stage() as stage:
        context = watch.open(browser, stage.url, DEVICES[device], scripts=True)
        context.set_default_timeout(10_000)
        scene = Example(stage, context.new_page())
        camera = Camera(device, scene)
        cast(camera, context)
        for step, given in steps_of(*_led_to(procedure, stage), procedure):
            camera.begin(None)
            give(given, scene)
            camera.begin(step if step in wanted else None)
            play(step, scene)
            if step in wanted:
                figures[step.key] = camera.end()
            if len(figures) == len(wanted):
                break
        context.close()
    assert not watch.verdict(), watch.verdict()
    return figures


def _led_to(procedure: Procedure, stage: Stage) -> tuple[Procedure, ...]:
    """What is played before; who has registered is there already, which saves half the time."""
    if REGISTRATION in procedure.after:
        stage.has_account_of()
    else:
        stage.sends_letter_to()
    return tuple(each for each in procedure.after if each is not REGISTRATION)


@contextmanager
def _stage() -> Iterator[Stage]:
    """An empty stage."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "portal.sqlite3"
        shutil.copy(_empty_database(), file)
        engine = open_engine(f"sqlite:///{file}")
        with Stage(
            engine, "localhost", clock=StillClock(), chance=ExampleChance(), site=SITE
        ) as stage:  # by name, which passkeys ask for
            yield stage
        engine.dispose()


@cache
def _empty_database() -> Path:
    """Made once by the real migrations; gone with this process."""
    folder = Path(tempfile.mkdtemp(prefix="guide-"))
    atexit.register(shutil.rmtree, folder)
    engine = open_engine(f"sqlite:///{folder / 'empty.sqlite3'}")
    schema.upgrade(engine)
    engine.dispose()
    return folder / "empty.sqlite3"
