"""The mail of a registration in waiting leaves again, to the address that its member gave."""

from sqlalchemy import select

from webapp.models import Registration
from webapp.rules.refusals import Refusal
from webapp.services.kernel import journal
from webapp.services.kernel.work import Work
from webapp.services.registration import pending


def resend(work: Work, roll_id: int, reason: str) -> None:
    """Once a minute and five times an hour, whoever asks; earlier mails stay good.

    Raises Refusal: desk_no_registration, resend_soon, resend_closed.
    """
    own = select(Registration.id).where(
        Registration.roll_id == roll_id, Registration.state == "waiting"
    )
    which = work.db.execute(own.order_by(Registration.created_at.desc()).limit(1)).scalar()
    try:
        pending.resend(work, which)
    except Refusal as refusal:
        over = refusal.key in ("registration_over", "registration_done")
        raise (Refusal("desk_no_registration") if over else refusal) from None
    journal.write(work, "desk.confirmation_resent", roll_id=roll_id, reason=reason)
