"""One run: procedures played step after step, each with its verdict, its time and its picture."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright

from player.camera import picture
from player.members import Letter
from player.scene import NotHere, Scene
from player.walk import give, play, steps_of
from qa.browsers import open_context, start
from qa.letters import Letters
from qa.mailboxes import Mailbox
from qa.panel import Panel
from qa.target import RealClock, Target
from webapp.rules.procedure import Procedure, Step

PASSED, FAILED, SKIPPED, LEFT = "réussi", "échec", "laissé de côté", "non joué"


@dataclass
class Outcome:
    """What became of one step. `remark`: why it failed or was left out, or what the tester says."""

    step: Step
    given: str = ""  # what must come true before it
    verdict: str = LEFT
    seconds: float = 0.0
    remark: str = ""
    picture: str = ""


@dataclass
class Played:
    """A procedure with the outcomes of its steps, those that lead to it first."""

    procedure: Procedure
    profile: str
    outcomes: list[Outcome] = field(default_factory=list)
    trace: str = ""

    @property
    def failed(self) -> bool:
        return any(each.verdict == FAILED for each in self.outcomes)


@dataclass(frozen=True)
class Options:
    """What the tester asked for."""

    base_url: str
    procedures: tuple[Procedure, ...]
    profile: str
    engine: str
    out: Path
    headed: bool = False
    insecure: bool = False
    patience: float = 20.0  # seconds: how long what a step promises may take to show


def run(
    options: Options, mailbox: Mailbox, letters: Letters, say: Callable[[str], None]
) -> list[Played]:
    """Play them all, one member each."""
    mailbox.open()
    try:
        with sync_playwright() as playwright:
            browser = start(playwright, options.engine, headed=options.headed)
            panel = Panel(browser) if options.headed else None
            return play_in(browser, options, mailbox, letters, say, panel)
    finally:
        mailbox.close()


def play_in(
    browser: Browser,
    options: Options,
    mailbox: Mailbox,
    letters: Letters,
    say: Callable[[str], None],
    panel: Panel | None,
) -> list[Played]:
    """The same in a browser that runs already, with a panel when somebody is to judge."""
    target = Target(options.base_url, mailbox, RealClock(say), letters)
    one = _Run(options, target, browser, panel, say)
    return [one.play(procedure, letters.take()) for procedure in options.procedures]


class _Run:
    def __init__(
        self,
        options: Options,
        target: Target,
        browser: Browser,
        panel: Panel | None,
        say: Callable[[str], None],
    ):
        self._options, self._target, self._browser = options, target, browser
        self._panel, self._say = panel, say

    def play(self, procedure: Procedure, letter: Letter) -> Played:
        """One procedure, in a browser of its own."""
        options, played = self._options, Played(procedure, self._options.profile)
        played.outcomes = [Outcome(*each) for each in steps_of(*procedure.after, procedure)]
        context = self._open()
        context.tracing.start(screenshots=True, snapshots=True)
        page = context.new_page()
        scene = Scene(self._target, page, letter, opens=self._open)
        self._say(f"{procedure.title} ({options.profile}), adhérent {letter.number}")
        play_all = self._guided if self._panel else self._alone
        play_all(played, scene)
        if played.failed:
            played.trace = f"{procedure.key}-trace.zip"
            context.tracing.stop(path=options.out / played.trace)
        context.close()
        return played

    def _open(self) -> BrowserContext:
        """A browser that has never been here."""
        options = self._options
        return open_context(
            self._browser, options.base_url, options.profile,
            insecure=options.insecure, patience=options.patience,
        )  # fmt: skip

    def _alone(self, played: Played, scene: Scene) -> None:
        """Without anybody: the first step that fails ends the procedure."""
        for at, outcome in enumerate(played.outcomes, 1):
            began = time.perf_counter()
            try:
                give(outcome.given, scene)
                play(outcome.step, scene)
                outcome.verdict = PASSED
            except NotHere as reason:
                outcome.verdict, outcome.remark = SKIPPED, str(reason)
            except (AssertionError, Error) as fault:
                outcome.verdict, outcome.remark = FAILED, _in_short(fault, scene.page)
            outcome.seconds = time.perf_counter() - began
            self._keep_picture(played, at, outcome, scene.page)
            self._tell(outcome)
            if outcome.verdict != PASSED:
                return

    def _guided(self, played: Played, scene: Scene) -> None:
        """With a tester, who judges each step, plays it by hand or has it played."""
        assert self._panel
        at = 0
        while at < len(played.outcomes):
            outcome, began = played.outcomes[at], time.perf_counter()
            note, outcome.given = _given(outcome, scene), ""
            answer = self._panel.ask(outcome.step, scene, at + 1, len(played.outcomes), note)
            outcome.seconds += time.perf_counter() - began
            if answer.choice == "back":
                at = max(0, at - 1)
                played.outcomes[at] = Outcome(played.outcomes[at].step)
                continue
            outcome.verdict = PASSED if answer.choice == "pass" else FAILED
            outcome.remark = answer.remark
            self._keep_picture(played, at + 1, outcome, scene.page)
            self._tell(outcome)
            at += 1

    def _keep_picture(self, played: Played, at: int, outcome: Outcome, page: Page) -> None:
        outcome.picture = f"{played.procedure.key}-{at:02d}-{outcome.step.key}.png"
        try:
            picture(page, self._options.out / outcome.picture)
        except Error:  # the page is gone: that is told by the step itself
            outcome.picture = ""

    def _tell(self, outcome: Outcome) -> None:
        remark = f" : {outcome.remark}" if outcome.remark else ""
        told = f"{outcome.step.number:>3}. {outcome.step.title}"
        self._say(f"{told} – {outcome.verdict}, {outcome.seconds:.1f} s{remark}")


def _given(outcome: Outcome, scene: Scene) -> str:
    """What comes true before a step; what the tester is told when it can't from here."""
    try:
        give(outcome.given, scene)
    except NotHere as reason:
        return f"Avant cette étape, à faire vous-même : {reason}"
    except (AssertionError, Error) as fault:
        return f"Avant cette étape : {_in_short(fault, scene.page)}"
    return ""


def _in_short(fault: Exception, page: Page) -> str:
    """What shows instead, and the fault's first lines without the log that follows."""
    lines = [line.strip() for line in str(fault).splitlines() if line.strip()]
    told = " ".join(lines[:3])[:400] or type(fault).__name__
    try:
        shown = page.locator("h1").first.inner_text(timeout=1_000)
    except Error:
        return told
    return f"L’écran montre « {shown} ». {told}"
