"""Passkeys (WebAuthn): added in the space, then a second step, the whole sign-in, or a proof.

Their challenges are those of services/kernel/challenges.py.
"""

from collections.abc import Sequence
from enum import StrEnum

from sqlalchemy import select

from webapp.models import Passkey
from webapp.models.base import table
from webapp.rules.ranks import AtCode, Member, OfAccount, Session
from webapp.rules.refusals import Refusal
from webapp.services.kernel import challenges, journal, new_beginning, throttle
from webapp.services.kernel.challenges import Answer, Ceremony
from webapp.services.kernel.work import Work
from webapp.services.kernel.world import KnownPasskey
from webapp.services.sign_in import (
    finish,
    kept_passkeys,
    reauthentication,
    recovery_codes,
    second_factors,
)
from webapp.services.sign_in.finish import Entered
from webapp.services.sign_in.kept_passkeys import Found, Kept
from webapp.services.sign_in.second_factors import OwnStep


class Purpose(StrEnum):
    """What a challenge is for: one made for this opens nothing else."""

    ADD = "add"
    SECOND_STEP = "second_step"
    SIGN_IN = "sign_in"
    PROOF = "proof"


def to_add(work: Work, session: Member, *, browser: str) -> Ceremony:
    """What the browser needs to make a passkey for this member."""
    challenge, token = challenges.make(work, Purpose.ADD, browser)
    rows = kept_passkeys.of_account(work, session.account_id)
    options = work.world.passkeys.creation(
        challenge=challenge,
        handle=rows[0].handle if rows else kept_passkeys.handle_of(work, session.account_id),
        address=session.email,
        known=_known(rows),
    )
    return Ceremony(options, token)


def to_use(
    work: Work, purpose: Purpose, session: OfAccount | None, *, browser: str
) -> Ceremony | None:
    """What the browser needs to use one of this member's passkeys, None when they have none; any
    passkey of ours when nobody is known yet."""
    known = _known(kept_passkeys.of_account(work, session.account_id)) if session else ()
    if session is not None and not known:
        return None
    challenge, token = challenges.make(work, purpose, browser)
    return Ceremony(work.world.passkeys.request(challenge=challenge, known=known), token)


def add(work: Work, session: Member, answer: Answer, *, name: str) -> tuple[str, ...]:
    """Keep the passkey just made. Returns the recovery codes made along with the first step of
    one's own, none when there are some.

    Raises Refusal: passkey_over, passkey_refused, passkey_known, passkeys_many, session_over.
    """
    account_id = session.account_id
    challenge = challenges.spend(work, Purpose.ADD, answer)
    made = work.world.passkeys.made(answer.text, challenge)
    if made is None:
        raise Refusal("passkey_refused")
    new_beginning.lock_account(work, session)
    kept_passkeys.keep(work, account_id, made, name)
    has_codes = work.db.execute(select(second_factors.codes_of(account_id))).scalar()
    codes = () if has_codes else recovery_codes.make(work, account_id)
    second_factors.added(work, session, kind="passkey", name=name, codes=bool(codes))
    return codes


def kept(work: Work, session: Member, keys: Sequence[OwnStep]) -> str:
    """Which passkeys of this member are good, all of `keys`, as JSON for their device, which
    forgets the others: one that was removed here would be offered there for ever."""
    handle = keys[0].handle if keys else kept_passkeys.handle_of(work, session.account_id)
    return work.world.passkeys.accepted(handle, [each.credential_id for each in keys])


def remove(work: Work, session: Member, passkey_id: int) -> bool:
    """The passkey opens nothing any more; False when the member has no such one."""
    return second_factors.remove(work, session, "passkey", Passkey, Passkey.id == passkey_id)


def enter(work: Work, session: AtCode, answer: Answer, *, agent: str) -> Entered:
    """The second step of a sign-in. No try is spent: a signature can't be guessed.

    Raises Refusal: passkey_over, passkey_refused, code_over.
    """
    row = _used(work, Purpose.SECOND_STEP, answer)
    if isinstance(row, str) or row.account_id != session.account_id:
        why = row if isinstance(row, str) else "foreign"
        journal.write(
            work, "sign_in.passkey_refused", account_id=session.account_id, why=why, whole=False
        )
        raise throttle.failed(work, Refusal("passkey_refused"), gated=False)
    return finish.passed(work, session, by="passkey", agent=agent)


def sign_in(work: Work, answer: Answer, *, agent: str, previous: Session | None) -> Entered:
    """The whole sign-in: the device holds the key and has verified its owner, which are two.

    An account whose password must be chosen anew is not opened so. Unknown and wrong ones are
    refused alike. Raises Refusal: passkey_over, passkey_unknown, origin_closed.
    """
    row = _used(work, Purpose.SIGN_IN, answer)
    if not isinstance(row, str) and not row.password_hash:
        row = "password"
    if isinstance(row, str):
        journal.write(work, "sign_in.passkey_refused", why=row, whole=True)
        raise throttle.failed(work, Refusal("passkey_unknown"))
    return finish.straight(work, row, previous, by="passkey", agent=agent)


def prove(work: Work, session: Member, answer: Answer) -> None:
    """In the place of the present password. Raises Refusal: passkey_over, passkey_refused."""
    row = _used(work, Purpose.PROOF, answer)
    if isinstance(row, str) or row.account_id != session.account_id:
        why = row if isinstance(row, str) else "foreign"
        journal.write(work, "proof.passkey_refused", account_id=session.account_id, why=why)
        raise Refusal("passkey_refused")
    reauthentication.record(work, session, by="passkey")


def _used(work: Work, purpose: Purpose, answer: Answer) -> Found | str:
    """The passkey that signed this challenge, with its account, its use written down; or why not:
    unknown, signature, counter."""
    challenge = challenges.spend(work, purpose, answer)
    shown = work.world.passkeys.shown(answer.text)
    row = kept_passkeys.find(work, shown.credential_id) if shown else None
    if shown is None or row is None:
        return "unknown"
    nameless = shown.handle is None and purpose is not Purpose.SIGN_IN
    if not nameless and shown.handle != row.handle:
        return "unknown"
    count = work.world.passkeys.count(answer.text, challenge, row.public_key)
    if count is None:
        return "signature"
    if purpose is Purpose.SIGN_IN and not row.password_hash:
        return row  # refused by the caller; not used
    return row if challenges.count_up(work, table(Passkey), row.id, count) else "counter"


def _known(rows: Sequence[Kept]) -> tuple[KnownPasskey, ...]:
    return tuple(KnownPasskey(row.credential_id, row.transports) for row in rows)
