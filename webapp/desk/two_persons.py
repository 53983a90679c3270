"""What waits for a second operator, as this one sees it: looked up once a request."""

from flask import g

from webapp.desk import at_work
from webapp.services.desk import second_operator
from webapp.services.desk.second_operator import Request
from webapp.web.transactions import current_work


def waiting(roll_id: int | None = None) -> list[Request]:
    """All that this operator may see; with a member, what is about them."""
    if "two_persons" not in g:
        g.two_persons = second_operator.waiting(current_work(), role=at_work.must().role)
    found: list[Request] = g.two_persons
    return [each for each in found if roll_id is None or each.roll_id == roll_id]


def count() -> int:
    """How many this operator may agree to."""
    return sum(each.may_agree for each in waiting())
