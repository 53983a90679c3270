"""The piece of work that a command does: kept when it ends well, undone otherwise."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any, NoReturn

import click
from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from webapp.rules.typography import french
from webapp.services.work import Work


class CommandFault(click.ClickException):
    """A sentence for the operator, exit code 1."""

    def show(self, file: IO[Any] | None = None) -> None:
        """The sentence as it is, on the error output."""
        click.echo(french(self.message), err=True)


def tell(sentence: str, *, err: bool = False) -> None:
    """Print with the unbreakable spaces of French typography, so that sources stay readable."""
    click.echo(french(sentence), err=err)


def stop(sentence: str) -> NoReturn:
    """End the command with one sentence, exit code 1."""
    tell(sentence, err=True)
    raise click.exceptions.Exit(1)


@contextmanager
def command_work() -> Iterator[Work]:
    """A work for a command. A database that does not answer ends it with a clear line."""
    engine, world = current_app.extensions["portal"]
    work = Work(engine, world, origin="cli")
    keep = False
    try:
        yield work
        keep = True
    except SQLAlchemyError as error:
        raise CommandFault(
            f"La base de données ne répond pas ({type(error).__name__}). Rien n’a été changé. "
            "Vérifiez DATABASE_URL et « flask database upgrade », puis relancez la commande."
        ) from error
    finally:
        work.close(keep=keep)
