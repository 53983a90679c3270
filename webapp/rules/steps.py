"""What a step and a procedure are, and the call-outs that the guide puts on a step's screen."""

import re
from dataclasses import dataclass
from typing import Literal

_TOLD = re.compile(r"(cochez|appuyez sur(?: l’onglet)?) « ([^»]+) »", re.IGNORECASE)


@dataclass(frozen=True)
class Mark:
    """A call-out of the guide: `words` beside the thing that people know as `target`.

    A `field` is found by its label, what to `press` by its name, a `text` by itself, a `code` (the
    digits of a mail) by its shape, a `picture` by what it is called to those who can't see it.
    """

    target: str
    words: str
    kind: Literal["field", "press", "text", "code", "picture"] = "field"


def press(name: str) -> Mark:
    """The call-out of a button or link, in the words of all steps."""
    return Mark(name, f"Appuyez sur « {name} »", "press")


@dataclass(frozen=True)
class Step:
    """One numbered step. `endpoint` serves its screen (None: it happens in the mailbox).

    `marks`: its call-outs, in the order in which they are used; when none are given, they are what
    `do` tells to tick and to press, or else what must show.
    """

    key: str
    number: int
    title: str
    do: str
    see: str
    endpoint: str | None = None
    marks: tuple[Mark, ...] = ()

    @property
    def call_outs(self) -> tuple[Mark, ...]:
        """The marks, never none: number them from 1."""
        told = tuple(
            Mark(name, "Cochez la case") if how.lower() == "cochez" else press(name)
            for how, name in _TOLD.findall(self.do)
        )
        return self.marks or told or (Mark(self.see, "Vous lisez ces mots", "text"),)


@dataclass(frozen=True)
class Procedure:
    """Steps played one after the other, under a name that QA reads.

    `after`: the procedures that bring a member with a new letter to its beginning; `given`: what
    must then be true that no step of theirs brings about (a key of `player/givens.py`).
    """

    key: str
    title: str
    steps: tuple[Step, ...]
    after: tuple["Procedure", ...] = ()
    given: str = ""

    def __iter__(self):  # type: ignore[no-untyped-def]
        return iter(self.steps)
