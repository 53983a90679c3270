"""One run: procedures played step after step, each with its verdict, its time and its picture."""

import contextlib
import time
from collections.abc import Callable

from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright

from player.camera import picture
from player.members import Letter
from player.scene import NotHere, Scene
from player.walk import give, play
from qa.browsers import open_context, start
from qa.letters import Letters
from qa.mailboxes import Mailbox
from qa.panel import Panel
from qa.target import RealClock, Target
from qa.trial import FAILED, LEFT, PASSED, SKIPPED, STOPPED, Options, Outcome, Played, Trial


def run(trial: Trial, mailbox: Mailbox, letters: Letters, say: Callable[[str], None]) -> None:
    """Play them all, one member each. What ends it midway leaves in the trial what came so far."""
    options = trial.options
    mailbox.open()
    try:
        with sync_playwright() as playwright:
            browser = start(playwright, options.engine, headed=options.headed)
            panel = Panel(browser) if options.headed else None
            play_in(browser, trial, mailbox, letters, say, panel)
    finally:
        mailbox.close()


def play_in(
    browser: Browser,
    trial: Trial,
    mailbox: Mailbox,
    letters: Letters,
    say: Callable[[str], None],
    panel: Panel | None,
) -> None:
    """The same in a browser that runs already, with a panel when somebody is to judge."""
    target = Target(trial.options.base_url, mailbox, RealClock(say), letters)
    one = _Run(trial.options, target, browser, panel, say)
    for played in trial.played:
        one.play(played, letters.take())


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

    def play(self, played: Played, letter: Letter) -> None:
        """One procedure, in a browser of its own."""
        context = self._open()
        context.tracing.start(screenshots=True, snapshots=True)
        page = context.new_page()
        scene = Scene(self._target, page, letter, opens=self._open)
        self._say(f"{played.procedure.title} ({played.profile}), adhérent {letter.number}")
        play_all = self._guided if self._panel else self._alone
        play_all(played, scene)
        if played.failed:
            self._keep_trace(played, context)
        context.close()

    def _keep_trace(self, played: Played, context: BrowserContext) -> None:
        name = f"{played.procedure.key}-trace.zip"
        with contextlib.suppress(Error):  # the browser itself is gone, and the trace with it
            context.tracing.stop(path=self._options.out / name)
            played.trace = name

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
            outcome.judge(STOPPED)  # until it is known
            try:
                give(outcome.given, scene)
                play(outcome.step, scene)
                outcome.judge(PASSED)
            except NotHere as reason:
                outcome.judge(SKIPPED, str(reason))
            except (AssertionError, Error) as fault:
                outcome.judge(FAILED, _in_short(fault, scene.page))
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
            outcome.judge(STOPPED)  # until it is known
            note, outcome.given = _given(outcome, scene), ""
            answer = self._panel.ask(outcome.step, scene, at + 1, len(played.outcomes), note)
            outcome.seconds += time.perf_counter() - began
            if answer.choice == "back":
                outcome.judge(LEFT)
                at = max(0, at - 1)
                again = played.outcomes[at]
                played.outcomes[at] = Outcome(again.reference, again.procedure, again.step)
                continue
            outcome.judge(PASSED if answer.choice == "pass" else FAILED, answer.remark)
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
