"""The piece of work that a command does: kept when it ends well, undone otherwise."""

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from typing import IO, NoReturn

import click
from flask import current_app
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from webapp.cli import database_faults, signals
from webapp.rules.moments import paris_date
from webapp.rules.typography import french
from webapp.services.kernel.work import COMMAND, Work
from webapp.services.roll.report import RollRefused

WORK_KEPT = "portal.work_kept"  # in the context: something of this command is committed


class CommandFault(click.ClickException):
    """A sentence for the operator, exit code 1."""

    def show(self, file: IO[str] | None = None) -> None:
        """The sentence as it is, on the error output."""
        tell(self.message, err=True)


def tell(sentence: str, *, err: bool = False) -> None:
    """Print with the unbreakable spaces of French typography, so that sources stay readable.

    Nobody may be there to read, or no room to write: what the command does is not undone by that.
    """
    try:
        click.echo(french(sentence), err=err)
    except OSError as error:
        _turn_away(sys.stderr if err else sys.stdout, nobody_reads=error.errno == errno.EPIPE)


def stop(sentence: str, *, code: int = 1) -> NoReturn:
    """End the command with one sentence."""
    tell(sentence, err=True)
    raise click.exceptions.Exit(code)


def public_url() -> str:
    """The portal's address, as letters tell it."""
    return str(current_app.extensions["portal_settings"].public_url)


def today() -> date:
    """The day in Paris."""
    _, world = current_app.extensions["portal"]
    told: date = paris_date(world.clock.now())
    return told


@contextmanager
def command_work(*, reading: bool = False) -> Iterator[Work]:
    """A work for a command. A database that does not answer ends it with a clear line, and so does
    one that is busy with an import."""
    engine, world = current_app.extensions["portal"]
    work = Work(engine, world, origin=COMMAND, reading=reading)
    try:
        try:
            yield work
        except BaseException:
            work.close(commit=False)
            raise
        if reading:
            work.close(commit=False)
        else:
            _commit(work)
    except SQLAlchemyError as error:
        if ended := _told_to_end(error):
            raise ended from None
        what, advice = database_faults.told(error)
        raise CommandFault(
            f"La base de données {what}. Rien n’a été changé. {advice}, puis relancez la commande."
        ) from error
    except RollRefused as refused:
        if refused.key != "busy":
            raise
        raise CommandFault(
            "La base de données est occupée, sans doute par un import. Rien n’a été changé : "
            "attendez qu’il soit fini, puis relancez la commande."
        ) from refused


def _told_to_end(error: BaseException) -> KeyboardInterrupt | None:
    """What told the command to end, where it left the database in the middle of a statement: the
    error is what came of that."""
    behind = error.__context__
    while behind is not None and not isinstance(behind, KeyboardInterrupt):
        behind = behind.__context__
    return behind


def _commit(work: Work) -> None:
    try:
        with committing():
            work.close(commit=True)
    except DBAPIError as error:
        if not error.connection_invalidated:
            raise
        raise CommandFault(
            "La liaison avec la base a été coupée pendant la validation : ce qui était demandé est "
            "fait, ou rien ne l’est. Relancez la commande, elle peut l’être sans risque."
        ) from error


@contextmanager
def committing() -> Iterator[None]:
    """While this lasts Ctrl+C and its like come too late."""
    with signals.unheard():
        yield
        if context := click.get_current_context(silent=True):
            context.meta[WORK_KEPT] = True


def _turn_away(stream: IO[str], *, nobody_reads: bool) -> None:
    """What is left for that stream, the sentence that failed first, goes to the error output, or
    nowhere: else Python would complain at the end."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        lost = nobody_reads or stream is sys.stderr
        os.dup2(nowhere if lost else sys.stderr.fileno(), stream.fileno())
        os.close(nowhere)
        stream.flush()
