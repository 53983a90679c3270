"""`flask database`: create, migrate, purge."""

from pathlib import Path

import click
from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from webapp.cli import asking, database_faults
from webapp.cli.commands import PortalGroup
from webapp.cli.typed import Place
from webapp.cli.work import CommandFault, command_work, stop, tell
from webapp.models import schema
from webapp.rules.roll_values import shown
from webapp.services.account import restored
from webapp.services.desk import export
from webapp.services.space import retention

group = PortalGroup("database", help="La base de données : créer, mettre à jour, purger.")


@group.command("upgrade", upgrades=True)
@click.option("--plan", is_flag=True, help="Dire ce qui serait fait, sans rien changer.")
def upgrade(plan: bool) -> None:
    """Crée le schéma, ou le met à jour."""
    engine, _ = current_app.extensions["portal"]
    other = schema.other(engine)
    if other and other.served:
        tell(
            f"Rien à faire : la base est à la version « {shown(other.version or '')} », plus "
            f"récente que ce code (« {schema.wanted()} »), qui peut encore la servir."
        )
        return
    if plan and other:  # seen without making a file
        _tell_plan(other.version)
        return
    try:
        with engine.connect():
            pass
        if plan:
            tell(f"Rien à faire : le schéma est à jour, version {schema.wanted()}.")
            return
        version = schema.upgrade(engine)
    except SQLAlchemyError as error:
        what, advice = database_faults.told(error)
        raise CommandFault(
            f"La base de données {what}. Rien n’a été changé. {advice}, puis relancez la "
            "commande : elle peut l’être sans risque."
        ) from error
    for each in current_app.extensions["portal_settings"].warnings:
        tell(each, err=True)
    file = f", fichier « {engine.url.database} »" if engine.dialect.name == "sqlite" else ""
    tell(f"Schéma à jour : version {version}{file}.")


def _tell_plan(found: str | None) -> None:
    """What an upgrade from an older version would do, and what becomes of the code that serves."""
    planned = schema.plan(found)
    if found is None:
        tell(f"La base est vide : le schéma serait créé, version {planned[-1].version}.")
    else:
        tell(f"Le schéma passerait de la version {found} à la version {planned[-1].version} :")
        for each in planned:
            tell(f"  {each.version} : {each.told}.")
        if all(each.keeps_former for each in planned):
            tell("La version en service du portail peut continuer à servir pendant et après.")
        else:
            tell(
                "Après cela, la version en service du portail continue, mais ne redémarre plus : "
                "passez chaque serveur à la nouvelle."
            )
    tell("Rien n’a été changé.")


@group.command("purge")
def purge() -> None:
    """Efface tout ce qui a dépassé sa durée de conservation."""
    with command_work() as work:
        removed = retention.purge(work)
    tell(f"{removed} ligne(s) effacée(s).")


@group.command("restored")
@asking.with_yes
def restored_backup(yes: bool) -> None:
    """À lancer sur une sauvegarde remise en place, avant de servir.

    Ferme toutes les connexions, oublie les appareils, arrête tout ce qui était en cours et jette
    les mails en attente : rien de ce qui s’est passé depuis la sauvegarde n’est connu.
    """
    asking.go_on(
        "Fermer toutes les connexions et arrêter tout ce qui est en cours, pour tous ?", yes=yes
    )
    with command_work() as work:
        told = restored.make_safe(work)
    tell(
        f"Espaces déconnectés : {told.spaces}. Arrêtés : {told.registrations} inscription(s), "
        f"{told.takeovers} changement(s) d’accès, {told.mails} mail(s). "
        f"Fermetures remises à dans 7 jours : {told.closings}. "
        "Ce que la sauvegarde ne sait pas : docs/operations/backup.md."
    )
    if told.unposted:
        tell(
            f"Lots de courriers à poster, selon elle : {', '.join(map(str, told.unposted))}. Pour "
            "ceux qui sont partis depuis, dites-le de nouveau : flask letters posted."
        )


@group.command("verify-journal")
@click.argument("path", metavar="FICHIER", type=Place(exists=True, dir_okay=False))
def verify_journal(path: Path) -> None:
    """Dit si un export du journal est bien de ce portail, entier et inchangé."""
    with command_work(reading=True) as work:
        try:
            with path.open("rb") as file:
                told = export.verify(work, file)
        except export.NotOurs:
            stop(
                "Ce fichier n’est pas un export du journal de ce portail, entier et inchangé : sa "
                "dernière ligne ne signe pas ce qui la précède. Exportez de nouveau la période."
            )
        except OSError as error:
            raise CommandFault(
                f"« {shown(path.name)} » ne se lit pas ({error.strerror})."
            ) from error
    tell(
        f"Signé par ce portail, entier et inchangé : du {shown(told.first)} au {shown(told.last)}, "
        f"{told.entries} événement(s), exporté le {shown(told.made_at)} par {shown(told.by)}."
    )
