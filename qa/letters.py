"""The paper letters of test members, read from the file that `flask qa members make` wrote."""

import csv
from dataclasses import dataclass, field
from pathlib import Path

from player.members import Letter


@dataclass
class Letters:
    """Paper letters of test members, each good for one run: `FILE.used` remembers which were."""

    file: Path
    email: str  # with {n} for the member's number
    remember: bool = True
    _left: list[Letter] = field(init=False)

    def __post_init__(self) -> None:
        with self.file.open(encoding="utf-8-sig", newline="") as lines:
            rows = list(csv.DictReader(lines, delimiter=";"))
        self._used = self.file.with_name(self.file.name + ".used")
        used = set(self._used.read_text().split()) if self._used.exists() else set()
        self._left = [
            Letter(number, row["code_acces"], self._address(number))
            for row in rows
            # a tab keeps the zeros of the number in a spreadsheet
            if (number := row["numero_adherent"].strip()) not in used and row["code_acces"]
        ]

    def __len__(self) -> int:
        return len(self._left)

    def take(self) -> Letter:
        """The next one, never to be given again."""
        letter = self._left.pop(0)
        if self.remember:
            with self._used.open("a") as used:
                used.write(f"{letter.number}\n")
        return letter

    def _address(self, number: str) -> str:
        return self.email.replace("{n}", number.lower())
