"""What every command promises, held here so that the next one can't forget it.

It names itself without any setting; it runs on its own schema alone; it ends with a sentence.
"""

import re
import sys
from collections.abc import Callable, Iterable
from typing import Any

import click
from flask import Flask
from flask.cli import AppGroup, FlaskGroup, ScriptInfo

from webapp.cli import signals
from webapp.cli.work import WORK_KEPT, stop
from webapp.models import postgres, schema
from webapp.rules import disk_faults
from webapp.rules.roll_values import shown

_OPENS_PORTAL = "portal_opener"
ASSETS_BUILDER = "portal_assets_builder"
_HEADINGS = {"Commands": "Commandes"}
_VALUES = {"text": "TEXTE", "path": "CHEMIN", "file": "FICHIER"}  # what an option takes
# what click says of an option at the end of its line
_EXTRA = re.compile(r"(?<=  \[)required(?=\]$)")


def _rows_in_french(rows: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(name, _EXTRA.sub("obligatoire", told)) for name, told in rows]


class _FrenchHelp(click.HelpFormatter):
    """click's help, its own few words in French."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """The line that shows how to type the command."""
        super().write_usage(prog, args, prefix or "Usage\u00a0: ")

    def write_heading(self, heading: str) -> None:
        """The name of what follows."""
        super().write_heading(f"{_HEADINGS.get(heading, heading)}\u00a0")

    def write_dl(self, rows: Iterable[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        """Options or commands, each with what it is for."""
        super().write_dl(_rows_in_french(rows), *args, **kwargs)


class _FrenchContext(click.Context):
    formatter_class = _FrenchHelp


class PortalCommand(click.Command):
    """A command of the portal.

    `outside`: it plays from outside, without settings or database. `upgrades`: it makes the schema.
    """

    context_class = _FrenchContext

    def __init__(self, *args: Any, outside: bool = False, upgrades: bool = False, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.outside, self.upgrades = outside, upgrades
        for each in self.params:
            if not (isinstance(each, click.Option) and each.is_flag):
                each.metavar = each.metavar or _VALUES[each.type.name]

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """`--help`, told in French."""
        return _french(super().get_help_option(ctx))

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """click's, except that what is missing is one line that names it."""
        try:
            return super().parse_args(ctx, args)
        except click.MissingParameter as missing:
            given = missing.param
            name = given.opts[0] if isinstance(given, click.Option) else given and given.metavar
            stop(f"Il manque {name} : {_usage(ctx)}", code=2)
        except click.UsageError as misused:
            _stop_misused(ctx, misused)
            raise

    def invoke(self, ctx: click.Context) -> object:
        """Run it, on the portal and its schema."""
        try:
            with signals.heard():
                return self._run(ctx)
        except (KeyboardInterrupt, click.Abort) as ended:
            done = "Ce qui était enregistré le reste" if WORK_KEPT in ctx.meta else ""
            told = ended if isinstance(ended, KeyboardInterrupt) else KeyboardInterrupt()
            stop(f"Interrompu. {done or 'Rien n’a été changé'}.", code=signals.exit_code(told))
        except BrokenPipeError:
            raise  # whoever read has gone: click ends without a word
        except OSError as error:
            name = f"« {click.format_filename(error.filename)} » : " if error.filename else ""
            stop(
                f"La commande s’est arrêtée : {name}{disk_faults.reason(error)}. "
                "Vérifiez ce fichier, ses droits et la place sur le disque, puis relancez-la."
            )

    def _run(self, ctx: click.Context) -> object:
        if self.outside:
            return super().invoke(ctx)
        app = _portal(ctx)
        _refuse_other_schema(app, upgrades=self.upgrades)
        with app.app_context():
            return super().invoke(ctx)


class PortalGroup(AppGroup):
    """Commands of one subject."""

    command_class = PortalCommand
    context_class = _FrenchContext

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.subcommand_metavar = "COMMANDE [ARGUMENTS]..."

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """click's, except that what can't be understood is one line in French."""
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as misused:
            _stop_misused(ctx, misused)
            raise

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """click's, except that an unknown command is one line that says where they are listed."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError:
            known = f"« {ctx.command_path} --help » les donne."
            stop(f"« {shown(args[0])} » n’est pas une commande : {known}", code=2)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """`--help`, told in French."""
        return _french(super().get_help_option(ctx))


def of_portal(
    opens: Callable[[], Flask], cli: click.Group, build_assets: Callable[[], None]
) -> Flask:
    """What the `flask` command finds: the portal's commands, the portal itself not opened yet."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal without « ’ » is no fault
    app = Flask("portal")
    app.extensions[_OPENS_PORTAL] = opens
    app.extensions[ASSETS_BUILDER] = build_assets
    app.cli = cli
    return app


def names_commands() -> bool:
    """Whether the `flask` command looks for the portal's own, and not for an application that its
    `run`, `shell` or `routes` need."""
    context = click.get_current_context(silent=True)
    return context is not None and isinstance(context.command, FlaskGroup)


def _portal(ctx: click.Context) -> Flask:
    app = ctx.ensure_object(ScriptInfo).load_app()
    opens: Callable[[], Flask] | None = app.extensions.get(_OPENS_PORTAL)
    return opens() if opens else app


def _refuse_other_schema(app: Flask, *, upgrades: bool) -> None:
    """A database that is away is not looked at: the command says so itself, or waits for it."""
    engine, _ = app.extensions["portal"]
    if fault := postgres.fault(engine):
        # settings' faults are told alike wherever they are met
        stop(f"DATABASE_URL {fault}", code=2)
    other = schema.other(engine)
    if other is None or other.served or (upgrades and not other.newer):
        return
    version = f"« {shown(other.version)} »" if other.version else "aucun"
    found = f"Schéma de la base : {version}, celui de ce code : « {schema.wanted()} »"
    if other.newer:
        stop(
            f"{found}. Rien n’a été changé : ce code est plus ancien que la base. Installez la "
            "version qui l’a mise à jour, et lancez la commande depuis celle-là.",
            code=2,
        )
    stop(f"{found}. Rien n’a été changé : lancez d’abord « flask database upgrade ».", code=2)


def _stop_misused(ctx: click.Context, misused: click.UsageError) -> None:
    """End the command, nothing done, where click would complain in English."""
    if isinstance(misused, click.NoSuchOption):
        stop(f"« {shown(misused.option_name)} » n’est pas une option : {_usage(ctx)}", code=2)
    if isinstance(misused, click.BadOptionUsage):
        name = misused.option_name
        option = next((each for each in ctx.command.params if name in each.opts), None)
        flag = isinstance(option, click.Option) and option.is_flag
        wants = "ne prend pas de valeur" if flag else "attend une valeur"
        stop(f"« {shown(name)} » {wants} : {_usage(ctx)}", code=2)
    if isinstance(misused, click.BadParameter) and misused.param:
        stop(f"« {misused.param.opts[0]} » ne va pas : {_usage(ctx)}", code=2)
    if type(misused) is click.UsageError:
        stop(f"Il y a un mot de trop après « {ctx.command_path} » : {_usage(ctx)}", code=2)


def _usage(ctx: click.Context) -> str:
    return f"« {ctx.command_path} --help » montre l’usage."


def _french(option: click.Option | None) -> click.Option | None:
    if option:
        option.help = "Montre cette aide."
    return option
