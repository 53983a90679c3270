"""`flask letters list`: batches and their letters by state, or the members in a table."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import click

from webapp.cli import age_files, asking, letters_csv, lines, typed
from webapp.cli.commands import PortalCommand
from webapp.cli.letters_told import gone, many, refuse
from webapp.cli.output import Output, OutputFault
from webapp.cli.typed import PLACE
from webapp.cli.work import command_work, stop, tell
from webapp.rules.letters import STATE_OF_ONE, STATES
from webapp.rules.moments import PARIS, day
from webapp.rules.roll_guards import grouped
from webapp.rules.roll_values import shown
from webapp.services.kernel.work import Work
from webapp.services.letters import batches, states
from webapp.services.letters.batches import Batch, BatchRefused
from webapp.services.letters.states import Listed

_TABLE = Output("--csv", "La liste ne peut pas être écrite", "changé")
_LAST = 20  # batches shown: the others are counted
_COLUMNS = (
    "lot", "sequence", "numero_adherent", "civilite", "nom", "prenom", "etat", "fait_le",
    "poste_le",
)  # fmt: skip


def _state(_context: click.Context, _option: click.Parameter, text: str | None) -> str | None:
    if text is not None and text not in STATES:
        asking.before(
            f"--state ne connaît pas « {shown(text)} ». Les états sont "
            f"{', '.join(f'{key} ({words})' for key, words in STATE_OF_ONE.items())}."
        )
    return text


@click.command("list", cls=PortalCommand)
@click.option("--lot", "lot", metavar="LOT", callback=typed.lot, help="Ce lot seulement.")
@click.option(
    "--state", "only", metavar="ÉTAT", callback=_state,
    help=f"Cet état seulement : {', '.join(STATES)}.",
)  # fmt: skip
@click.option(
    "--csv", "file", type=PLACE, metavar="FICHIER",
    help="Écrire les adhérents dans ce fichier, sans leurs codes.",
)  # fmt: skip
def command(lot: int | None, only: str | None, file: Path | None) -> None:
    """Montre les lots et l’état de leurs courriers."""
    try:
        if file:
            _TABLE.refuse_existing(file)
        with command_work(reading=True) as work:
            if file:
                _write(file, work, lot, only)
            else:
                _show(work, lot, only)
    except BatchRefused as refusal:
        refuse(refusal, lot)
    except OutputFault as fault:
        stop(str(fault))


def _show(work: Work, lot: int | None, only: str | None) -> None:
    found = [batches.find(work, lot)] if lot is not None else batches.all_of(work)
    real = [each for each in found if not each.trial]
    if not found:
        tell("Aucun lot de courriers. Pour en faire un : flask letters make --out DOSSIER.")
        return
    for each in found if lot is not None else real[:_LAST]:
        counted = states.counts(work, each.id)
        tell("\n".join([f"Lot {each.id}", *lines.told(_fields(each, counted, only))]))
    if lot is not None:
        return
    if len(real) > _LAST:
        tell(f"… et {grouped(len(real) - _LAST)} lots plus anciens : --lot les montre un à un.")
    total = _counted(states.counts(work), only)
    tell("\n".join([f"Tous les lots ({grouped(len(real))})", *lines.told(total)]))
    if trials := [each for each in found if each.trial]:
        tell(f"Dernier courrier d’essai : lot {trials[0].id}, le {day(trials[0].made_at)}.")


def _fields(batch: Batch, counted: Mapping[str, int], only: str | None) -> list[lines.Field]:
    left = f"le {day(batch.posted_on)}, dit {batch.posted_by}" if batch.posted_on else "pas encore"
    what = "1, d’essai : il n’ouvre rien" if batch.trial else grouped(batch.letters)
    return [
        ("Fait", f"le {day(batch.made_at)}, par {batch.operator}"),
        ("Posté", left),
        ("Fichiers", "jamais écrits" if batch.is_unprinted else ""),
        ("Courriers", what),
        *([] if batch.trial else _counted(counted, only)),
        ("– d’adhérents retirés du fichier", str(gone(batch, counted) or "") if not only else ""),
    ]


def _counted(counted: Mapping[str, int], only: str | None) -> list[lines.Field]:
    """A field for each state that some letter is in; the one that was asked for in any case."""
    shown_ones = [key for key in STATES if key == only or (only is None and counted[key])]
    return [(f"– {STATES[key]}", grouped(counted[key])) for key in shown_ones]


def _cells(row: Listed) -> Sequence[str | int]:
    names = map(letters_csv.inert, (row.civility, row.last_name, row.first_name))
    made, left = row.made_at.astimezone(PARIS), row.posted_on
    return [
        row.lot,
        row.sequence,
        letters_csv.number_cell(row.number),
        *names,
        STATE_OF_ONE[row.state],
        letters_csv.day_cell(made),
        letters_csv.day_cell(left) if left else "",
    ]


def _write(file: Path, work: Work, lot: int | None, only: str | None) -> None:
    if lot is not None:
        batches.find(work, lot)
    count = 0

    def parts() -> Iterator[bytes]:
        nonlocal count
        yield letters_csv.text([_COLUMNS]).encode("utf-8-sig")
        for some in states.listed(work, batch_id=lot, only=only):
            count += len(some)
            yield letters_csv.text(map(_cells, some)).encode()

    try:
        age_files.write(file, parts(), None)
    except BaseException as error:
        if not isinstance(error, FileExistsError):  # another command's
            file.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise _TABLE.unwritable(file, error) from error
        raise
    tell(
        f"{many(count)} dans « {click.format_filename(file)} ». Ce fichier contient des données "
        "personnelles, et aucun code."
    )
