"""For each step of a procedure, what the member does and what must then show.

A function bears its step's key as its name; a step without a script fails the checks.
"""

from player.scene import Script
from player.scripts import (
    calls,
    household,
    incidents,
    my_data,
    new_letter,
    paper,
    recovery,
    second_factors,
    security,
)

SCRIPTS: dict[str, Script] = (
    paper.SCRIPTS
    | recovery.SCRIPTS
    | security.SCRIPTS
    | my_data.SCRIPTS
    | second_factors.SCRIPTS
    | new_letter.SCRIPTS
    | household.SCRIPTS
    | incidents.SCRIPTS
    | calls.SCRIPTS
)
