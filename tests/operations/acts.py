"""The acts of the play, in their order: each types what a page says, and looks whether it is so.
An act returns what was seen; its docstring is its name in the log."""

from collections.abc import Callable

from tests.operations import losing, manning, setting_up, upgrading
from tests.operations.machine import Machine

ALL: tuple[Callable[[Machine], str], ...] = (
    setting_up.installed, setting_up.mailing, upgrading.rolled, upgrading.upgraded,
    upgrading.gone_back, setting_up.bounced, losing.away, losing.restored, losing.embedded,
    setting_up.watched, setting_up.pooled, manning.manned,
)  # fmt: skip


def named(names: list[str]) -> tuple[Callable[[Machine], str], ...]:
    """These acts, in the play's order; all without a name. Raises ValueError for another name."""
    if unknown := set(names) - {act.__name__ for act in ALL}:
        raise ValueError(f"no act is called {', '.join(sorted(unknown))}")
    return tuple(act for act in ALL if act.__name__ in names) if names else ALL
