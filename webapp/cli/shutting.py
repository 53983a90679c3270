"""`flask members sign-out`: end what is open in a member's name."""

import click

from webapp.cli.commands import PortalCommand
from webapp.cli.reissue import key_of
from webapp.cli.work import command_work, stop, tell
from webapp.services import shutting
from webapp.services.reissue import NotOnTheRoll


@click.command("sign-out", cls=PortalCommand)
@click.argument("numbers", nargs=-1, required=True, metavar="NUMBER...")
def command(numbers: tuple[str, ...]) -> None:
    """Ferme toutes les connexions d’un ou plusieurs adhérents et oublie leurs appareils."""
    keys = list(dict.fromkeys(key_of(number) for number in numbers))
    try:
        with command_work() as work:
            shut = shutting.shut(work, keys)
    except NotOnTheRoll as unknown:
        stop(
            f"Aucun adhérent n’a le numéro « {unknown.number_key} ». Rien n’a été changé. "
            "Vérifiez ce numéro."
        )
    tell(f"Adhérents déconnectés partout : {shut}. Leurs appareils de confiance sont oubliés.")
    if without := len(keys) - shut:
        tell(f"Sans espace, donc sans connexion : {without}.")
