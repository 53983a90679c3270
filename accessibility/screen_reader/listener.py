"""A member who listens: keys are pressed, and what is said until it is quiet is written down."""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from accessibility.screen_reader.browsers import BROWSERS
from accessibility.screen_reader.desktop import PATIENCE, Desktop
from accessibility.screen_reader.heard import Utterance, needs, utterances
from accessibility.transcript import steady
from player.stage import Stage

QUIET = 1.5  # seconds without a word after a key
SKIM = 0.5  # the same on the way to somewhere else, once something was said
MOST_TABS = 40
QUIET_LONG = 4.0  # after something that asks the server
OPENED = "La page possède"


class Listener:
    """Presses keys in one browser on one page; `told` is what came of it."""

    def __init__(self, desktop: Desktop, stage: Stage, browser: str):
        self.desktop, self.stage, self.browser = desktop, stage, browser
        self.told: list[str] = []
        self._from = 0
        self._stack = ExitStack()

    def open(self, path: str, *, read: bool = True) -> None:
        """Start the browser on this page. `read`: listen to the whole of it."""
        self._note(f"ouvre {path}")
        self._from = len(self.desktop.lines())
        profile = Path(tempfile.mkdtemp(dir=self.desktop.home))
        BROWSERS[self.browser](self.desktop, profile, self.stage.url + path, self._stack)
        self._comes(read=read)

    def reload(self, *, read: bool = False) -> None:
        """Ask for the page again."""
        self._note("F5")
        self._from = len(self.desktop.lines())
        self._press("F5")
        self._comes(read=read)

    def go(self, path: str, *, read: bool = True) -> None:
        """Type another address into the same browser."""
        self._note(f"va à {path}")
        self._press("ctrl+l")
        self._settle(QUIET)
        self.desktop.run(
            "xdotool", "type", "--clearmodifiers", "--delay", "25", self.stage.url + path
        )
        self._settle(QUIET)
        self._from = len(self.desktop.lines())
        self._press("Return")
        self._comes(read=read)

    def _comes(self, *, read: bool) -> None:
        """From there on: the windows that come before it have names of their own."""
        self._wait_until(lambda lines: any(OPENED in each for each in lines))
        lines = self.desktop.lines()
        self._from = next(at for at in range(self._from, len(lines)) if OPENED in lines[at])
        if read:
            self.hear(QUIET_LONG)
        else:
            self.hush()

    def close(self) -> None:
        """End the browser."""
        self._stack.close()

    def hush(self) -> None:
        """What is being read is of no interest: stop it."""
        self._press("Control_L")
        self._settle(QUIET)
        self._from = len(self.desktop.lines())
        self.told.append("(la suite n’est pas écoutée)")

    def key(self, *keys: str, quiet: float = QUIET) -> None:
        """Press these, and listen after each."""
        for each in keys:
            self._note(each)
            self._press(each)
            self.hear(quiet)

    def skip(self, *keys: str, quiet: float = QUIET) -> None:
        """Press these without writing down what they say."""
        for each in keys:
            self._press(each)
            self._begins(QUIET_LONG)
            self._settle(quiet)
            self._from = len(self.desktop.lines())

    def type(self, words: str) -> None:
        """Into the field that has the focus."""
        self.desktop.run("xdotool", "type", "--clearmodifiers", "--delay", "25", words)
        self._settle(QUIET / 2)
        self._from = len(self.desktop.lines())

    def to(self, words: str) -> None:
        """Go there by Tab, and write down what is said of it alone."""
        self._note(f"Tab jusqu’à « {words} »")
        for _ in range(MOST_TABS):
            self._press("Tab")
            self._begins(QUIET)
            self._settle(SKIM)
            heard = list(utterances(self.desktop.lines()[self._from :]))
            if any(words in each.text for each in heard):
                self.hear(QUIET)
                return
            self._from = len(self.desktop.lines())
        raise TimeoutError(f"« {words} » is never said by Tab")

    def send(self, *, listen: bool = True) -> None:
        """Press Enter, which asks the server."""
        if listen:
            self.key("Return", quiet=QUIET_LONG)
        else:
            self.skip("Return", quiet=QUIET_LONG)

    def waits(self, words: str, seconds: float) -> None:
        """Nothing is pressed: what is said by itself."""
        self._note(words)
        self._begins(seconds)
        self.hear(QUIET_LONG)

    def hear(self, quiet: float) -> list[Utterance]:
        """Listen until nobody has spoken for so long; it is written down. On a busy machine the
        first word comes late."""
        self._begins(QUIET_LONG)
        self._settle(quiet)
        lines = self.desktop.lines()
        heard = list(utterances(lines[self._from :]))
        self._from = len(lines)
        self.told += [str(each) for each in heard] or ["(silence)"]
        return heard

    def transcript(self) -> str:
        """What was done and heard, a line each."""
        return "\n".join(self.told).strip() + "\n"

    def _note(self, act: str) -> None:
        self.told += ["", f"> {steady(act)}"]

    def _press(self, key: str) -> None:
        self.desktop.run("xdotool", "key", "--clearmodifiers", key)

    def _begins(self, patience: float) -> None:
        """Until something is said, or for so long."""
        until = time.monotonic() + patience
        while time.monotonic() < until and len(self.desktop.lines()) == self._from:
            time.sleep(0.05)

    def _settle(self, quiet: float) -> None:
        """Until no line was added for so long, and nobody is speaking."""
        seen, since = -1, time.monotonic()
        while True:
            lines = self.desktop.lines()
            if len(lines) != seen:
                seen, since = len(lines), time.monotonic()
            if time.monotonic() - since > max(quiet, needs(lines) + min(quiet, 1)):
                return
            time.sleep(0.05)

    def _wait_until(self, holds: Callable[[list[str]], bool]) -> None:
        until = time.monotonic() + PATIENCE
        while not holds(self.desktop.lines()[self._from :]):
            if time.monotonic() > until:
                raise TimeoutError(f"after a minute: {self.desktop.lines()[self._from :]}")
            time.sleep(0.1)


@contextmanager
def listening(desktop: Desktop, stage: Stage, browser: str) -> Iterator[Listener]:
    """A browser of its own, ended with the block."""
    listener = Listener(desktop, stage, browser)
    try:
        yield listener
    finally:
        listener.close()
