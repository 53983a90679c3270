"""What an operator types after a command's name: numbers of batches, counts and days."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import click

from webapp.cli import asking
from webapp.rules.roll_guards import grouped
from webapp.rules.roll_values import shown


class Place(click.Path):
    """A path; an empty one, as of a variable that nobody set, would be the folder at hand."""

    def __init__(self, **bounds: bool):
        super().__init__(path_type=Path, **bounds)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """click's, but for what is empty, and in French."""
        if not str(value).strip():
            name = param.opts[0] if isinstance(param, click.Option) else param and param.metavar
            asking.before(f"{name} est vide. Rien n’a été changé. Donnez un chemin.")
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            name = click.format_filename(value)
            asking.before(
                f"« {name} » n’existe pas, ou n’est pas un fichier qui se lit. Rien n’a été "
                "changé. Vérifiez le chemin donné."
            )


PLACE = Place()
_MOST = 18  # digits that every database holds


def lot(_context: click.Context, _argument: click.Parameter, text: str | None) -> int | None:
    """Callback: the number of a batch."""
    if text is None:
        return None
    if not _is_whole(text):
        asking.before(
            f"« {shown(text)} » n’est pas le numéro d’un lot. Rien n’a été changé. "
            "« flask letters list » les donne."
        )
    return int(text)


def count(option: str, what: str, most: int | None = None) -> Callable[..., int | None]:
    """Callback of an option: so many of something, one at least and `most` at most."""
    bounds = "1 ou plus" if most is None else f"de 1 à {grouped(most)}"

    def read(_context: click.Context, _option: click.Parameter, text: str | None) -> int | None:
        if text is not None and not _is_between(text, most):
            asking.before(
                f"{option} « {shown(text)} » n’est pas {what} : donnez un nombre entier, "
                f"{bounds}. Rien n’a été changé."
            )
        return None if text is None else int(text)

    return read


def day(_context: click.Context, _option: click.Parameter, text: str | None) -> date | None:
    """Callback: a day, AAAA-MM-JJ."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        asking.before(
            f"« {shown(text)} » n’est pas un jour. Rien n’a été changé. Écrivez-le AAAA-MM-JJ, par "
            "exemple 2026-12-01."
        )


def _is_between(text: str, most: int | None) -> bool:
    return _is_whole(text) and int(text) >= 1 and (most is None or int(text) <= most)


def _is_whole(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _MOST
