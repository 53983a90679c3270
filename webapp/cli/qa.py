"""`flask qa`: the procedure played against any deployment, and members to play it with."""

import importlib
from pathlib import Path
from types import ModuleType

import click
from flask import current_app

from webapp.cli import asking, roll_letters, typed
from webapp.cli.commands import PortalGroup
from webapp.cli.letters_csv import CommitLost, LettersFile, publish_and_commit
from webapp.cli.output import Output, OutputFault
from webapp.cli.typed import PLACE, Place
from webapp.cli.work import CommandFault, command_work, stop, tell
from webapp.services.letters.choosing import Choice
from webapp.services.roll import qa_members

group = PortalGroup("qa", help="Les essais guidés et leurs adhérents d’essai.")
members = PortalGroup("members", help="Les adhérents d’essai du fichier.")
group.add_command(members)
MOST = typed.count("--count", "un nombre d’adhérents", 1_000)


@group.command("run", outside=True, with_appcontext=False)
@click.option("--base-url", default="http://127.0.0.1:8000", help="L’adresse du portail.")
@click.option("--procedure", "procedures", multiple=True, help="Sa clé ; « list » les montre.")
@click.option("--profile", default="phone", help="phone, desktop, no-script ou keyboard.")
@click.option("--engine", default="chromium", help="chromium ou firefox.")
@click.option("--headed", is_flag=True, help="Montrer le navigateur, avec un panneau à côté.")
@click.option("--mails", default="sink", help="sink, mailpit, mailhog, imap ou typed.")
@click.option("--mail-url", envvar="QA_MAIL_URL", help="Où sont les mails.")
@click.option("--mail-user", envvar="QA_MAIL_USER", default="", help="Le compte, s’il en faut un.")
@click.option("--mail-password", envvar="QA_MAIL_PASSWORD", default="", help="Son mot de passe.")
@click.option(
    "--mail-ca",
    type=Place(exists=True, dir_okay=False),
    help="L’autorité, en PEM, du certificat de la boîte.",
)
@click.option("--member", envvar="QA_MEMBER", help="Un courrier : NUMÉRO, ou NUMÉRO:CODE.")
@click.option("--letters", type=PLACE, help="Des courriers, en CSV.")
@click.option("--email", default="qa-{n}@example.org", help="L’adresse ; {n} est le numéro.")
@click.option("--insecure", is_flag=True, help="Accepter un certificat inconnu.")
@click.option("--out", type=PLACE, help="Le dossier du résultat.")
@click.option("--report", "reports", multiple=True, help="html, junit, ctrf ou squash.")
@click.option("--push", metavar="URL", help="Envoyer à Squash TM ; jeton dans QA_SQUASH_TOKEN.")
@click.pass_context
def run(context: click.Context, /, **wish: object) -> None:
    """Joue la procédure, sans rien lire de la base : code 0 si tout est réussi, 1 sinon."""
    context.exit(_tool("qa.command").run(**wish))


@group.command("cases", outside=True, with_appcontext=False)
@click.option("--format", "kind", required=True, help="squash, gherkin ou html.")
@click.option("--out", type=PLACE, required=True, help="Le fichier à créer ; gherkin : le dossier.")
@click.option("--project", default="Espace adhérents", help="Celui de Squash : Projet/Dossier.")
def cases(kind: str, out: Path, project: str) -> None:
    """Écrit les démarches et les incidents en cas de test, avec les mots des adhérents."""
    tool = _tool("qa.cases")
    if kind not in tool.WRITERS:
        asking.before(f"--format : choisissez parmi {', '.join(tool.WRITERS)}.")
    told = Output("--out", "Les cas de test ne peuvent pas être écrits", "écrit")
    try:
        told.refuse_existing(out)
        count = tool.write(kind, out, project)
    except OutputFault as fault:
        stop(str(fault))
    except OSError as error:
        stop(str(told.unwritable(out, error)))
    tell(f"{count} cas de test dans « {click.format_filename(out)} ».")


@members.command("make")
@click.option("--count", metavar="N", default="1", callback=MOST, help="Combien.")
@click.option("--letters", type=PLACE, required=True, help="Le CSV à créer.")
def make(count: int, letters: Path) -> None:
    """Ajoute au fichier des adhérents d’essai, et écrit leurs courriers."""
    _refuse_production()
    place = click.format_filename(letters)
    try:
        with LettersFile(letters) as box, command_work() as work:
            numbers = tuple(qa_members.make(work, count))
            roll_letters.make(work, Choice(numbers=numbers, no_address_needed=True), box)
            publish_and_commit(work, box)
    except OutputFault as fault:
        stop(str(fault))
    except CommitLost:
        stop(
            "La liaison avec la base a été coupée pendant la validation. Gardez "
            f"« {place} » et essayez un de ses courriers : s’il est refusé, "
            "supprimez ce fichier et relancez la commande."
        )
    tell(f"{count} adhérent(s) d’essai, courriers dans « {place} ».")


@members.command("remove")
def remove() -> None:
    """Efface tous les adhérents d’essai, leurs comptes et ce qui en dépend."""
    _refuse_production()
    with command_work() as work:
        removed = qa_members.remove(work)
    tell(f"{removed} adhérent(s) d’essai effacé(s).")


def _refuse_production() -> None:
    if not current_app.extensions["portal_settings"].test_members:
        raise CommandFault(
            "Refusé : ce portail sert de vrais adhérents. Les adhérents d’essai demandent QA=1, "
            "DEMO=1 ou une PUBLIC_URL de cette machine (http://127.0.0.1…)."
        )


def _tool(name: str) -> ModuleType:
    """A module of the testers' tools, which a server is installed without."""
    try:
        return importlib.import_module(name)
    except ImportError as absent:
        raise CommandFault(
            f"Les essais demandent les outils de test, dont « {absent.name} » : lancez d’abord "
            "« make test », ou .venv/bin/pip install --require-hashes -r requirements/test.txt"
        ) from absent
