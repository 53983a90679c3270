"""`flask members`: the roll."""

import hashlib
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NoReturn

import click
from flask import current_app

from webapp.cli import (
    parting,
    preview_file,
    reissue,
    roll_history,
    roll_letters,
    roll_told,
    show,
    shutting,
)
from webapp.cli.commands import PortalGroup
from webapp.cli.letters_csv import (
    LETTERS,
    CommitLost,
    LettersFile,
    publish_and_commit,
)
from webapp.cli.operator import operator
from webapp.cli.output import OutputFault
from webapp.cli.preview_file import PREVIEW
from webapp.cli.roll_files.faults import RollFileFault
from webapp.cli.roll_files.opening import open_roll
from webapp.cli.roll_files.roll_file import RollFile
from webapp.cli.roll_files.source import How
from webapp.cli.typed import PLACE
from webapp.cli.work import command_work, stop, tell
from webapp.rules.roll_file import HeaderFault
from webapp.rules.roll_guards import GUARDS
from webapp.rules.roll_headers import wanted
from webapp.rules.roll_values import shown
from webapp.services.kernel.work import Work
from webapp.services.letters.choosing import Choice
from webapp.services.roll import import_file
from webapp.services.roll.reading import Cells, Rows
from webapp.services.roll.report import RollRefused, RollReport, Source, Wish

PROGRESS_ROWS = 1_000
_WHO_WAITS = Choice(no_address_needed=True)  # the printer may know where they live

group = PortalGroup("members", help="Le fichier des adhérents.")
group.add_command(reissue.command)
group.add_command(show.command)
group.add_command(shutting.command)
group.add_command(parting.command)
group.add_command(roll_history.list_imports)
group.add_command(roll_history.undo_import)


@dataclass(frozen=True)
class _Wish:
    """What the operator asked for."""

    file: Path
    letters: Path | None
    dry_run: bool
    roll: Wish
    preview: Path | None = None


@group.command("import")
@click.argument("file", type=PLACE, metavar="FICHIER")
@click.option(
    "--encoding", metavar="NOM", help="Encodage du texte, si le portail se trompe ou hésite."
)
@click.option("--sheet", metavar="NOM", help="Feuille du classeur ; sinon, la première visible.")
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="'NOTRE=LEUR'",
    help="Nom d’une colonne dans le fichier : 'numero_adherent=Réf.'. Répétable.",
)
@click.option("--dry-run", is_flag=True, help="Tout vérifier sans rien importer.")
@click.option("--keep-good", is_flag=True, help="Importer les bonnes lignes malgré les mauvaises.")
@click.option(
    "--accept",
    "accepted",
    multiple=True,
    metavar="MOT",
    help=f"Laisser passer ce qui arrêterait l’import (plusieurs fois) : {', '.join(GUARDS)}.",
)
@click.option("--whole", is_flag=True, help="Le fichier est complet : compter ceux qui manquent.")
@click.option("--mark-missing", is_flag=True, help="Avec --whole : les noter partis.")
@click.option(
    "--letters",
    type=PLACE,
    metavar="FICHIER",
    help="Fichier CSV à créer : les courriers de tous ceux qui en attendent un, à imprimer.",
)
@click.option(
    "--preview",
    type=PLACE,
    metavar="FICHIER.html",
    help="Essayer sans rien importer, et écrire la page de ce qui changerait.",
)
def import_members(
    file: Path,
    *,
    encoding: str | None,
    sheet: str | None,
    columns: tuple[str, ...],
    dry_run: bool,
    keep_good: bool,
    accepted: tuple[str, ...],
    whole: bool,
    mark_missing: bool,
    letters: Path | None,
    preview: Path | None,
) -> None:
    """Importe ou met à jour les adhérents depuis FICHIER (.xlsx, .ods, .csv ou .txt)."""
    roll_wish = Wish(keep_good, frozenset(accepted), whole, mark_missing)
    _refuse_unclear(roll_wish)
    wish = _Wish(file, letters, dry_run or preview is not None, roll_wish, preview)
    with _told_clearly(wish), ExitStack() as open_files:
        if preview:
            PREVIEW.refuse_existing(preview)
        how = How(_today(), encoding, sheet, wanted(columns))
        roll = open_files.enter_context(open_roll(file, how))
        for sentence in roll.told:
            tell(sentence, err=True)
        if roll.header.unknown:
            tell(f"Colonnes inconnues, ignorées : {', '.join(roll.header.unknown)}.", err=True)
        box = _letters_file(wish, open_files)
        with command_work() as work:
            started = work.now
            report = _import(work, roll, wish)
            made = roll_letters.make(work, _WHO_WAITS, box) if wish.letters else None
            if wish.dry_run:
                work.close(commit=False)
            else:
                publish_and_commit(work, box if made and made.batch else None)
        for sentence in roll.notes():
            tell(sentence, err=True)
        seconds = (work.now - started).total_seconds()
        roll_told.summarise(report, seconds, trial=wish.dry_run)
        roll_letters.tell_all(report, made, wish.letters, trial=wish.dry_run)


def _today() -> date:
    _, world = current_app.extensions["portal"]
    told: date = world.clock.now().date()
    return told


def _refuse_unclear(wish: Wish) -> None:
    """What would mean nothing, or could hurt: exit code 2."""
    for word in sorted(wish.accepted - GUARDS.keys()):
        stop(
            f"--accept ne connaît pas « {shown(word)} ». Rien n’a été importé. Les mots possibles "
            f"sont {', '.join(GUARDS)}.",
            code=2,
        )
    if wish.mark_missing and not wish.whole:
        stop("--mark-missing ne va qu’avec --whole : il faut un fichier complet.", code=2)
    if wish.mark_missing and wish.keep_good:
        stop(
            "--mark-missing ne va pas avec --keep-good : un adhérent dont la ligne est en erreur "
            "passerait pour parti. Corrigez d’abord le fichier.",
            code=2,
        )


def _letters_file(wish: _Wish, open_files: ExitStack) -> LettersFile | None:
    if wish.letters is None:
        return None
    if wish.dry_run:
        LETTERS.refuse_existing(wish.letters)
        return None
    return open_files.enter_context(LettersFile(wish.letters))


def _import(work: Work, roll: RollFile, wish: _Wish) -> RollReport:
    source = _source(wish.file)
    try:
        with _progress(roll) as rows:
            report = import_file.import_roll(work, roll.header, rows, source=source, wish=wish.roll)
    except RollRefused as refused:
        if wish.preview and refused.key != "busy":
            stopped = roll_told.stopped(refused, wish.roll)
            preview_file.write(work, wish.preview, source, refused.report, stopped)
            tell(_where(wish.preview), err=True)
        raise
    if wish.preview:
        preview_file.write(work, wish.preview, source, report)
        tell(_where(wish.preview))
    return report


def _where(preview: Path) -> str:
    return (
        f"Aperçu : « {click.format_filename(preview)} ». Il contient des données personnelles : "
        "supprimez-le une fois relu."
    )


def _source(file: Path) -> Source:
    with file.open("rb") as content:
        sha256 = hashlib.file_digest(content, "sha256").hexdigest()
    return Source(operator(), shown(file.name, 255), sha256)


def _lost(letters: Path) -> NoReturn:
    stop(
        "La liaison avec la base a été coupée pendant la validation. Gardez "
        f"« {click.format_filename(letters)} » et relancez la commande avec --dry-run, sans "
        "--letters : si elle annonce « Ajoutés : 0 », l’import a eu lieu et ces lettres sont "
        "bonnes ; sinon, supprimez ce fichier et recommencez."
    )


@contextmanager
def _progress(roll: RollFile) -> Iterator[Rows]:
    """The rows, with a bar that follows them when somebody is watching."""
    if not sys.stderr.isatty():
        yield roll.rows
        return
    with click.progressbar(length=roll.size, label="Import", file=sys.stderr) as bar:

        def followed() -> Iterator[Cells]:
            for count, row in enumerate(roll.rows()):
                if count % PROGRESS_ROWS == 0:
                    bar.update(roll.position() - bar.pos)
                yield row
            bar.update(roll.size - bar.pos)

        yield followed


@contextmanager
def _told_clearly(wish: _Wish) -> Iterator[None]:
    """Every way to refuse the file ends with one sentence and exit code 1."""
    try:
        yield
    except (RollFileFault, HeaderFault, OutputFault) as fault:
        stop(str(fault))
    except CommitLost:
        _lost(wish.letters or Path())
    except RollRefused as refused:
        roll_told.refuse(refused, wish.roll)
