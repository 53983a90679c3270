"""The forms of a supervisor: somebody to add, and what was seen."""

from datetime import UTC, datetime

from wtforms import HiddenField, StringField

from webapp.rules.refusals import Refusal
from webapp.rules.roles import Role
from webapp.services.operators import staff
from webapp.web.forms import PortalForm, Typed


def _role(text: str) -> Role | None:
    return Role(text) if text in list(Role) else None


class AddForm(PortalForm):
    """Who comes, in which role."""

    name = StringField("Nom", [Typed("desk_operator_name", "desk_operator_name", staff.new_name)])
    role = StringField("Rôle", [Typed("desk_operator_role", "desk_operator_role", _role)])


class SeenForm(PortalForm):
    """« Vu »: up to the newest of what the page showed."""

    until = HiddenField()

    def moment(self) -> datetime:
        """Up to when. Raises Refusal("stale_form") for what no page of ours sent."""
        try:
            until = datetime.fromisoformat(self.until.data or "")
            if until.tzinfo is not None:
                return until.astimezone(UTC)
        except (ValueError, OverflowError):  # a day before the first one, or after the last
            pass
        raise Refusal("stale_form")
