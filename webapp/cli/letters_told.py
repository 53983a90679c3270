"""What `flask letters` says to who runs it."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import NoReturn

import click
from sqlalchemy.exc import SQLAlchemyError

from webapp.cli import database_faults
from webapp.cli.letters_files import Extent, Written
from webapp.cli.work import command_work, stop, tell
from webapp.rules import disk_faults, letters
from webapp.rules.moments import day
from webapp.rules.roll_guards import grouped
from webapp.rules.roll_values import shown
from webapp.services.letters import batches
from webapp.services.letters.batches import Batch, BatchRefused
from webapp.services.letters.choosing import LeftOut
from webapp.services.letters.sheets import PressFault

_SHOWN = 20


def many(count: int, one: str = "courrier", several: str = "courriers") -> str:
    """« 1 courrier », « 80 000 courriers »."""
    return f"{grouped(count)} {several if count > 1 else one}"


def refuse(refusal: BatchRefused, lot: int | None = None) -> NoReturn:
    """End the command: what was asked of the batch can't be."""
    stop(refused(refusal, lot))


def stop_unprintable(fault: PressFault) -> NoReturn:
    """End the command, before anything was done: no letter can be printed so."""
    stop(f"{fault} Rien n’a été changé. Corrigez cela, puis relancez la commande.")


def refused(refusal: BatchRefused, lot: int | None) -> str:
    """Why, and what to do."""
    return _REFUSED[refusal.key].format(lot=lot, **_in_french(refusal.facts))


def skipped(counts: Mapping[str, int]) -> str:
    """Who gets no letter: a sentence, "" when everybody does."""
    told = [f"{words} ({counts[key]})" for key, words in letters.SKIPPED.items() if key in counts]
    return f"Sans courrier : {', '.join(told)}." if told else ""


def left_out(members: Sequence[LeftOut], file: str = "") -> None:
    """Whose letter would be cut, and where all of them stand."""
    if not members:
        return
    tell("Leur courrier serait coupé ou illisible, il n’est pas imprimé :", err=True)
    for each in members[:_SHOWN]:
        tell(f"  {shown(each.number)} : {shown(each.reason, 200)}", err=True)
    if len(members) > _SHOWN:
        tell(f"  … et {grouped(len(members) - _SHOWN)} de plus.", err=True)
    where = f"Tous sont dans « {file} ». " if file else ""
    tell(f"{where}Corrigez leur ligne dans le fichier, importez-le, refaites un lot.", err=True)


def written(extent: Extent, done: Written, out: Path, *, encrypted: bool) -> str:
    """The files in place, and what to do with them."""
    pdfs = many(done.pdfs, "fichier PDF", "fichiers PDF")
    lot, place = extent.batch.id, click.format_filename(out)
    kept = (
        "Ils sont chiffrés : le destinataire seul peut les lire."
        if encrypted
        else "Ces fichiers contiennent des codes d’accès : remettez-les à l’imprimeur, puis "
        "supprimez-les."
    )
    return (
        f"Lot {lot} : {many(done.letters)} dans {pdfs}, leur liste et le manifeste, dans "
        f"« {place} ». {kept}"
    )


def dead(batch: Batch, counted: Mapping[str, int]) -> str:
    """How many letters of a batch open nothing any more; "" when all do. `counted`: its letters by
    state."""
    if batch.trial:
        return ""
    lost = gone(batch, counted) + counted[letters.VOID] + counted[letters.RETURNED]
    if not lost:
        return ""
    return (
        f"Courriers du lot {batch.id} qui ne valent plus rien (remplacés, revenus, ou d’adhérents "
        f"retirés du fichier) : {lost} sur {grouped(batch.letters)}. « flask letters list --lot "
        f"{batch.id} --csv FICHIER » donne l’état de chacun."
    )


def gone(batch: Batch, counted: Mapping[str, int]) -> int:
    """How many letters of a batch are of members who were taken off the roll since."""
    return 0 if batch.trial else batch.letters - sum(counted.values())


def compare(batch: Batch, done: Written, recipe: str) -> None:
    """Whether the files are the first ones to the byte; nothing where none were noted."""
    if not batch.files:
        return
    if list(done.clear) == [dict(each) for each in batch.files]:
        tell("Ce sont les mêmes fichiers que la première fois, à l’octet près.")
        return
    cause = (
        "la mise en page, ses textes ou l’adresse du portail ont changé depuis"
        if recipe != batch.recipe
        else "des adhérents ont été retirés du fichier depuis"
    )
    tell(f"Ces fichiers diffèrent des premiers : {cause}. Les codes sont les mêmes.", err=True)


def unprinted() -> None:
    """Batches that a killed command left without files: nobody else would tell of them."""
    with command_work(reading=True) as work:
        for lot in batches.unprinted(work):
            tell(
                f"Le lot {lot} est fait, ses fichiers ne sont pas encore écrits. Si aucune autre "
                f"commande ne les écrit : flask letters print {lot} --out DOSSIER.",
                err=True,
            )


def why(fault: BaseException) -> str:
    """What kept files from being written, in a few words."""
    if isinstance(fault, SQLAlchemyError):
        return f"la base de données {database_faults.told(fault)[0]}"
    if isinstance(fault, KeyboardInterrupt):
        return "la commande a été interrompue"
    if isinstance(fault, OSError):
        name = f"« {click.format_filename(fault.filename)} » : " if fault.filename else ""
        return f"{name}{disk_faults.reason(fault)}"
    return str(fault).rstrip(".")


def _in_french(facts: Mapping[str, object]) -> dict[str, object]:
    return {name: day(each) if isinstance(each, date) else each for name, each in facts.items()}


_REFUSED = {
    "unknown": "Il n’y a pas de lot {lot}. Rien n’a été changé. « flask letters list » les donne.",
    "posted": (
        "Le lot {lot} est posté : ses codes ne sont plus gardés, il ne peut être ni réimprimé ni "
        "posté de nouveau. Rien n’a été changé. Pour qui n’a rien reçu, faites un nouveau "
        "courrier : flask letters make --numbers FICHIER --out DOSSIER."
    ),
    "too_late": (
        "Ce jour n’est pas encore venu : rien n’a été changé. Dites que le lot {lot} est posté une "
        "fois qu’il l’est."
    ),
    "too_early": (
        "Le lot {lot} a été fait le {on}, il n’a pas pu être posté avant. Rien n’a été changé. "
        "Vérifiez le jour et le numéro du lot."
    ),
    "emptied": (
        "Les adhérents des courriers {first} à {last} du lot {lot} ont été retirés du fichier "
        "depuis : aucun n’est plus à imprimer. Rien n’a été changé. Détruisez ce qui l’est déjà."
    ),
    "no_letter": (
        "Les courriers du lot {lot} vont de 1 à {letters} : aucun n’est dans ce que vous demandez. "
        "Rien n’a été changé. Donnez --from et --to entre ces deux nombres, le plus petit d’abord."
    ),
    "over": (
        "Le jour imprimé sur les courriers du lot {lot} est passé : ses codes ne sont plus gardés, "
        "il ne peut plus être imprimé. Rien n’a été changé. Faites un nouveau lot : "
        "flask letters make --expired --out DOSSIER."
    ),
    "sealed": (
        "Les codes du lot {lot} ont été scellés avec une autre SECRET_KEY. Rien n’a été changé. "
        "Ajoutez-la à SECRET_KEY_FALLBACKS (docs/decisions/keys.md), puis relancez la commande."
    ),
}
