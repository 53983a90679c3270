"""What waits for a second operator, as this one sees it: looked up once a page."""

from flask import g, request

from webapp.desk import at_work
from webapp.services.desk import second_operator
from webapp.services.desk.second_operator import Request
from webapp.web.transactions import current_work


def waiting() -> list[Request]:
    """All that this operator may see, and all about the member of the page."""
    if "two_persons" not in g:
        place = g.get("place") or request.view_args or {}
        role = at_work.must().role
        roll_id = place.get("roll_id")
        g.two_persons = second_operator.waiting(current_work(), roll_id=roll_id, role=role)
    found: list[Request] = g.two_persons
    return found


def about(roll_id: int) -> list[Request]:
    """All about the member whose page this is."""
    return [each for each in waiting() if each.roll_id == roll_id]


def count() -> int:
    """How many this operator may agree to."""
    return sum(each.may_agree for each in waiting())
