"""What a command asks before it acts on somebody: is it them, and why."""

import sys
from typing import NoReturn

import click

from webapp.cli.work import stop, tell
from webapp.rules import credentials

LONGEST_REASON = 200
_YES = {"o", "oui", "y", "yes"}


def go_on(question: str, *, yes: bool) -> None:
    """Ends the command, nothing done, unless the operator agrees; `yes` agrees beforehand.

    Exit code 2 where nobody can be asked, 1 for a no.
    """
    if yes:
        return
    if not sys.stdin.isatty():
        before(
            "Cette commande demande une confirmation, et personne n’est là pour répondre. Rien n’a "
            "été changé. Dans un script, ajoutez --yes."
        )
    tell(f"{question} [o/N]")
    try:
        answer = sys.stdin.readline()
    except KeyboardInterrupt:
        answer = ""
    if answer.strip().lower() not in _YES:
        stop("Rien n’a été changé.")


def reason(_context: click.Context, _option: click.Parameter, text: str | None) -> str:
    """Callback of `--reason`: what is kept of it, "" for none."""
    kept = (text or "").strip()
    if len(kept) > LONGEST_REASON or credentials.has_control_characters(kept):
        before(
            f"Le motif (--reason) tient en une ligne de {LONGEST_REASON} signes au plus. Rien n’a "
            "été changé. Raccourcissez-le."
        )
    return kept


def before(sentence: str) -> NoReturn:
    """End the command with one sentence, before anything was tried: exit code 2."""
    tell(sentence, err=True)
    raise click.exceptions.Exit(2)
