"""Plays every procedure on a phone and on a computer, and brings the pictures home."""

import atexit
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from playwright.sync_api import Browser

from guide.camera import Camera, Figure
from guide.example import SITE, Example, ExampleChance
from tests.e2e.browsers import DESKTOP, PHONE, Watch
from tests.e2e.screens.hands import lend
from tests.e2e.stage import Stage
from tests.e2e.walk import play
from tests.world import StillClock
from webapp.models import schema
from webapp.models.engine import open_engine
from webapp.rules.procedure import PROCEDURES, REGISTRATION, SIGN_IN, Procedure, Step

DEVICES = {"telephone": PHONE, "ordinateur": DESKTOP}
UNPRINTED: dict[str, str] = {}  # procedures that the guide leaves out: key and why
FIRST = (REGISTRATION, SIGN_IN)  # the paper's thirteen steps, in one piece


@dataclass(frozen=True)
class Chapter:
    """A procedure with the figures of those of its steps that no chapter before it has shown."""

    procedure: Procedure
    steps: tuple[tuple[Step, tuple[Figure, ...]], ...]


def chapters(browser: Browser) -> list[Chapter]:
    """The whole guide, played."""
    printed = [each for each in PROCEDURES if each not in FIRST and each.key not in UNPRINTED]
    shown: set[str] = set()
    told = []
    for procedure in (*FIRST, *printed):
        fresh = [step for step in procedure if step.key not in shown]
        shown |= {step.key for step in fresh}
        figures = [pictured(procedure, fresh, browser, device) for device in DEVICES]
        steps = ((each, tuple(f for d in figures for f in d[each.key])) for each in fresh)
        told.append(Chapter(procedure, tuple(steps)))
    return told


def pictured(
    procedure: Procedure, wanted: list[Step], browser: Browser, device: str
) -> dict[str, list[Figure]]:
    """The figures of the wanted steps, the procedure being played on the device."""
    watch, figures = Watch(), {}
    with _stage() as stage:
        still = DEVICES[device] | {"reduced_motion": "reduce"}
        context = watch.open(browser, stage.url, still, scripts=True)
        context.set_default_timeout(10_000)
        scene = Example(stage, context.new_page())
        camera = Camera(device, scene)
        lend(camera, context)
        for before in procedure.after:
            for step in before:
                play(step, scene)
        for step in procedure:
            camera.begin(step if step in wanted else None)
            play(step, scene)
            if step in wanted:
                figures[step.key] = camera.end()
        context.close()
    assert not watch.verdict(), watch.verdict()
    return figures


@contextmanager
def _stage() -> Iterator[Stage]:
    """A stage on whose roll the example's member is."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "portal.sqlite3"
        shutil.copy(_empty_database(), file)
        engine = open_engine(f"sqlite:///{file}")
        with Stage(engine, clock=StillClock(), chance=ExampleChance(), site=SITE) as stage:
            stage.sends_letter_to()
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
