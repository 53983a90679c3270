"""A column of dates as a whole: what is wrong with all of it is said once, not for each row.

It also tells what no single date can: whether days come before months, and which dates were
completed or passed over.
"""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date

from webapp.rules.roll_dates import Kind, look
from webapp.rules.roll_values import shown

_DAY_FIRST = re.compile(r"\s*(?:1[3-9]|2\d|3[01])[-/.](?:0?\d|1[0-2])[-/.]", re.ASCII)
_ENOUGH = 3  # a column of two rows is better told by its rows
_DISTINCT = 65_536


class DateColumn:
    """Counts what a column of dates holds, some rows at a time."""

    def __init__(self, name: str, latest: date):
        self._name, self._latest = name, latest
        self._texts: Counter[str] = Counter()
        self._kinds: Counter[Kind] = Counter()
        self._examples: dict[Kind, str] = {}
        self._day_first = False

    def see(self, cells: Iterable[str]) -> None:
        """The next rows' cells. A roll repeats its dates, so that its texts are counted first."""
        self._texts.update(cells)
        if len(self._texts) > _DISTINCT:
            self._count()

    def _count(self) -> None:
        for text, count in self._texts.items():
            kind = look(text, self._latest)[0]
            self._kinds[kind] += count
            self._examples.setdefault(kind, text)
            self._day_first = self._day_first or _DAY_FIRST.match(text) is not None
        self._texts.clear()

    def fault(self) -> str | None:
        """What is wrong with the column, and what to do about it; None when its rows can tell."""
        self._count()
        bad = sum(self._kinds[kind] for kind in _ADVICE)
        if not bad:
            return None
        exchanged = self._kinds[Kind.EXCHANGED] and not self._day_first
        commonest = max(_ADVICE, key=lambda kind: self._kinds[kind])
        kind = Kind.EXCHANGED if exchanged else commonest
        if not exchanged and (bad < _ENOUGH or bad * 2 <= self._kinds.total()):
            return None
        told = shown(self._examples[kind].strip())
        return (
            f"La colonne « {self._name} » n’est pas faite de dates que l’on peut lire : "
            f"{bad} ligne(s) comme « {told} ». Rien n’a été importé. {_ADVICE[kind]}"
        )

    def notes(self) -> list[str]:
        """What was completed or passed over, in French sentences."""
        self._count()
        told = []
        if count := self._kinds[Kind.UNKNOWN]:
            example = shown(self._examples[Kind.UNKNOWN].strip())
            told.append(
                f"{self._name} : {count} date(s) comme « {example} » lue(s) comme « inconnue »."
            )
        if count := self._kinds[Kind.TWO_DIGITS]:
            example = self._examples[Kind.TWO_DIGITS]
            day = look(example, self._latest)[1] or self._latest
            told.append(
                f"{self._name} : {count} année(s) à deux chiffres, lue(s) au plus tard au "
                f"{self._latest:%d/%m/%Y} (« {shown(example.strip())} » : {day:%d/%m/%Y}). Pour "
                "une date de plus de cent ans, écrivez l’année en entier."
            )
        return told


_ADVICE = {
    Kind.NONE: (
        "Dans votre tableur, donnez à cette colonne le format date JJ/MM/AAAA, enregistrez, puis "
        "relancez la commande."
    ),
    Kind.SERIAL: (
        "Ce sont des numéros de jour de tableur : mettez la colonne au format date (JJ/MM/AAAA), "
        "enregistrez, puis relancez la commande."
    ),
    Kind.EXCHANGED: (
        "Le mois y est écrit avant le jour : donnez à cette colonne le format JJ/MM/AAAA, "
        "enregistrez, puis relancez la commande."
    ),
}
