"""`flask members imports` and `flask members undo`: what was imported, one import taken back."""

from collections.abc import Sequence
from typing import NoReturn

import click

from webapp.cli import asking, lines
from webapp.cli.commands import PortalCommand
from webapp.cli.lines import Field
from webapp.cli.operator import operator
from webapp.cli.work import command_work, stop, tell
from webapp.rules import lifetimes
from webapp.rules.moments import moment
from webapp.rules.roll_values import shown
from webapp.services.roll import imports, undo
from webapp.services.roll.conflicts import Conflict
from webapp.services.roll.imports import Kept
from webapp.services.roll.undo import Undoing, UndoRefused

_DAYS = lifetimes.in_words(lifetimes.ROLL_UNDO)
_COUNTS = {
    "added": ("ajouté", "ajoutés"),
    "changed": ("modifié", "modifiés"),
    "unchanged": ("inchangé", "inchangés"),
    "bad": ("ligne en erreur", "lignes en erreur"),
    "marked": ("noté parti", "notés partis"),
    "letters": ("lettre", "lettres"),
}
_ALWAYS = ("added", "changed", "unchanged")
AGAINST = {
    "later": ("changé aussi par un import plus récent", "changés aussi par un import plus récent"),
    "reissued": (
        "dont le courrier a été refait depuis",
        "dont le courrier a été refait depuis",
    ),
    "posted": (
        "dont le courrier est déjà parti",
        "dont le courrier est déjà parti",
    ),
    "space": (
        "a déjà ouvert son espace avec le code de cet import",
        "ont déjà ouvert leur espace avec le code de cet import",
    ),
    "registration": (
        "a une inscription en cours avec le code de cet import",
        "ont une inscription en cours avec le code de cet import",
    ),
}
_INSTEAD = (
    "Corrigez plutôt le fichier et importez-le de nouveau : un import ne touche jamais un espace."
)


@click.command("imports", cls=PortalCommand)
def list_imports() -> None:
    """Montre les imports du fichier des adhérents des 30 derniers jours."""
    with command_work(reading=True) as work:
        found = imports.recent(work)
    if not found:
        tell(
            f"Aucun import du fichier des adhérents depuis {_DAYS}. "
            "Pour en faire un : flask members import FICHIER."
        )
        return
    for each in found:
        tell("\n".join([f"Import {each.id}", *lines.told(_fields(each))]))
    if any(each.undone_at is None for each in found):
        tell("Pour en annuler un : flask members undo suivi de son numéro.")


@click.command("undo", cls=PortalCommand)
@click.argument("number", metavar="NUMÉRO")
@asking.with_yes
@asking.with_reason()
def undo_import(number: str, yes: bool, reason: str) -> None:
    """Annule un import : remet ce qu’il a modifié, retire ce qu’il a ajouté, tout ou rien.

    « flask members imports » donne les numéros.
    """
    import_id = _import_id(number)
    try:
        with command_work(reading=True) as work:
            planned = undo.plan(work, import_id)
        about = [f"Import {import_id}", *lines.told(_fields(planned.what))]
        asking.go_on(f"Annuler cet import ? {_promise(planned)}", yes=yes, about=about)
        with command_work() as work:
            done = undo.undo(work, import_id, operator=operator(), reason=reason)
    except UndoRefused as refusal:
        _refuse(import_id, refusal)
    tell(f"Import {import_id} annulé. {_account(done)}")
    if done.removed or done.what.counts.get("letters"):
        lots = ", ".join(map(str, done.batches))
        which = f" (lot {lots}, avec ceux d’autres adhérents peut-être)" if lots else ""
        tell(
            "Les codes d’accès donnés par cet import n’ouvrent plus rien : détruisez ses "
            f"courriers{which} s’ils ne sont pas partis. Les courriers d’avant valent de nouveau, "
            "jusqu’à leur date."
        )


def _import_id(number: str) -> int:
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        stop(
            f"« {shown(number)} » n’est pas le numéro d’un import. Rien n’a été changé. "
            "« flask members imports » donne les numéros.",
            code=2,
        )
    return int(number)


def _fields(kept: Kept) -> list[Field]:
    done = [
        _many(kept.counts.get(name, 0), *words)
        for name, words in _COUNTS.items()
        if name in _ALWAYS or kept.counts.get(name)
    ]
    undone = f"le {moment(kept.undone_at)}, par {kept.undone_by}" if kept.undone_at else ""
    return [
        ("Date", moment(kept.at)),
        ("Fichier", kept.file_name),
        ("Opérateur", kept.operator),
        ("Adhérents", ", ".join(done)),
        ("Accepté", ", ".join(kept.accepted)),
        ("Annulé", undone),
    ]


def _many(count: int, one: str, several: str) -> str:
    return f"{count}\u00a0{several if count > 1 else one}"


def _promise(planned: Undoing) -> str:
    return (
        f"Remet {_many(planned.restored, 'adhérent', 'adhérents')} comme avant, "
        f"retire {_many(planned.removed, 'ajouté', 'ajoutés')}."
    )


def _account(done: Undoing) -> str:
    return f"Adhérents remis comme avant : {done.restored}, retirés : {done.removed}."


def _refuse(import_id: int, refusal: UndoRefused) -> NoReturn:
    for conflict in refusal.conflicts:
        tell(_reason(conflict), err=True)
    stop(f"Rien n’a été changé. {_advice(import_id, refusal)}")


def _reason(conflict: Conflict) -> str:
    one, several = AGAINST[conflict.key]
    examples = ", ".join(map(shown, conflict.numbers))
    more = ", …" if conflict.count > len(conflict.numbers) else ""
    return f"{_many(conflict.count, f'adhérent {one}', f'adhérents {several}')} : {examples}{more}."


def _advice(import_id: int, refusal: UndoRefused) -> str:
    if refusal.found is None:
        return (
            f"Il n’y a pas d’import {import_id} : « flask members imports » montre ceux qui "
            "peuvent être annulés."
        )
    if refusal.found.undone_at is not None:
        return f"L’import {import_id} est déjà annulé, depuis le {moment(refusal.found.undone_at)}."
    if refusal.key == "too_old":
        return (
            f"L’import {import_id} a plus de {_DAYS} : ce que disait le fichier avant lui n’est "
            f"plus gardé. {_INSTEAD}"
        )
    return _first(refusal.conflicts) or _INSTEAD


def _first(conflicts: Sequence[Conflict]) -> str:
    """The imports to undo first, when nothing else stands in the way."""
    if [each.key for each in conflicts] != ["later"]:
        return ""
    in_order = ", puis ".join(f"flask members undo {each}" for each in conflicts[0].imports)
    return f"Annulez d’abord ce qui a suivi : {in_order}."
