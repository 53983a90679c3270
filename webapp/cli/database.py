"""`flask database`: create, migrate, purge."""

from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from webapp.cli.commands import PortalGroup
from webapp.cli.work import CommandFault, command_work, tell
from webapp.models import schema
from webapp.services.space import retention

group = PortalGroup("database", help="La base de données : créer, mettre à jour, purger.")


@group.command("upgrade", upgrades=True)
def upgrade() -> None:
    """Crée le schéma, ou le met à jour."""
    engine, _ = current_app.extensions["portal"]
    answers = False
    try:
        with engine.connect():
            answers = True
        version = schema.upgrade(engine)
    except SQLAlchemyError as error:
        told = "a refusé la mise à jour, rien n’a été changé" if answers else "ne répond pas"
        raise CommandFault(
            f"La base de données {told} ({type(error).__name__}). Vérifiez DATABASE_URL, "
            "puis relancez la commande : elle peut l’être sans risque."
        ) from error
    for each in current_app.extensions["portal_settings"].warnings:
        tell(each, err=True)
    file = f", fichier « {engine.url.database} »" if engine.dialect.name == "sqlite" else ""
    tell(f"Schéma à jour : version {version}{file}.")


@group.command("purge")
def purge() -> None:
    """Efface tout ce qui a dépassé sa durée de conservation."""
    with command_work() as work:
        removed = retention.purge(work)
    tell(f"{removed} ligne(s) effacée(s).")
