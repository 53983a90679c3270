"""What a command asks before it acts on somebody: is it them, and why."""

import sys
from collections.abc import Callable, Sequence
from typing import Any, NoReturn, TypeVar

import click

from webapp.cli.work import stop, tell
from webapp.rules import credentials
from webapp.rules.typography import french

LONGEST_REASON = 200
Command = TypeVar("Command", bound=Callable[..., Any])
_YES = {"o", "oui", "y", "yes"}


def go_on(question: str, *, yes: bool, about: Sequence[str] = ()) -> None:
    """Ends the command, nothing done, unless the operator agrees; `yes` agrees beforehand.

    `about`: whom the question is about, a line each. Exit code 2 where nobody can be asked, 1 for
    a no.
    """
    if yes:
        return
    if not (sys.stdin and sys.stdin.isatty()):  # None: a process without any input (« <&- »)
        before(
            "Cette commande demande une confirmation, et personne n’est là pour répondre. Rien n’a "
            "été changé. Dans un script, ajoutez --yes."
        )
    for line in about:
        tell(line, err=True)
    asked = french(f"{question} [o/N]")
    answer = click.prompt(asked, default="", show_default=False, prompt_suffix=" ", err=True)
    if answer.strip().casefold() not in _YES:
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


def with_yes(command: Command) -> Command:
    """The option that agrees beforehand, for `go_on`."""
    text = "Ne pas demander de confirmation (scripts)."
    return click.option("--yes", is_flag=True, help=text)(command)


def with_reason(told: str = "Motif, gardé au journal.") -> Callable[[Command], Command]:
    """The option for the operator's words, "" without any."""
    return click.option("--reason", default="", callback=reason, metavar="TEXTE", help=told)


def before(sentence: str) -> NoReturn:
    """End the command with one sentence, before anything was tried: exit code 2."""
    stop(sentence, code=2)
