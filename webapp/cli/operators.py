"""`flask operators`: who may use the desk."""

from typing import NoReturn

import click
from flask import current_app

from webapp.cli import asking
from webapp.cli.commands import PortalGroup
from webapp.cli.operator import operator
from webapp.cli.work import command_work, stop, tell
from webapp.rules.moments import day, moment
from webapp.rules.roles import Role
from webapp.rules.roll_values import shown
from webapp.services.operators import staff
from webapp.services.operators.staff import Link, OperatorRow

group = PortalGroup("operators", help="Les opérateurs du guichet.")


def _name(_context: click.Context, _argument: click.Parameter, text: str) -> str:
    return _told(staff.normal_name(text))


def _new_name(_context: click.Context, _argument: click.Parameter, text: str) -> str:
    return _told(staff.new_name(text))


def _told(kept: str | None) -> str:
    if kept is None:
        asking.before(
            f"Le nom d’un opérateur tient en une ligne de {staff.LONGEST_NAME} signes au plus, en "
            "lettres latines, par exemple « a.petit ». Rien n’a été changé."
        )
    return kept


def _role(_context: click.Context, _option: click.Parameter, text: str) -> Role:
    try:
        return Role(text.strip().lower())
    except ValueError:
        asking.before(
            f"« {shown(text)} » n’est pas un rôle du guichet : {', '.join(Role)}. Rien n’a été "
            "changé."
        )


with_name = click.argument("name", metavar="NOM", callback=_name)


@group.command("add")
@click.argument("name", metavar="NOM", callback=_new_name)
@click.option(
    "--role",
    required=True,
    callback=_role,
    metavar="RÔLE",
    help="conseiller, superviseur, courrier ou auditeur.",
)
def add(name: str, role: Role) -> None:
    """Ajoute un opérateur, et donne le lien qui enregistre sa clé d’accès."""
    _desk_url()
    try:
        with command_work() as work:
            link = staff.add(work, name, role, by=operator())
    except staff.Known:
        stop(
            f"« {shown(name)} » est déjà un opérateur, ou se lit comme un autre. Rien n’a été "
            "changé. Sa clé est perdue ? flask operators reset. Il change de rôle ? flask "
            "operators disable, puis add."
        )
    tell(f"« {shown(name)} » est {role}.")
    _tell_link(link)


@group.command("list")
def list_() -> None:
    """Montre les opérateurs : rôle, clés, dernière connexion."""
    with command_work(reading=True) as work:
        rows = staff.everybody(work)
    if not rows:
        tell("Aucun opérateur. Le premier : flask operators add NOM --role superviseur.")
    for each in rows:
        tell(f"{shown(each.name)} : {', '.join(_said(each))}")


@group.command("disable")
@with_name
@asking.with_yes
def disable(name: str, yes: bool) -> None:
    """Ferme le guichet à un opérateur, tout de suite : clés, liens et connexions."""
    asking.go_on(f"Fermer le guichet à « {shown(name)} » ?", yes=yes)
    try:
        with command_work() as work:
            staff.disable(work, name, by=operator())
    except staff.Unknown:
        _unknown(name)
    tell(f"« {shown(name)} » n’entre plus au guichet. Ses connexions sont fermées.")


@group.command("reset")
@with_name
@asking.with_yes
def reset(name: str, yes: bool) -> None:
    """Remplace une clé perdue : les anciennes n’ouvrent plus rien, un nouveau lien en enregistre
    une autre."""
    _desk_url()
    asking.go_on(
        f"Remplacer la clé de « {shown(name)} » ? L’ancienne n’ouvrira plus rien.", yes=yes
    )
    try:
        with command_work() as work:
            link = staff.reset(work, name, by=operator())
    except staff.Unknown:
        _unknown(name)
    _tell_link(link)


def _said(row: OperatorRow) -> list[str]:
    said = [row.role]
    if row.disabled_at:
        return [*said, f"désactivé le {day(row.disabled_at)}"]
    keys = "aucune clé" if not row.keys else "une clé" if row.keys == 1 else f"{row.keys} clés"
    said.append(keys)
    if row.last_seen_at:
        said.append(f"dernière connexion le {moment(row.last_seen_at)}")
    if row.link_until:
        said.append(f"un lien attend jusqu’au {moment(row.link_until)}")
    return said


def _desk_url() -> str:
    address = str(current_app.extensions["portal_settings"].desk_url)
    if not address:
        asking.before(
            "DESK_URL n’est pas donné : c’est l’adresse du guichet, par exemple "
            "https://guichet.intra.example.org. Rien n’a été changé."
        )
    return address


def _tell_link(link: Link) -> None:
    tell(f"Le lien qui enregistre sa clé, bon une fois, jusqu’au {moment(link.until)} :")
    click.echo(f"{_desk_url()}/enrolement/{link.token}")
    tell("Donnez-le en main propre : qui l’ouvre en premier devient cet opérateur.")


def _unknown(name: str) -> NoReturn:
    stop(
        f"Aucun opérateur actif ne s’appelle « {shown(name)} ». Rien n’a été changé. "
        "flask operators list les montre."
    )
