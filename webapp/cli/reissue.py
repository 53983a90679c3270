"""`flask members reissue`: another paper letter for a member."""

from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import click

from webapp.cli import asking, roll_letters, whom
from webapp.cli.commands import PortalCommand
from webapp.cli.letters_csv import (
    LETTERS,
    CommitLost,
    LettersFile,
    publish_and_commit,
)
from webapp.cli.output import OutputFault
from webapp.cli.typed import PLACE
from webapp.cli.work import command_work, stop, tell
from webapp.rules.letters import NOT_AT_THIS_ADDRESS, OF_STATUS
from webapp.rules.moments import day
from webapp.rules.roll_values import shown
from webapp.services.letters import reissue as service
from webapp.services.letters.choosing import GetsNoLetter
from webapp.services.roll.members import Named, NotOnTheRoll, named


@click.command("reissue", cls=PortalCommand)
@click.argument("numbers", nargs=-1, required=True, metavar="NUMÉRO...")
@click.option(
    "--letters",
    required=True,
    type=PLACE,
    metavar="FICHIER",
    help="Fichier CSV à créer pour les codes d’accès nouveaux, à imprimer.",
)
@asking.with_reason()
@asking.with_yes
def command(numbers: tuple[str, ...], letters: Path, reason: str, yes: bool) -> None:
    """Refait le courrier d’un ou plusieurs adhérents.

    Leur ancien code ne marche plus, le nouveau n’est que dans le fichier à imprimer.
    """
    typed = whom.numbers(numbers)
    try:
        LETTERS.refuse_existing(letters)
        with command_work(reading=True) as work:
            members = named(work, typed)
        if unsent := [each for each in members if each.status in OF_STATUS]:
            _refuse(unsent[0].number, OF_STATUS[unsent[0].status])
        if yes:
            whom.only_exact(members)
        asking.go_on(_question(members), yes=yes, about=[whom.line(each) for each in members])
        with LettersFile(letters) as box, command_work() as work:
            exact = [each.number for each in members]
            batch = service.reissue(work, exact, maker=roll_letters.maker(reason))
            roll_letters.write(work, batch, box)
            publish_and_commit(work, box)
    except OutputFault as fault:
        stop(str(fault))
    except NotOnTheRoll as unknown:
        whom.unknown(unknown, whom.IMPORT_FIRST)
    except GetsNoLetter as member:
        _refuse(member.number, member.reason)
    except CommitLost:
        stop(
            "La liaison avec la base a été coupée pendant la validation. Supprimez "
            f"« {click.format_filename(letters)} » et relancez la commande : les courriers "
            "qu’elle fera alors remplaceront ceux-ci."
        )
    tell(
        f"Courriers refaits : {batch.letters}, lot {batch.id}, dans "
        f"« {click.format_filename(letters)} », valables jusqu’au {day(batch.good_until)}. Les "
        "anciens codes ne marchent plus. Ce fichier contient des codes d’accès : remettez-le à "
        "l’imprimeur, puis supprimez-le. Quand ils seront partis, dites-le : flask letters posted "
        f"{batch.id}."
    )


_OF_STATUS = {
    "parti": "est parti", "decede": "est décédé", "refus": "refuse l’espace en ligne",
}  # fmt: skip


def _refuse(number: str, reason: str) -> NoReturn:
    if reason == NOT_AT_THIS_ADDRESS:
        stop(
            f"Le dernier courrier de l’adhérent {shown(number)} est revenu de l’adresse que donne "
            "le fichier : aucun courrier. Rien n’a été changé. Demandez-lui son adresse, et "
            "importez d’abord sa ligne."
        )
    stop(
        f"Selon le fichier, l’adhérent {shown(number)} {_OF_STATUS[reason]} : aucun courrier. Rien "
        "n’a été changé. Si c’est une erreur, importez d’abord sa ligne avec le statut « actif »."
    )


def _question(members: Sequence[Named]) -> str:
    return f"Refaire le courrier de {whom.these(members)} ? L’ancien code ne marchera plus."
