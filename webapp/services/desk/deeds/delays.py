"""The delays that a member's own slips brought are lifted. Those of an address of origin never are:
they are others' too."""

from sqlalchemy import delete, literal, select

from webapp.models import Account, Device, Registration, RollEntry, Throttle
from webapp.rules.refusals import Refusal
from webapp.services.desk import waits
from webapp.services.desk.waits import Whose
from webapp.services.kernel import household, journal
from webapp.services.kernel.work import Work


def lift(work: Work, roll_id: int, reason: str) -> None:
    """Every limit that is closed for this member opens, with all its tries. Raises
    Refusal("desk_no_delay")."""
    whose = _whose(work, roll_id)
    keys = waits.closed_keys(work, whose)
    if not keys or not work.db.execute(delete(Throttle).where(Throttle.key.in_(keys))).rowcount:
        raise Refusal("desk_no_delay")
    journal.write(
        work, "desk.delay_lifted", account_id=whose.account_id, roll_id=roll_id, reason=reason
    )


def _whose(work: Work, roll_id: int) -> Whose:
    own = Account.id == household.account_of(literal(roll_id))
    space = (Account.id, Account.email_key, Account.password_hash, Account.epoch)
    row = work.db.execute(
        select(RollEntry.number, *space).outerjoin(Account, own).where(RollEntry.id == roll_id)
    ).one()
    registrations = select(Registration.id).where(Registration.roll_id == roll_id)
    begun = work.db.scalars(registrations).all()
    if row.id is None:
        return Whose(roll_id, row.number, begun)
    devices = work.db.scalars(select(Device.id).where(Device.account_id == row.id)).all()
    return Whose(
        roll_id, row.number, begun, row.id, row.email_key, row.password_hash, row.epoch, devices
    )
