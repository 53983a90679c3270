"""`flask members show`: one member, for whoever answers the telephone. Nothing is changed, and no
code, no password and no whole e-mail address is shown."""

import click

from webapp.cli import member_lines, whom
from webapp.cli.commands import PortalCommand
from webapp.cli.work import command_work, tell
from webapp.rules.roll_values import shown
from webapp.services.desk import member
from webapp.services.roll.members import NotOnTheRoll, id_of, named


@click.command("show", cls=PortalCommand)
@click.argument("number", metavar="NUMÉRO")
def command(number: str) -> None:
    """Montre un adhérent : fichier, courrier, inscription, espace, mails, attentes, historique."""
    typed = whom.numbers((number,))
    try:
        with command_work(reading=True) as work:
            (chosen,) = named(work, typed)
            facts = member.look(work, id_of(work, chosen.number))
            now = work.now
    except NotOnTheRoll as unknown:
        whom.unknown(unknown, "Vérifiez-le sur le courrier ou sur la carte d’adhérent.")
    if chosen.typed:
        tell(f"Vous avez donné « {shown(chosen.typed)} ».")
    for line in member_lines.of(facts, now):
        tell(line)
