"""`flask database`: create, migrate, purge."""

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy.exc import SQLAlchemyError

from webapp.cli.work import CommandFault, command_work
from webapp.models import schema
from webapp.services import retention

group = AppGroup("database", help="La base de données : créer, mettre à jour, purger.")


@group.command("upgrade")
def upgrade() -> None:
    """Crée le schéma, ou le met à jour."""
    engine, _ = current_app.extensions["portal"]
    try:
        version = schema.upgrade(engine)
    except SQLAlchemyError as error:
        raise CommandFault(
            f"La base de données ne répond pas ({type(error).__name__}). Vérifiez DATABASE_URL, "
            "puis relancez la commande : elle peut l’être sans risque."
        ) from error
    click.echo(f"Schéma à jour : version {version}.")


@group.command("purge")
def purge() -> None:
    """Efface tout ce qui a dépassé sa durée de conservation."""
    with command_work() as work:
        removed = retention.purge(work)
    click.echo(f"{removed} ligne(s) effacée(s).")
