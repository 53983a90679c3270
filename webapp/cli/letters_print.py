"""`flask letters print`: a batch, or some of its letters, printed again as they were made."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click
from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from webapp.cli import age_files, asking, letters_told, typed
from webapp.cli.age_files import Recipient
from webapp.cli.commands import PortalCommand
from webapp.cli.letters_files import Extent, Writer, Written
from webapp.cli.letters_folder import FOLDER, Draft, draft_in
from webapp.cli.output import OutputFault
from webapp.cli.typed import PLACE
from webapp.cli.work import command_work, committing, stop, tell
from webapp.rules.roll_values import shown
from webapp.services.kernel.work import Work
from webapp.services.letters import batches, states
from webapp.services.letters.batches import Batch, BatchRefused
from webapp.services.letters.sheets import Press, PressFault

Command = TypeVar("Command", bound=Callable[..., Any])
_PRIVATE = "AGE-SECRET-KEY-"
FAULTS = (OSError, OutputFault, PressFault, BatchRefused, SQLAlchemyError)  # of writing files


def press() -> Press:
    """The mutual's. Raises PressFault."""
    opens: Callable[[], Press] = current_app.extensions["portal_press"]
    return opens()


def _recipient(
    _context: click.Context, _option: click.Parameter, text: str | None
) -> Recipient | None:
    if text is None:
        return None
    try:
        return age_files.recipient(text)
    except age_files.NoRecipient:
        if text.strip().upper().startswith(_PRIVATE):
            asking.before(
                "--encrypt-to a reçu une clé secrète, qui n’est pas montrée ici. Rien n’a été "
                "changé. Donnez la clé publique qui va avec : elle commence par « age1 »."
            )
        asking.before(
            f"--encrypt-to « {shown(text)} » n’est pas une clé publique d’age. Rien n’a été "
            "changé. Donnez celle du destinataire, elle-même et non son fichier : age1…, ou sa clé "
            "SSH publique (ssh-ed25519 … ou ssh-rsa …)."
        )


def with_place(command: Command) -> Command:
    """The options that say where the files go, and for whom: `out`, `encrypt_to`."""
    where = click.option(
        "--out", required=True, type=PLACE, metavar="DOSSIER",
        help="Dossier des fichiers ; il est créé s’il n’existe pas.",
    )  # fmt: skip
    whom = click.option(
        "--encrypt-to", callback=_recipient, metavar="CLÉ",
        help="N’écrire que pour ce destinataire : clé publique age, ou SSH.",
    )  # fmt: skip
    return where(whom(command))


@click.command("print", cls=PortalCommand)
@click.argument("lot", metavar="LOT", callback=typed.lot)
@click.option(
    "--from", "first", metavar="N", callback=typed.count("--from", "le rang d’un courrier"),
    help="Le premier courrier, par son rang dans le lot.",
)  # fmt: skip
@click.option(
    "--to", "last", metavar="N", callback=typed.count("--to", "le rang d’un courrier"),
    help="Le dernier.",
)  # fmt: skip
@with_place
def command(
    lot: int, first: int | None, last: int | None, out: Path, encrypt_to: Recipient | None
) -> None:
    """Imprime un lot de nouveau, ou quelques-uns de ses courriers, avec les mêmes codes.

    Possible tant qu’il n’est pas posté.
    """
    try:
        with command_work(reading=True) as work:
            extent = _extent(work, lot, first, last)
            dead = letters_told.dead(extent.batch, states.counts(work, lot))
        with folder(out) as draft:
            machine = press()
            writer = Writer(draft, encrypt_to)
            draft.refuse_existing(writer.names(extent))
            done = writer.write(extent, machine)
            publish(draft, extent, done)
    except SQLAlchemyError as fault:
        stop(f"Rien n’a été écrit : {letters_told.why(fault)}. Relancez la commande.")
    except OSError as fault:
        stop(str(FOLDER.unwritable(out, fault)))
    except OutputFault as fault:
        stop(str(fault))
    except PressFault as fault:
        letters_told.stop_unprintable(fault)
    except BatchRefused as refusal:
        letters_told.refuse(refusal, lot)
    tell(letters_told.written(extent, done, out, encrypted=encrypt_to is not None))
    letters_told.left_out(done.left_out, extent.left_out)
    if extent.is_whole:
        letters_told.compare(extent.batch, done, machine.recipe)
    if dead:
        tell(dead, err=True)


def _extent(work: Work, lot: int, first: int | None, last: int | None) -> Extent:
    """Raises BatchRefused: unknown, posted, no_letter, emptied."""
    batch = batches.find(work, lot)
    first, last = first or 1, last or batch.letters
    batches.check_range(batch, first, last)
    extent = Extent(batch, first, min(last, batch.letters))
    batches.refuse_emptied(work, batch, extent.first, extent.last)
    return extent


@contextmanager
def folder(out: Path) -> Iterator[Draft]:
    """A draft within `out`; what a killed command left there is told. Raises OutputFault."""
    with draft_in(out) as draft:
        for sentence in draft.told:
            tell(sentence, err=True)
        yield draft


def publish(draft: Draft, extent: Extent, done: Written) -> None:
    """The files in place, and noted. Raises OSError, OutputFault: none of them is there."""
    with committing():
        draft.publish()
        if extent.is_whole and not extent.batch.files:
            _note(extent.batch, done)


def _note(batch: Batch, done: Written) -> None:
    engine, world = current_app.extensions["portal"]
    try:
        with Work(engine, world, origin="cli") as work:
            batches.note_files(work, batch, done.clear)
    except SQLAlchemyError as fault:
        # the letters are printed, which is what was asked for
        tell(
            f"Les empreintes des fichiers ne sont pas notées : {letters_told.why(fault)}.", err=True
        )
