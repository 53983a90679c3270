"""The acts of the play, in their order: each types what a page says, and looks whether it is so.
An act returns what was seen; its docstring is its name in the log."""

from collections.abc import Callable

from tests.operations import losing, setting_up, upgrading
from tests.operations.machine import Machine

ALL: tuple[Callable[[Machine], str], ...] = (
    setting_up.installed, setting_up.mailing, upgrading.rolled, upgrading.upgraded,
    upgrading.gone_back, setting_up.bounced, losing.away, losing.restored, losing.embedded,
    setting_up.watched, setting_up.pooled,
)  # fmt: skip
