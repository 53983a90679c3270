"""Security notices: mails that tell a member what touches the security of their space.

At most ten an hour leave to an address, whatever the cause; the others leave when their turn comes.
Two of the ten places are for urgent notices, whose link stops or undoes something. Otherwise
whoever did that something could cause so many others that the urgent one would come too late.
"""

from datetime import timedelta

from sqlalchemy import ColumnElement

from webapp.models import OutboxMail
from webapp.rules import credentials, limits, mails
from webapp.rules.limits import Limit
from webapp.rules.mails import Kind
from webapp.services.kernel import throttle
from webapp.services.kernel.work import Work
from webapp.services.mail import outbox
from webapp.services.mail.outbox import MailRow
from webapp.services.mail.turns import Turn

GOOD_FOR = limits.DAY  # a notice that could not leave for a day tells nothing any more


def tell(
    work: Work,
    name: str,
    *,
    to: str,
    roll_id: int | None = None,
    good_for: timedelta = GOOD_FOR,
    at_once: bool = False,
    wake: bool = True,
    **facts: object,
) -> str:
    """Write the mail `name` in this work's transaction; returns its id. `wake` is what
    `outbox.post` says of it, the rest is what `draft` asks for."""
    row = draft(work, name, to=to, roll_id=roll_id, good_for=good_for, at_once=at_once, **facts)
    outbox.post_sealed(work, row, wake=wake)
    return row["id"]


def draft(
    work: Work,
    name: str,
    *,
    to: str,
    roll_id: int | None = None,
    good_for: timedelta = GOOD_FOR,
    at_once: bool = False,
    **facts: object,
) -> MailRow:
    """A notice for `outbox.post_sealed`, several of them to several addresses in one statement; two
    to the same address would take the same turn.

    It leaves as soon as the limit lets it, and never after `good_for`. `at_once`: it takes a place
    and waits for none, the caller limits it. Raises ValueError for a mail that is no notice.
    """
    limit = _limit(name)
    key = _key(work, limit, to)
    return outbox.sealed(
        work,
        name,
        to=to,
        roll_id=roll_id,
        best_before=work.now + good_for,
        to_key=key,
        leaves=work.now if at_once else Turn(key, limit.tries, work.now),
        **facts,
    )


def sent_to(work: Work, address: str) -> ColumnElement[bool]:
    """The condition that a mail is a notice to this address, urgent or not, under every secret
    key that mails kept so long may have been written with."""
    return OutboxMail.to_key.in_(keys_of(work, address))


def keys_of(work: Work, address: str) -> list[str]:
    """What `to_key` is of the notices to this address."""
    both, subject = (limits.NOTICES, limits.URGENT_NOTICES), credentials.email_key(address)
    return [key for limit in both for key in throttle.keys(work, limit.name, subject)]


def _limit(name: str) -> Limit:
    kind = mails.declared(name).kind
    if kind is Kind.TRANSACTIONAL:
        raise ValueError(f"mail {name!r} is no notice: post it (services/mail/outbox.py)")
    return limits.URGENT_NOTICES if kind is Kind.URGENT_NOTICE else limits.NOTICES


def _key(work: Work, limit: Limit, address: str) -> str:
    """The keyed hash of an address, by which its notices are counted."""
    return throttle.key(work, limit.name, credentials.email_key(address))
