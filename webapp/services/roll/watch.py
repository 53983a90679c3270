"""What the guards want to know of the file's good rows, taken down as they pass: a column at a
time, in the same little memory for a thousand rows and for a million."""

from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import cast

from webapp.rules.roll_columns import RollColumns
from webapp.rules.roll_guards import EXAMPLES, has_decimals, is_error
from webapp.rules.roll_values import shown
from webapp.rules.suspicions import may_be_suspect, suspicion

UNKNOWN_BIRTH = date(1900, 1, 1)  # what some software writes when it does not know
_NAMES = ("last_name", "first_name")
_TEXTS = ("civility", *_NAMES, "contract", "address")


@dataclass
class Found:
    """How many, and the first of them."""

    count: int = 0
    examples: list[str] = field(default_factory=list)

    def note(self, example: str) -> None:
        """One more."""
        self.count += 1
        if len(self.examples) < EXAMPLES:
            self.examples.append(example)


@dataclass
class Watch:
    """`lengths`: of the numbers' normal forms. `plain`: no number so far is written in a way that
    could hide another, but for zeros in front. `codes`: a hash of each code that the file gives."""

    rows: int = 0
    names: Found = field(default_factory=Found)
    errors: Found = field(default_factory=Found)
    decimals: Found = field(default_factory=Found)
    totals: Found = field(default_factory=Found)
    births: "Counter[date | None]" = field(default_factory=Counter)
    lengths: "Counter[int]" = field(default_factory=Counter)
    codes: "array[int]" = field(default_factory=lambda: array("q"))
    plain: bool = True

    def look(self, rows: RollColumns) -> None:
        """Take down what these rows say."""
        self.rows += len(rows.numbers)
        self._look_at_numbers(rows)
        for name in _TEXTS:
            if name in rows.facts:
                self._look_at_texts(rows, name, cast(Sequence[str], rows.facts[name]))
        self._look_for_names(rows)
        if days := rows.facts.get("birth_date"):
            self.births.update(cast("Sequence[date | None]", days))
        codes = rows.access_codes
        self.codes.extend(map(hash, filter(None, codes) if None in codes else codes))

    def crowded(self) -> list[tuple[date, int]]:
        """The days on which members were born, and how many, the fullest first."""
        told = ((day, count) for day, count in self.births.most_common() if day is not None)
        return [(day, count) for day, count in told if day != UNKNOWN_BIRTH]

    def _look_at_numbers(self, rows: RollColumns) -> None:
        keys = rows.number_keys
        sizes = list(map(len, keys))
        if sizes and sizes.count(sizes[0]) == len(sizes):
            self.lengths[sizes[0]] += len(sizes)
        else:
            self.lengths.update(sizes)
        if rows.identities is keys:
            return  # digits, all of them
        told = "".join(keys)
        hides = rows.identities != keys or any(sign in told for sign in "OIL")
        self.plain = self.plain and not hides
        for line, number in zip(rows.lines, rows.numbers, strict=True):
            if is_error(number):
                self.errors.note(f"ligne {line} : « {shown(number)} »")
            elif has_decimals(number):
                self.decimals.note(f"ligne {line} : « {shown(number)} »")

    def _look_at_texts(self, rows: RollColumns, name: str, texts: Sequence[str]) -> None:
        told = " ".join(texts)
        if name in _NAMES and may_be_suspect(told):
            for line, text in _where(rows, texts):
                if suspicion(text):
                    self.names.note(f"ligne {line} : « {shown(text)} »")
        if "#" in told or "Err" in told or "E+" in told:
            for line, text in _where(rows, texts):
                if any(map(is_error, text.split("\n"))):
                    self.errors.note(f"ligne {line} : « {shown(text)} »")

    def _look_for_names(self, rows: RollColumns) -> None:
        """Nobody can write to who has neither a last name nor a first one."""
        columns = [rows.facts[name] for name in _NAMES if name in rows.facts]
        if len(columns) == len(_NAMES) and all("" in column for column in columns):
            blank = zip(rows.lines, rows.numbers, *columns, strict=True)
            for line, number, *names in blank:
                if not any(names):
                    self.names.note(f"ligne {line} : « {shown(number)} » sans nom")


def _where(rows: RollColumns, texts: Sequence[str]) -> Iterator[tuple[int, str]]:
    return zip(rows.lines, texts, strict=True)
