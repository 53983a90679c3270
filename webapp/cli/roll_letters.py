"""A batch of letters that a command makes on its way, in its transaction: a table, no press."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import click

from webapp.cli import roll_warnings
from webapp.cli.letters_csv import LettersFile
from webapp.cli.operator import operator
from webapp.cli.work import public_url, tell
from webapp.services.kernel.work import Work
from webapp.services.letters import batches
from webapp.services.letters.batches import Batch, Maker, Nobody
from webapp.services.letters.choosing import Choice, room_for_all
from webapp.services.letters.sheets import Sheet
from webapp.services.roll.report import RollReport


@dataclass(frozen=True)
class Made:
    """What came of it. `batch`: None where nobody gets a letter. `returned`: how many get none
    because the last one came back from the same address. `no_address`: letters without one."""

    batch: Batch | None
    returned: int
    no_address: int = 0


def maker(reason: str = "") -> Maker:
    """Who makes a batch for a table: no press has a part in it."""
    return Maker(operator(), "", public_url(), reason)


def make(work: Work, choice: Choice, box: LettersFile | None) -> Made:
    """A batch for the members chosen, its letters in `box` where there is one.

    Raises OutputFault, and what `batches.make` raises but for « nobody ».
    """
    try:
        with work.db.begin_nested():
            batch = batches.make(work, choice, maker=maker(), unfit=room_for_all).batch
    except Nobody as nobody:
        return Made(None, nobody.skipped.get("npai", 0))
    made = Made(batch, batch.skipped.get("npai", 0))
    return replace(made, no_address=write(work, batch, box))


def write(work: Work, batch: Batch, box: LettersFile | None) -> int:
    """Its letters into `box`; returns how many have no postal address."""
    bare = 0

    def counted() -> Iterator[Sheet]:
        nonlocal bare
        for sheet in batches.sheets(work, batch):
            bare += not sheet.to.address
            yield sheet

    sheets: Iterable[Sheet] = counted()
    if box is None:
        for _ in sheets:
            pass
    else:
        box.write(sheets, batch.portal)
    return bare


def tell_all(report: RollReport, made: Made | None, letters: Path | None, *, trial: bool) -> None:
    """What an import says of letters: made, or still to be made, and who gets none."""
    tell(f"Lettres : {_count(report, made, letters, trial=trial)}")
    if made and made.batch and not trial:
        tell(f"Quand elles seront parties, dites-le : flask letters posted {made.batch.id}.")
    roll_warnings.tell_skipped(report)
    if made and made.returned:
        tell(f"Dernier courrier revenu, adresse inchangée depuis : {made.returned}, sans courrier.")
    roll_warnings.tell_long_lines(report)
    roll_warnings.tell_crowded(report)
    if report.letters and made is None:
        tell(
            f"{report.letters} adhérent(s) n’ont pas encore de code d’accès : faites leurs "
            "courriers (flask letters make), ou relancez la commande en ajoutant "
            "--letters FICHIER.csv.",
            err=True,
        )


def _count(report: RollReport, made: Made | None, letters: Path | None, *, trial: bool) -> str:
    if made is None or letters is None:
        return f"{report.letters} à écrire" if report.letters else "0"
    if made.batch is None:
        return "0, fichier non créé"
    bare = f", dont {made.no_address} sans adresse postale" if made.no_address else ""
    if trial:
        return f"{made.batch.letters} à écrire{bare}"
    place = click.format_filename(letters)
    return (
        f"{made.batch.letters}{bare}, lot {made.batch.id}, dans « {place} ». Ce fichier contient "
        "des codes d’accès : remettez-le à l’imprimeur, puis supprimez-le."
    )
