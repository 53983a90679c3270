"""Operators by their names, as lists and letters of the mutual tell them."""

from sqlalchemy import select

from webapp.models.operator import Operator
from webapp.services.kernel.work import Work

ROOM = 120  # signs: what an import or a batch says of who made it


def at_work(work: Work) -> str:
    """Of the operator whose work this is."""
    asked = select(Operator.name).where(Operator.id == work.operator_id)
    return work.db.scalars(asked).one()


def both(work: Work, first: str) -> str:
    """« a.petit et c.martin »: who asked, and the operator at work, who agrees."""
    return f"{first} et {at_work(work)}"[:ROOM]
