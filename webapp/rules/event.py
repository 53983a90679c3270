"""What an event of the journal is: its key, its words, who reads it, the facts it carries."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from webapp.rules.typography import french

Facts = Mapping[str, object]


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
        endings = (end.format(facts[fact]) for fact, end in self.ending.items() if facts.get(fact))
        return french(words) + "".join(endings)
