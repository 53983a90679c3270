"""Members who register and sign in through nginx while operators do what the documents say.

`python -m tests.operations.members WAY LETTERS MAILDIR`, with the printer's file. What they met is
printed as JSON. WAY is

- load: one after the other registers and signs in, until the input ends;
- once: each of the file registers and signs in, once;
- prove: each shows the letter and goes no further; `proven` says whose letter opens.
"""

import csv
import json
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from http.client import HTTPException
from pathlib import Path

from tests.operations.browser import DOMAIN, Broken, Browser, Mailbox
from tests.operations.machine import Visits

_BROWSERS, _SIGN_INS = 3, 8  # at once; of a member, whose codes a day are limited
_PAUSE = 0.1  # seconds


@dataclass
class Met(Visits):
    """What all of them met, together."""

    failures: list[str] = field(default_factory=list)
    proven: list[bool] = field(default_factory=list)

    def count(self, browser: Browser) -> None:
        self.requests += browser.requests
        self.posts += browser.posts
        self.slowest = max(self.slowest, round(browser.slowest, 2))


@dataclass(frozen=True)
class Letter:
    """One row of the printer's file."""

    number: str
    code: str


class Members:
    """The members of a file, who come one after the other."""

    def __init__(self, letters: list[Letter], mails: Path):
        self._mails, self._left, self.met = Mailbox(mails), iter(letters), Met()
        self._turn, self.over = threading.Lock(), threading.Event()

    def come(self, *, until_over: bool) -> None:
        """Register and sign in, until there is none left or, under load, it is over."""
        for letter in self._next():
            self._visit(letter, times=_SIGN_INS if until_over else 1)
            if until_over and self.over.is_set():
                return
        if until_over and not self.over.is_set():
            self.met.failures.append("no letter left to go on with")

    def prove(self) -> None:
        """Show each letter; a wrong code is no failure."""
        for letter in self._next():
            browser = self._browser(letter)
            self._try(partial(self._show, browser, letter))
            self.met.count(browser)

    def _show(self, browser: Browser, letter: Letter) -> None:
        self.met.proven.append(browser.prove(letter.number, letter.code))

    def _next(self) -> Iterator[Letter]:
        while True:
            with self._turn:
                letter = next(self._left, None)
            if letter is None:
                return
            yield letter

    def _browser(self, letter: Letter) -> Browser:
        return Browser(self._mails, f"m{letter.number}@{DOMAIN}")

    def _visit(self, letter: Letter, times: int) -> None:
        browser = self._browser(letter)
        sign_ins = 0
        registered = self._try(lambda: browser.register(letter.number, letter.code))
        for _ in range(times if registered else 0):
            sign_ins += self._try(browser.sign_in)
            self.over.wait(_PAUSE)
        with self._turn:
            self.met.registrations += registered
            self.met.sign_ins += sign_ins
            self.met.count(browser)

    def _try(self, act: Callable[[], object]) -> bool:
        try:
            act()
        except (Broken, OSError, HTTPException) as fault:
            self.met.failures.append(f"{type(fault).__name__}: {fault}")
            return False
        return True


def main(way: str, file: str, mails: str) -> None:
    """See the module."""
    with Path(file).open(encoding="utf-8-sig", newline="") as opened:
        rows = csv.DictReader(opened, delimiter=";")
        letters = [Letter(row["numero_adherent"].strip(), row["code_acces"]) for row in rows]
    members = Members(letters, Path(mails))
    if way == "prove":
        members.prove()
    else:
        _come(members, until_over=way == "load")
    print(json.dumps(members.met.__dict__))


def _come(members: Members, *, until_over: bool) -> None:
    threads = [
        threading.Thread(target=lambda: members.come(until_over=until_over))
        for _ in range(_BROWSERS)
    ]
    for thread in threads:
        thread.start()
    if until_over:
        sys.stdin.read()
        members.over.set()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main(*sys.argv[1:])
