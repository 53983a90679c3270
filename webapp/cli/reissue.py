"""`flask members reissue`: another paper letter for a member."""

from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import click

from webapp.cli import asking
from webapp.cli.commands import PortalCommand
from webapp.cli.letters_csv import (
    CommitLost,
    LettersFault,
    LettersFile,
    publish_and_commit,
    refuse_existing,
)
from webapp.cli.work import command_work, public_url, stop, tell
from webapp.rules import credentials, lifetimes
from webapp.rules.moments import day
from webapp.rules.roll_file import shown
from webapp.rules.statuses import DECEASED, LEFT, NO_LETTER, REFUSED
from webapp.services.letters import reissue as service
from webapp.services.roll.members import Named, NotOnTheRoll, named


@click.command("reissue", cls=PortalCommand)
@click.argument("numbers", nargs=-1, required=True, metavar="NUMÉRO...")
@click.option(
    "--letters",
    required=True,
    type=click.Path(path_type=Path),
    metavar="FICHIER",
    help="Fichier CSV à créer pour les codes d’accès nouveaux, à imprimer.",
)
@click.option(
    "--reason",
    default="",
    callback=asking.reason,
    metavar="TEXTE",
    help="Motif, gardé au journal.",
)
@click.option("--yes", is_flag=True, help="Ne pas demander de confirmation (scripts).")
def command(numbers: tuple[str, ...], letters: Path, reason: str, yes: bool) -> None:
    """Refait le courrier d’un ou plusieurs adhérents.

    Leur ancien code ne marche plus, le nouveau n’est que dans le fichier à imprimer.
    """
    keys = list(dict.fromkeys(key_of(number) for number in numbers))
    try:
        refuse_existing(letters)
        with command_work(reading=True) as work:
            members = named(work, keys)
        if unsent := [each for each in members if each.status in NO_LETTER]:
            _refuse(unsent[0].number, unsent[0].status)
        asking.go_on(_question(members), yes=yes, about=[_line(each) for each in members])
        with LettersFile(letters, public_url()) as box, command_work() as work:
            service.reissue(work, keys, deliver=box.add, reason=reason)
            publish_and_commit(work, box)
            last_day = day(work.now + lifetimes.ACCESS_CODE)
    except LettersFault as fault:
        stop(str(fault))
    except NotOnTheRoll as unknown:
        stop(
            f"Aucun adhérent n’a le numéro « {unknown.number_key} ». Rien n’a été changé. "
            "Vérifiez ce numéro, ou importez d’abord le fichier des adhérents."
        )
    except service.GetsNoLetter as member:
        _refuse(member.number_key, member.status)
    except CommitLost:
        stop(
            "La liaison avec la base a été coupée pendant la validation. Supprimez "
            f"« {click.format_filename(letters)} » et relancez la commande : les courriers "
            "qu’elle fera alors remplaceront ceux-ci."
        )
    tell(
        f"Courriers refaits : {len(keys)}, dans « {click.format_filename(letters)} », valables "
        f"jusqu’au {last_day}. Les anciens codes ne marchent plus. Ce fichier contient des codes "
        "d’accès : remettez-le à l’imprimeur, puis supprimez-le."
    )


def _refuse(number: str, status: str) -> NoReturn:
    why = {LEFT: "est parti", DECEASED: "est décédé", REFUSED: "refuse l’espace en ligne"}
    stop(
        f"Selon le fichier, l’adhérent {shown(number)} {why[status]} : aucun courrier. Rien n’a "
        "été changé. Si c’est une erreur, importez d’abord sa ligne avec le statut « actif »."
    )


def key_of(number: str) -> str:
    """The number as the roll has it; ends the command when it can't be one."""
    key = credentials.member_number(number)
    if key is None:
        stop(
            f"« {shown(number)} » n’est pas un numéro d’adhérent. Rien n’a été changé. Donnez des "
            "chiffres et des lettres, comme sur le courrier."
        )
    return key


def _question(members: Sequence[Named]) -> str:
    whom = "cet adhérent" if len(members) == 1 else f"ces {len(members)} adhérents"
    return f"Refaire le courrier de {whom} ? L’ancien code ne marchera plus."


def _line(member: Named) -> str:
    return f"{shown(member.number)} : {shown(member.names, 120) or 'nom non renseigné'}"
