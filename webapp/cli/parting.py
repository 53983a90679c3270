"""`flask members part`: take a member out of a space that several share."""

from typing import NoReturn

import click

from webapp.cli import asking, whom
from webapp.cli.commands import PortalCommand
from webapp.cli.work import command_work, stop, tell
from webapp.rules.roll_values import shown
from webapp.services.household import parting
from webapp.services.household.parting import Alone, Reached
from webapp.services.roll.members import NotOnTheRoll


@click.command("part", cls=PortalCommand)
@click.argument("number", metavar="NUMÉRO")
@asking.with_yes
@asking.with_reason("Motif, gardé au journal : les personnes de l’espace peuvent le lire.")
def command(number: str, yes: bool, reason: str) -> None:
    """Retire un adhérent de l’espace qu’il partage avec d’autres, tout de suite."""
    [typed] = whom.numbers([number])
    try:
        with command_work(reading=True) as work:
            found = parting.reached(work, typed)
        tell(whom.line(found.member))
        for each in found.others:
            tell(f"  Partage l’espace avec {shown(each.number)} : {shown(each.name, 120)}")
        if yes:
            whom.only_exact([found.member])
        asking.go_on(_question(found), yes=yes)
        with command_work() as work:
            parting.part(work, found.member.number, reason=reason)
    except NotOnTheRoll as unknown:
        whom.unknown(unknown, "Vérifiez ce numéro.")
    except Alone as member:
        _refuse(member.number)
    tell(
        f"L’adhérent {shown(found.member.number)} n’est plus dans cet espace, qui reste ouvert aux "
        "autres. Son courrier a servi : pour ouvrir un espace à part, il lui en faut un nouveau "
        f"(flask members reissue {shown(found.member.number)})."
    )


def _question(found: Reached) -> str:
    count = len(found.others)
    others = "cette personne" if count == 1 else f"ces {count} personnes"
    return f"Retirer cet adhérent de l’espace qu’il partage avec {others} ?"


def _refuse(number: str) -> NoReturn:
    stop(
        f"L’adhérent {shown(number)} ne partage aucun espace. Rien n’a été changé. Pour fermer ses "
        f"connexions : flask members sign-out {shown(number)}."
    )
