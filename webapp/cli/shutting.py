"""`flask members sign-out`: end what is open in a member's name."""

from collections.abc import Sequence

import click

from webapp.cli import asking, whom
from webapp.cli.commands import PortalCommand
from webapp.cli.work import command_work, tell
from webapp.rules.moments import moment
from webapp.rules.roll_values import shown
from webapp.services.account import sign_out_everywhere
from webapp.services.account.sign_out_everywhere import Reached
from webapp.services.roll.members import NotOnTheRoll
from webapp.services.sign_in.recent_factors import RecentStep

_KINDS = {
    "passkey": "clé d’accès, ajoutée",
    "app": "application d’authentification, ajoutée",
    "codes": "codes de secours, faits",
}


@click.command("sign-out", cls=PortalCommand)
@click.argument("numbers", nargs=-1, required=True, metavar="NUMÉRO...")
@asking.with_yes
@asking.with_reason("Motif, gardé au journal : l’adhérent peut le lire dans ses données.")
@click.option(
    "--remove-recent-steps",
    is_flag=True,
    help="Retirer aussi les deuxièmes étapes plus jeunes que la dernière connexion sûre.",
)
def command(numbers: tuple[str, ...], yes: bool, reason: str, remove_recent_steps: bool) -> None:
    """Ferme toutes les connexions d’un ou plusieurs adhérents et oublie leurs appareils."""
    typed = whom.numbers(numbers)
    try:
        with command_work(reading=True) as work:
            members = sign_out_everywhere.reached(work, typed)
        for line in (line for each in members for line in _lines(each)):
            tell(line)
        if yes:
            whom.only_exact([each.member for each in members])
        asking.go_on(_question(members, remove_recent_steps), yes=yes)
        exact = [each.member.number for each in members]
        with command_work() as work:
            shut = sign_out_everywhere.shut(work, exact, reason=reason)
            removed = (
                sign_out_everywhere.remove_recent_steps(work, exact) if remove_recent_steps else 0
            )
    except NotOnTheRoll as unknown:
        whom.unknown(unknown, "Vérifiez ce numéro.")
    tell(f"Adhérents déconnectés partout : {shut}. Leurs appareils de confiance sont oubliés.")
    if without := len(members) - shut:
        tell(f"Sans espace, donc sans connexion : {without}.")
    _tell_of_steps(members, removed, remove_recent_steps)


def _lines(reached: Reached) -> list[str]:
    beside = "" if reached.has_space else " (sans espace)"
    others = [
        f"  Partage son espace, déconnecté aussi : {shown(each.number)}, {shown(each.name, 120)}"
        for each in reached.others
    ]
    steps = [f"  Deuxième étape récente : {_words(step)}" for step in reached.recent]
    return [f"{whom.line(reached.member)}{beside}", *others, *steps]


def _words(step: RecentStep) -> str:
    """Without the name that whoever added it chose: it may be made to mislead."""
    return f"{_KINDS[step.kind]} le {moment(step.at)}" if step.at else _KINDS[step.kind]


def _question(members: Sequence[Reached], remove: bool) -> str:
    steps = ", retirer les deuxièmes étapes récentes" if remove else ""
    return (
        f"Fermer toutes les connexions de {whom.these(members)}{steps} et oublier les appareils ?"
    )


def _tell_of_steps(members: Sequence[Reached], removed: int, remove: bool) -> None:
    if remove:
        tell(f"Deuxièmes étapes récentes retirées : {removed}.")
    elif left := sum(len(each.recent) for each in members):
        tell(
            f"Deuxièmes étapes récentes laissées en place : {left}. L’adhérent n’en reconnaît pas "
            "une ? Relancez la commande avec --remove-recent-steps."
        )
