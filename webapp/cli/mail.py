"""`flask mail`: send the outbox from a process of its own."""

import signal
from types import FrameType

import click
from flask import current_app
from flask.cli import AppGroup

group = AppGroup("mail", help="Les mails à envoyer.")


@group.command("worker")
def worker() -> None:
    """Envoie les mails en attente, jusqu’à l’arrêt (Ctrl+C ou SIGTERM)."""
    sender = current_app.extensions["portal_sender"]

    def finish(_signal: int, _frame: FrameType | None) -> None:
        sender.stop(timeout=0)

    signal.signal(signal.SIGTERM, finish)
    signal.signal(signal.SIGINT, finish)
    click.echo("Envoi des mails en cours. Ctrl+C pour arrêter.")
    sender.run()
    click.echo("Arrêté, le dernier mail est parti.")
