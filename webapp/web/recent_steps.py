"""What forms share that begin anew: ticks on the recent second steps, and what was removed with
the act, on its way to the page that says so."""

from collections.abc import Iterable

from wtforms import SelectMultipleField

from webapp.services.own_steps import Removed
from webapp.web.screens import Place


class StepsToRemoveField(SelectMultipleField):
    """The keys of the steps ticked. What is no recent step of this account's does nothing."""

    def __init__(self, **kwargs: object):
        super().__init__("Retirer", choices=[], validate_choice=False, **kwargs)


def told(gone: Iterable[Removed], deed: str = "") -> Place:
    """What the next page says was done (templates/components/done.html, recent_steps.html): kinds
    alone, an address is no place for the name that a member gave."""
    kinds = sorted(each.kind for each in gone)
    return {"fait": ".".join([deed or "retrait", *kinds])} if deed or kinds else {}
