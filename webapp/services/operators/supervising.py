"""What a supervisor does to operators at the desk. Nobody does it to themselves: whoever has a
stolen key could make another, or hide behind a name that is free again."""

from sqlalchemy import select

from webapp.models.operator import Operator
from webapp.rules.refusals import Refusal
from webapp.rules.roles import Role
from webapp.services.kernel.work import Work
from webapp.services.operators import staff
from webapp.services.operators.sessions import AtWork
from webapp.services.operators.staff import Link


def add(work: Work, who: AtWork, *, name: str, role: Role) -> Link:
    """As `staff.add`, by this supervisor. Raises Refusal("desk_operator_known")."""
    try:
        return staff.add(work, name, role, by=who.name)
    except staff.Known:
        raise Refusal("desk_operator_known", "name") from None


def name_of(work: Work, operator_id: int) -> str:
    """The name of an operator who is not disabled. Raises Refusal("desk_operator_gone")."""
    found = work.db.execute(
        select(Operator.name).where(Operator.id == operator_id, Operator.disabled_at.is_(None))
    ).scalar()
    if found is None:
        raise Refusal("desk_operator_gone")
    return str(found)


def disable(work: Work, who: AtWork, operator_id: int) -> str:
    """As `staff.disable`; returns whom. Raises Refusal: desk_oneself, desk_operator_gone."""
    name = _another(work, who, operator_id)
    try:
        staff.disable(work, name, by=who.name)
    except staff.Unknown:
        raise Refusal("desk_operator_gone") from None
    return name


def reset(work: Work, who: AtWork, operator_id: int) -> Link:
    """As `staff.reset`. Raises Refusal: desk_oneself, desk_operator_gone."""
    name = _another(work, who, operator_id)
    try:
        return staff.reset(work, name, by=who.name)
    except staff.Unknown:
        raise Refusal("desk_operator_gone") from None


def _another(work: Work, who: AtWork, operator_id: int) -> str:
    if operator_id == who.operator_id:
        raise Refusal("desk_oneself")
    return name_of(work, operator_id)
