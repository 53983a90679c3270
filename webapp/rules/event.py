"""What an event of the journal is: its key, its words, who reads it, the facts it carries."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from webapp.rules.moments import day
from webapp.rules.typography import french

Facts = Mapping[str, object]
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


class Shown(Enum):
    """Where the member whom an event is about reads it."""

    IN_HISTORY = "history"  # and in « Mes données », with all others
    IN_MY_DATA = "my_data"
    TO_NO_MEMBER = "nobody"  # it is about no account: the mutual alone reads it


IN_HISTORY, IN_MY_DATA, TO_NO_MEMBER = Shown


@dataclass(frozen=True)
class Event:
    """One event: `words` is what a member reads, `facts` the examples of what it may carry.

    `instead` has other words for a value of a fact, `ending` what follows the words when a fact is
    there: {"agent": " depuis {}"}.
    """

    key: str
    shown: Shown
    words: str
    facts: Facts = field(default_factory=dict)
    instead: Mapping[str, Mapping[object, str]] = field(default_factory=dict)
    ending: Mapping[str, str] = field(default_factory=dict)

    def told(self, facts: Facts) -> str:
        """The words for an entry that carries these facts."""
        words = self.words
        for fact, others in self.instead.items():
            words = others.get(facts.get(fact), words)
        said = {fact: facts[fact] for fact in self.ending if facts.get(fact)}
        return french(words) + "".join(self.ending[fact].format(_said(said[fact])) for fact in said)


def _said(value: object) -> object:
    """A day as people say it; facts have it as 2026-11-30."""
    if not (isinstance(value, str) and _DAY.fullmatch(value)):
        return value
    try:
        return day(date.fromisoformat(value))
    except ValueError:
        return value
