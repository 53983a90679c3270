"""`flask mail bounces`: read the reports of mails that could not be delivered."""

import sys
from collections import Counter
from collections.abc import Callable
from itertools import islice

import click
from flask import current_app

from webapp.cli.commands import PortalCommand
from webapp.cli.work import CommandFault, command_work, stop, tell
from webapp.rules import delivery_reports
from webapp.services.kernel.work import Work
from webapp.services.mail import bounces
from webapp.services.mail.bounces import Message, Noted, ReportSource, SourceFault

_AT_ONCE = 100  # messages a transaction
_UNREADABLE = "unreadable"


@click.command("bounces", cls=PortalCommand)
@click.argument("source", metavar="SOURCE")
@click.option("--all", "again", is_flag=True, help="Relire aussi les messages déjà lus (IMAP).")
@click.option("--delete", is_flag=True, help="Supprimer les avis notés (IMAP, dossier).")
def command(source: str, again: bool, delete: bool) -> None:
    """Note les mails revenus, d’après les avis de non-remise de SOURCE.

    SOURCE : imaps://compte@serveur/DOSSIER (mot de passe : MAIL_BOUNCES_PASSWORD, sinon demandé),
    un mbox, un dossier de .eml ou un Maildir.
    """
    opens: Callable[..., ReportSource] = current_app.extensions["portal_bounces"]
    try:
        box = opens(source, again=again, ask=_ask)
        try:
            if delete and not box.can_delete:
                stop("--delete ne vaut pas pour un mbox : rien n’a été lu.", code=2)
            told = _read(box, delete=delete)
        finally:
            box.close()
    except SourceFault as fault:
        raise CommandFault(str(fault)) from fault
    tell(_summary(told))


def _read(box: ReportSource, *, delete: bool) -> Counter[str]:
    """Note all, some at a time: nothing is marked as read before it is committed."""
    told: Counter[str] = Counter()
    messages = box.messages()
    while some := list(islice(messages, _AT_ONCE)):
        with command_work() as work:
            noted = [(message.key, _note(work, message)) for message in some]
        told.update(what for _, what in noted)
        ours = [key for key, what in noted if what not in (Noted.FOREIGN.value, _UNREADABLE)]
        box.done(ours, delete=delete)
    return told


def _note(work: Work, message: Message) -> str:
    try:
        report = delivery_reports.read(message.raw)
    except ValueError:
        return _UNREADABLE
    noted = bounces.note(work, report) if report else Noted.FOREIGN
    return report.outcome.value if report and noted is Noted.NEW else noted.value


def _summary(told: Counter[str]) -> str:
    return (
        f"{told.total()} message(s) lu(s) : {told['failed']} mail(s) revenu(s), "
        f"{told['delayed']} en retard, {told['delivered']} remis, {told['known']} déjà noté(s), "
        f"{told['foreign']} sans rapport avec nos mails, {told[_UNREADABLE]} illisible(s)."
    )


def _ask(user: str) -> str:
    if not sys.stdin.isatty():
        stop("Il manque le mot de passe de la boîte : MAIL_BOUNCES_PASSWORD.", code=2)
    password: str = click.prompt(f"Mot de passe de {user}", hide_input=True, err=True)
    return password
