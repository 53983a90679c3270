"""The demonstration's operators: one a role, who needs no passkey."""

from sqlalchemy import select

from webapp.models.operator import Operator
from webapp.rules.roles import Role
from webapp.services.kernel.work import Work
from webapp.services.operators import sessions, staff


def at_work(work: Work, role: Role) -> str:
    """The demonstration's operator of this role is at work; returns the id for the cookie."""
    name = f"demo-{role}"
    asked = select(Operator.id).where(Operator.name == name)
    operator_id = work.db.execute(asked).scalar()
    if operator_id is None:
        staff.add(work, name, role, by="démonstration")
        operator_id = work.db.execute(asked).scalar_one()
    return sessions.mint(work, operator_id)
