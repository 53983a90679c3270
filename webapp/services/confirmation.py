"""Confirming a registration: by the mailed link or by the activation code, once, on any device.

It makes the account and its proof of terms, uses up the letter, and opens no session.
"""

from typing import Any

from sqlalchemy import delete, insert, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite

from webapp.models import Account, Registration, TermsAcceptance
from webapp.rules import lifetimes, limits
from webapp.rules.refusals import Refusal
from webapp.services import codes, journal, throttle
from webapp.services.sessions import SessionFacts
from webapp.services.work import AnyRow, Work


def link_state(work: Work, token: str) -> str:
    """What a link is worth, changing nothing: ready, confirmed, over, or unknown (not ours)."""
    opened = work.world.seals.open_link("registration", token)
    if opened is None:
        return "unknown"
    link_id, made_at = opened
    row = _by_link(work, link_id)
    if row is not None and row.state == "confirmed":
        return "confirmed"
    late = made_at + lifetimes.REGISTRATION <= work.now
    if row is None or late or row.state != "waiting" or row.expires_at <= work.now:
        return "over"
    return "ready"


def is_own(work: Work, token: str, session: SessionFacts | None) -> bool:
    """Whether the browser of this session is the one that registered."""
    opened = work.world.seals.open_link("registration", token)
    if opened is None or session is None or session.registration_id is None:
        return False
    row = _by_link(work, opened[0])
    return row is not None and row.id == session.registration_id


def by_link(work: Work, token: str) -> str:
    """Confirm by link; returns the link's state afterwards. A second use is no error.

    Raises Refusal("email_taken") when the address got an account in between.
    """
    state = link_state(work, token)
    if state != "ready":
        return state
    opened = work.world.seals.open_link("registration", token)
    row = _by_link(work, opened[0]) if opened else None
    if row is None:
        return "over"
    _confirm(work, row, by="link")
    return "confirmed"


def by_code(work: Work, registration_id: str | None, *, code: str) -> None:
    """Confirm by the 13-digit activation code, five wrong ones an hour.

    Raises Refusal: activation_wrong, activation_closed, registration_over, email_taken.
    """
    row = _by_id(work, registration_id)
    if row is None or (row.state != "confirmed" and row.expires_at <= work.now):
        raise Refusal("registration_over")
    if row.state == "confirmed":
        return
    throttle.spend(
        work, limits.ACTIVATION_CODE, row.id, "activation_closed", field="activation_code"
    )
    work.settle()
    if codes.verdict(work, "activation_code", row.link_id, code, row.codes) != "right":
        journal.write(work, "registration.code_refused", roll_id=row.roll_id)
        throttle.count_failure(work)
        raise Refusal("activation_wrong", "activation_code")
    throttle.refund(work, limits.ACTIVATION_CODE, row.id)
    _confirm(work, row, by="code")


def _confirm(work: Work, row: AnyRow, *, by: str) -> None:
    """Make the account from the registration, in one statement that only one caller passes."""
    account_id = _make_account(work, row.id)
    if account_id is None:
        _explain_conflict(work, row)
        return
    work.db.execute(
        insert(TermsAcceptance).values(
            account_id=account_id,
            version=row.terms_version,
            text_hash=row.terms_hash,
            accepted_at=row.terms_at,
            origin=row.terms_origin,
        )
    )
    work.db.execute(
        update(Registration)
        .where(Registration.id == row.id)
        .values(
            state="confirmed",
            email="",
            email_key="",
            password_hash="",
            codes="",
            terms_origin="",
            letter_id=None,
            expires_at=work.now + lifetimes.CONFIRMED_LINK,
        )
    )
    work.db.execute(
        delete(Registration).where(
            Registration.roll_id == row.roll_id, Registration.state == "draft"
        )
    )
    journal.write(
        work,
        "registration.confirmed",
        account_id=account_id,
        roll_id=row.roll_id,
        by=by,
        terms=row.terms_version,
    )


def _make_account(work: Work, registration_id: str) -> int | None:
    dialect = {"sqlite": sqlite, "postgresql": postgresql}[work.db.dialect.name]
    source = select(
        Registration.roll_id,
        Registration.email,
        Registration.email_key,
        Registration.password_hash,
        literal(work.now, Account.created_at.type),
    ).where(
        Registration.id == registration_id,
        Registration.state == "waiting",
        Registration.expires_at > work.now,
    )
    columns = ["roll_id", "email", "email_key", "password_hash", "created_at"]
    statement = (
        dialect.insert(Account)
        .from_select(columns, source)
        .on_conflict_do_nothing()
        .returning(Account.id)
    )
    return work.db.execute(statement).scalar()


def _explain_conflict(work: Work, row: AnyRow) -> None:
    """Nothing was made: somebody was faster (fine), or the address got an account meanwhile."""
    current = _by_id(work, row.id)
    if current is not None and current.state == "confirmed":
        return
    journal.write(work, "registration.address_conflict", roll_id=row.roll_id)
    raise Refusal("email_taken")


def _by_link(work: Work, link_id: str) -> AnyRow | None:
    return work.db.execute(
        select(*Registration.__table__.columns).where(Registration.link_id == link_id)
    ).first()


def _by_id(work: Work, registration_id: str | None) -> AnyRow | None:
    if registration_id is None:
        return None
    return work.db.execute(
        select(*Registration.__table__.columns).where(Registration.id == registration_id)
    ).first()
