"""`flask assets`: what browsers are sent, built when the portal is installed."""

import click
from flask.cli import ScriptInfo

from webapp.cli.commands import ASSETS_BUILDER, PortalGroup
from webapp.cli.work import tell

group = PortalGroup("assets", help="Les fichiers statiques (styles, scripts, dessins).")


@group.command("build", outside=True, with_appcontext=False)
@click.pass_context
def build(context: click.Context) -> None:
    """Prépare les fichiers statiques de cette version et de BRAND_DIR, sans autre réglage."""
    app = context.ensure_object(ScriptInfo).load_app()
    app.extensions[ASSETS_BUILDER]()
    tell("Fichiers statiques prêts.")
