"""`flask members show`: one member, for whoever answers the telephone. Nothing is changed, and no
code, no password and no whole e-mail address is shown."""

from typing import NoReturn

import click

from webapp.cli import member_lines
from webapp.cli.commands import PortalCommand
from webapp.cli.reissue import key_of
from webapp.cli.work import command_work, stop, tell
from webapp.rules import credentials
from webapp.rules.roll_file import shown
from webapp.services.desk import member
from webapp.services.roll.near import Near, near


@click.command("show", cls=PortalCommand)
@click.argument("number", metavar="NUMÉRO")
def command(number: str) -> None:
    """Montre un adhérent : fichier, courrier, inscription, espace, mails, attentes, historique."""
    key = key_of(number)
    with command_work(reading=True) as work:
        found = near(work, key)
        exact = [
            each for each in found
            if credentials.identity(each.number) == credentials.identity(number)
        ]  # fmt: skip
        chosen = exact or found
        facts = member.look(work, chosen[0].id) if len(chosen) == 1 else None
        now = work.now
    if facts is None:
        _nobody(number, found)
    if not exact:
        tell(f"Vous avez donné « {shown(number)} ».")
    for line in member_lines.of(facts, now):
        tell(line)


def _nobody(number: str, found: list[Near]) -> NoReturn:
    if found:
        several = ", ".join(
            f"« {shown(each.number)} » ({shown(each.names, 120)})" for each in found
        )
        stop(
            f"« {shown(number)} » peut être le numéro de plusieurs adhérents : {several}. "
            "Donnez-en un tel qu’il est écrit ici."
        )
    stop(
        f"Aucun adhérent n’a le numéro « {shown(number)} ». Vérifiez-le sur le courrier ou la "
        "carte d’adhérent, zéros compris."
    )
