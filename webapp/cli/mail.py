"""`flask mail`: send the outbox from a process of its own, try the relay, read what came back."""

import signal
from collections.abc import Callable, Iterator
from types import FrameType

import click
from flask import current_app

from webapp.cli import bounces, signals
from webapp.cli.commands import PortalGroup
from webapp.cli.work import CommandFault, command_work, stop, tell
from webapp.rules import credentials
from webapp.services.kernel.world import ClaimedMail
from webapp.services.mail import trial
from webapp.services.mail.trial import TrialRefused

group = PortalGroup("mail", help="Les mails : les envoyer, essayer le relais, noter les retours.")
group.add_command(bounces.command)


@group.command("worker")
def worker() -> None:
    """Envoie les mails en attente, jusqu’à l’arrêt (Ctrl+C ou SIGTERM)."""
    sender = current_app.extensions["portal_sender"]
    current_app.extensions["portal"][1].mails.load()

    def finish(_signal: int, _frame: FrameType | None) -> None:
        sender.stop(timeout=0)

    for each in signals.ENDING:
        signal.signal(each, finish)
    tell("Envoi des mails en cours. Ctrl+C pour arrêter.")
    sender.run()
    tell("Arrêté, le dernier mail est parti.")


@group.command("test")
@click.argument("address", metavar="ADRESSE")
def test(address: str) -> None:
    """Envoie tout de suite un mail d’essai à ADRESSE, et dit chaque étape du dialogue."""
    to = credentials.email(address)
    if to is None:
        stop("Ce n’est pas une adresse e-mail : donnez-en une comme vous@example.org.", code=2)
    tries: Callable[[ClaimedMail], Iterator[str]] | None = current_app.extensions["portal_trial"]
    if tries is None:
        stop("La démonstration n’a pas de relais : ses mails restent dans sa boîte.", code=2)
    with command_work(reading=True) as work:
        claimed = trial.written(work, to)
    try:
        for sentence in tries(claimed):
            tell(sentence)
    except TrialRefused as refusal:
        raise CommandFault(str(refusal)) from refusal
