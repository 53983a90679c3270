"""The demonstration's letters: those of the first members of its sample roll, whose codes it
tells, since nobody real is behind them."""

import csv
from collections.abc import Callable
from datetime import datetime

from webapp.rules import letters, postal
from webapp.rules.moments import paris_date
from webapp.services.letters.sheets import Addressee, Press, Sheet
from webapp.settings import ROOT

SHOWN = 4
_ROLL = ROOT / "demo" / "adherents.csv"


def sheets(now: datetime) -> list[Sheet]:
    """The letters as they would be printed now."""
    with _ROLL.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))[:SHOWN]
    days = paris_date(now), letters.printed_until(now)
    return [
        Sheet(1, at, len(rows), _addressee(row), row["code_acces"], *days)
        for at, row in enumerate(rows, start=1)
    ]


def pdf(open_press: Callable[[], Press], now: datetime) -> bytes:
    """These letters on paper."""
    (printed,) = open_press().files([sheets(now)], made_at=now)
    return printed


def _addressee(row: dict[str, str]) -> Addressee:
    lines = [row.get(f"adresse_{at}") or "" for at in range(1, postal.LINES + 1)]
    names = row["civilite"], row["nom"], row["prenom"]
    return Addressee(row["numero_adherent"], *names, postal.joined(lines))
