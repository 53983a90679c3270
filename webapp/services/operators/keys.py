"""How operators enrol and sign in: by a passkey with user verification, and by nothing else."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select, update

from webapp.models.base import table
from webapp.models.operator import Enrolment, Operator, OperatorPasskey
from webapp.rules.refusals import Refusal
from webapp.rules.roles import Role
from webapp.services.kernel import challenges, journal, throttle
from webapp.services.kernel.challenges import Answer, Ceremony
from webapp.services.kernel.work import Work
from webapp.services.kernel.world import KnownPasskey
from webapp.services.operators import sessions
from webapp.services.operators.staff import LINK

_ENROL, _SIGN_IN = "operator_enrol", "operator_sign_in"


@dataclass(frozen=True)
class Newcomer:
    """Whom a link enrols, and until when it is good."""

    enrolment_id: str
    operator_id: int
    name: str
    role: Role
    handle: bytes
    until: datetime


def newcomer(work: Work, token: str) -> Newcomer:
    """Whom this link enrols. Raises Refusal("desk_enrolment_over") for one that is used, over or
    not ours."""
    opened = work.world.seals.open_link(LINK, token)
    found = opened and work.db.execute(
        select(
            Enrolment.id, Operator.id.label("operator_id"), Operator.name, Operator.role,
            Operator.handle, Enrolment.expires_at,
        )
        .join(Operator, Operator.id == Enrolment.operator_id)
        .where(Enrolment.id == opened[0], Enrolment.used_at.is_(None))
        .where(Enrolment.expires_at > work.now, Operator.disabled_at.is_(None))
    ).first()  # fmt: skip
    if not found:
        raise Refusal("desk_enrolment_over")
    return Newcomer(
        found.id, found.operator_id, found.name, Role(found.role), found.handle, found.expires_at
    )


def to_enrol(work: Work, who: Newcomer, *, browser: str) -> Ceremony:
    """What the browser needs to make this operator's passkey."""
    challenge, token = challenges.make(work, _ENROL, browser)
    kept = work.db.execute(
        select(OperatorPasskey.credential_id, OperatorPasskey.transports).where(
            OperatorPasskey.operator_id == who.operator_id
        )
    )
    options = work.world.passkeys.creation(
        challenge=challenge,
        handle=who.handle,
        address=who.name,
        known=[KnownPasskey(*row) for row in kept],
    )
    return Ceremony(options, token)


def enrol(work: Work, who: Newcomer, answer: Answer) -> None:
    """Keep the passkey just made; the link has served. Raises Refusal: passkey_over,
    passkey_refused, passkey_known, desk_enrolment_over."""
    challenge = challenges.spend(work, _ENROL, answer)
    made = work.world.passkeys.made(answer.text, challenge)
    if made is None:
        raise Refusal("passkey_refused")
    used = work.db.execute(
        update(Enrolment)
        .where(Enrolment.id == who.enrolment_id, Enrolment.used_at.is_(None))
        .where(Enrolment.expires_at > work.now)
        .values(used_at=work.now)
    )
    if used.rowcount != 1:
        raise Refusal("desk_enrolment_over")
    kept = work.db.execute(
        work.insert(OperatorPasskey)
        .values(
            operator_id=who.operator_id,
            credential_id=made.credential_id,
            public_key=made.public_key,
            sign_count=made.sign_count,
            transports=made.transports,
            added_at=work.now,
        )
        .on_conflict_do_nothing(index_elements=["credential_id"])
        .returning(OperatorPasskey.id)
    ).first()
    if kept is None:
        work.undo()
        raise Refusal("passkey_known")
    work.operator_id = who.operator_id
    journal.write(work, "operator.enrolled", name=who.name, role=str(who.role))


def to_sign_in(work: Work, *, browser: str) -> Ceremony:
    """What the browser needs to use any passkey of the desk's."""
    challenge, token = challenges.make(work, _SIGN_IN, browser)
    return Ceremony(work.world.passkeys.request(challenge=challenge, known=()), token)


class _Key(NamedTuple):
    id: int
    public_key: bytes
    operator_id: int
    name: str
    handle: bytes


def sign_in(work: Work, answer: Answer) -> str:
    """The operator whose key signed this challenge is at work; returns the id for the cookie.

    Unknown and wrong ones are refused alike. Raises Refusal: passkey_over, desk_key_refused,
    origin_closed.
    """
    challenge = challenges.spend(work, _SIGN_IN, answer)
    key = _key(work, answer)
    count = key and work.world.passkeys.count(answer.text, challenge, key.public_key)
    used = table(OperatorPasskey)
    if key is None or count is None or not challenges.count_up(work, used, key.id, count):
        journal.write(work, "operator.refused", name=key.name if key else "")
        raise throttle.failed(work, Refusal("desk_key_refused"))
    work.operator_id = key.operator_id
    journal.write(work, "operator.signed_in", name=key.name)
    return sessions.mint(work, key.operator_id)


def _key(work: Work, answer: Answer) -> _Key | None:
    """The passkey that an answer names, of an operator who may use the desk."""
    shown = work.world.passkeys.shown(answer.text)
    if shown is None:
        return None
    row = work.db.execute(
        select(
            OperatorPasskey.id, OperatorPasskey.public_key, Operator.id.label("operator_id"),
            Operator.name, Operator.handle,
        )
        .join(Operator, Operator.id == OperatorPasskey.operator_id)
        .where(OperatorPasskey.credential_id == shown.credential_id)
        .where(Operator.disabled_at.is_(None))
        .with_for_update(read=True, key_share=True, of=Operator)
    ).first()  # fmt: skip
    key = _Key(*row) if row else None
    return key if key and shown.handle == key.handle else None
