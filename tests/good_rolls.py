"""Rolls as good mutuals send them, for tests that spoil them."""

from collections.abc import Callable

from click.testing import Result
from sqlalchemy import Engine, func, select

from webapp.models import RollEntry

Run = Callable[..., Result]
HEAD = "numero_adherent;code_acces;civilite;nom;prenom;date_naissance;contrat"
LAST = (
    "Lefèvre", "GÂTEAU", "D’Hérouville", "N'Diaye", "Müller", "Saint-Rémy", "ŒUVRARD-NOËL",
    "Nuñez", "Dvořák", "de la Tour d'Auvergne", "O’Brien", "Łukasiewicz", "Ó Súilleabháin",
    "MARTIN ép. DURAND", "L'Hôte", "Šimić", "Da Conceição", "ÂGÉ", "Totalis", "LE\"FÈVRE",
)  # fmt: skip
FIRST = ("Élodie", "Gaël", "Anaïs", "Benoît", "Zoé", "Jean-François", "María José", "Øyvind")


def row(at: int, *, number: str = "", last: str = "", born: str = "", code: str = "") -> str:
    names = last or f"{LAST[at % 20]};{FIRST[at % 8]}"
    day = born or f"{1930 + at % 80}-{1 + at % 12:02d}-{1 + at % 28:02d}"
    return f"{number or f'{200_000 + at:08d}'};{code};Mme;{names};{day};Santé Confort"


def good(count: int = 300) -> list[str]:
    return [row(at) for at in range(count)]


def members(engine: Engine) -> int:
    with engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(RollEntry)) or 0


def words(result: Result) -> list[str]:
    """The guards that stopped an import, as they are told."""
    told = [line for line in result.stderr.splitlines() if "--accept" in line]
    return [line.rsplit("--accept ", 1)[1].removesuffix(".") for line in told]
