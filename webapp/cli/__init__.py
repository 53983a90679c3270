"""The operators' commands: `flask database`, `flask members`, `flask letters`, `flask mail`,
`flask operators`, `flask qa`, `flask assets`."""

from importlib import import_module

import click

from webapp.cli.commands import PortalGroup

GROUPS = ("database", "members", "letters", "mail", "operators", "qa", "assets")


class Commands(PortalGroup):
    """The application's commands, each group loaded once somebody types its name: a server, which
    starts the sooner, never does."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all."""
        return sorted({*super().list_commands(ctx), *GROUPS})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The group of that name, None for an unknown one."""
        if cmd_name not in GROUPS:
            return super().get_command(ctx, cmd_name)
        group: click.Command = import_module(f"{__name__}.{cmd_name}").group
        return group
