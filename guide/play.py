"""Plays every procedure on a phone and on a computer, and brings the pictures home."""

import itertools
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import Engine

from guide.camera import Camera, Figure
from guide.example import SITE, Example, ExampleChance
from tests.e2e.browsers import DESKTOP, PHONE, Watch, launch
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


def chapters() -> list[Chapter]:
    """The whole guide, played."""
    printed = [each for each in PROCEDURES if each not in FIRST and each.key not in UNPRINTED]
    shown: set[str] = set()
    told = []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        stages, browser = _Stages(Path(folder)), launch(playwright)
        for procedure in (*FIRST, *printed):
            fresh = [step for step in procedure if step.key not in shown]
            shown |= {step.key for step in fresh}
            figures = [_played(procedure, fresh, stages, browser, name) for name in DEVICES]
            steps = ((each, tuple(f for d in figures for f in d[each.key])) for each in fresh)
            told.append(Chapter(procedure, tuple(steps)))
        browser.close()
    return told


class _Stages:
    """New stages, each with a database of its own, all alike."""

    def __init__(self, folder: Path):
        self._folder, self._numbers = folder, itertools.count()
        engine = self._engine("template")
        schema.upgrade(engine)
        engine.dispose()

    @contextmanager
    def open(self) -> Iterator[Stage]:
        """A stage on whose roll the example's member is."""
        name = f"stage-{next(self._numbers)}"
        shutil.copy(self._file("template"), self._file(name))
        engine = self._engine(name)
        with Stage(engine, clock=StillClock(), chance=ExampleChance(), site=SITE) as stage:
            stage.sends_letter_to()
            yield stage
        engine.dispose()

    def _file(self, name: str) -> Path:
        return self._folder / f"{name}.sqlite3"

    def _engine(self, name: str) -> Engine:
        return open_engine(f"sqlite:///{self._file(name)}")


def _played(
    procedure: Procedure, pictured: list[Step], stages: _Stages, browser: Browser, device: str
) -> dict[str, list[Figure]]:
    figures = {}
    watch = Watch()
    with stages.open() as stage:
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
            wanted = step in pictured
            camera.begin(step if wanted else None)
            play(step, scene)
            if wanted:
                figures[step.key] = camera.end()
        context.close()
    assert not watch.verdict(), watch.verdict()
    return figures
