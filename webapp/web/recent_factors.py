"""What forms share that begin anew: ticks on the recent second steps, and what was removed with
the act, on its way to the page that says so."""

from collections.abc import Iterable

from wtforms import SelectMultipleField

from webapp.rules.factors import Removed
from webapp.web.flash import REMOVED, Flash


class StepsToRemoveField(SelectMultipleField):
    """The keys of the steps ticked. What is no recent step of this account's does nothing."""

    def __init__(self, **kwargs: object):
        super().__init__("Retirer", choices=[], validate_choice=False, **kwargs)


def told(gone: Iterable[Removed], deed: Flash | None = None) -> Flash | None:
    """What the next page says was done and removed: kinds alone, an address is no place for the
    name that a member gave."""
    kinds = [each.kind for each in gone]
    return (deed or REMOVED).with_removed(kinds) if deed or kinds else None
