"""`flask members reissue`: another paper letter for a member."""

from contextlib import ExitStack
from pathlib import Path

import click

from webapp.cli.commands import PortalCommand
from webapp.cli.letters_csv import CommitLost, LettersFault, LettersFile, keep
from webapp.cli.work import command_work, stop, tell
from webapp.rules import credentials, lifetimes
from webapp.rules.moments import day
from webapp.rules.roll_file import shown
from webapp.services import reissue as service
from webapp.services.reissue import NotOnTheRoll
from webapp.services.roll_report import NewLetter, RollRefused


@click.command("reissue", cls=PortalCommand)
@click.argument("numbers", nargs=-1, required=True, metavar="NUMBER...")
@click.option(
    "--letters",
    type=click.Path(path_type=Path),
    help="Fichier CSV à créer pour les codes d’accès nouveaux, à imprimer.",
)
def command(numbers: tuple[str, ...], letters: Path | None) -> None:
    """Refait le courrier d’un ou plusieurs adhérents : leur ancien code ne marche plus."""
    keys = [key_of(number) for number in numbers]
    made: list[NewLetter] = []
    try:
        with ExitStack() as open_files:
            box = open_files.enter_context(LettersFile(letters)) if letters else None
            with command_work() as work:
                service.reissue(work, keys, deliver=box.add if box else made.append)
                keep(work, box)
                last_day = day(work.now + lifetimes.ACCESS_CODE)
    except LettersFault as fault:
        stop(str(fault))
    except NotOnTheRoll as unknown:
        stop(
            f"Aucun adhérent n’a le numéro « {unknown.number_key} ». Rien n’a été changé. "
            "Vérifiez ce numéro, ou importez d’abord le fichier des adhérents."
        )
    except RollRefused:
        stop(
            "La base de données est occupée, sans doute par un import. Rien n’a été changé : "
            "attendez qu’il soit fini, puis relancez la commande."
        )
    except CommitLost:
        stop(
            "La liaison avec la base a été coupée pendant la validation. Supprimez "
            f"« {click.format_filename(letters or '')} » et relancez la commande : les courriers "
            "qu’elle fera alors remplaceront ceux-ci."
        )
    _summarise(made, len(set(keys)), letters, last_day)


def key_of(number: str) -> str:
    """The number as the roll has it; ends the command when it can't be one."""
    key = credentials.member_number(number)
    if key is None:
        stop(
            f"« {shown(number)} » n’est pas un numéro d’adhérent. Rien n’a été changé. Donnez des "
            "chiffres et des lettres, comme sur le courrier."
        )
    return key


def _summarise(made: list[NewLetter], count: int, letters: Path | None, last_day: str) -> None:
    if letters is not None:
        tell(
            f"Courriers refaits : {count}, dans « {click.format_filename(letters)} », valables "
            f"jusqu’au {last_day}. Ce fichier contient des codes d’accès : remettez-le à "
            "l’imprimeur, puis supprimez-le."
        )
        return
    for letter in made:
        names = " ".join(filter(None, (letter.civility, letter.first_name, letter.last_name)))
        tell(f"Numéro d’adhérent : {letter.number}\nAdhérent : {names or 'nom non renseigné'}")
        tell(f"Code d’accès : {credentials.grouped(letter.access_code)}\n")
    tell(
        f"Valable jusqu’au {last_day}. L’ancien code ne marche plus. Recopiez le nouveau dans le "
        "courrier maintenant : il ne s’affichera nulle part ailleurs, et jamais plus."
    )
