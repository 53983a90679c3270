"""What a paper letter says, and the press that prints it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from webapp.rules import postal
from webapp.rules.full_name import name_on_one_line


@dataclass(frozen=True)
class Addressee:
    """Whom a letter goes to. `address`: lines as in rules/postal.py."""

    number: str
    civility: str
    last_name: str
    first_name: str
    address: str

    @property
    def name(self) -> str:
        """« Mme Odile Martin », as far as the roll says it."""
        return name_on_one_line(self.civility, self.first_name, self.last_name)

    @property
    def lines(self) -> list[str]:
        """The lines of the envelope."""
        return postal.lines(self.address)


@dataclass(frozen=True)
class Sheet:
    """One letter of a batch, as it is printed: the same bytes whenever it is printed again.

    `sequence` counts from 1 to `letters`, all those of the batch. `access_code` is as the member
    reads it, with its dashes. `made_on` is the day on the letter, `good_until` the day that it
    promises. `trial`: the daily letter, which opens nothing.
    """

    batch: int
    sequence: int
    letters: int
    to: Addressee
    access_code: str = field(repr=False)
    made_on: date
    good_until: date
    trial: bool = False


class PressFault(Exception):
    """No letter can be printed so. The message is a French sentence that says what to mend."""


class Press(Protocol):
    """Prints letters. One has the mutual's brand and the address of the portal."""

    @property
    def recipe(self) -> str:
        """The SHA-256 of all that makes the bytes besides the sheets: template, texts, pictures,
        fonts, version of what sets the type. Another recipe prints other bytes."""

    def unfit(self, addressees: Sequence[Addressee]) -> Mapping[int, str]:
        """Whose letter would be cut somewhere, by index, and why, in French words."""

    def files(self, files: Iterable[Sequence[Sheet]], *, made_at: datetime) -> Iterator[bytes]:
        """The PDF of each of these files, in their order. `made_at` is the only time in it.

        Raises PressFault.
        """
