"""The challenges that passkeys sign, and the counters of those that did.

None is kept in a table: a challenge follows from a sealed token, its purpose and a secret of the
browser, lives five minutes and is spent once (docs/decisions/second-steps.md).
"""

from dataclasses import dataclass

from sqlalchemy import Table, and_, literal, or_, update

from webapp.rules import lifetimes, limits
from webapp.rules.refusals import Refusal
from webapp.services.kernel import throttle
from webapp.services.kernel.work import Work


@dataclass(frozen=True)
class Ceremony:
    """What a page hands to the browser: options as JSON, and the token that comes back."""

    options: str
    token: str


@dataclass(frozen=True)
class Answer:
    """What comes back: the browser's answer as JSON, the token, and the browser's own secret."""

    text: str
    token: str
    browser: str


def make(work: Work, purpose: str, browser: str) -> tuple[bytes, str]:
    """A challenge, and the token that stands for it: for one purpose, in one browser."""
    nonce = work.world.chance.token()
    token = work.world.seals.seal_link("passkey", nonce)
    return work.world.seals.mac("passkey_challenge", purpose, browser, nonce), token


def spend(work: Work, purpose: str, answer: Answer) -> bytes:
    """The challenge that the token stands for in this browser, good once and for five minutes.

    Raises Refusal("passkey_over").
    """
    opened = work.world.seals.open_link("passkey", answer.token)
    if opened is None or work.now >= opened[1] + lifetimes.PASSKEY_CHALLENGE:
        raise Refusal("passkey_over")
    nonce = opened[0]
    try:
        throttle.spend(work, limits.PASSKEY_CHALLENGE, nonce, "passkey_over")
    except Refusal:
        raise Refusal("passkey_over") from None  # a used one: to wait would not help
    return work.world.seals.mac("passkey_challenge", purpose, answer.browser, nonce)


def count_up(work: Work, keys: Table, key_id: int, count: int) -> bool:
    """Write down that this passkey was used, with its signature counter. False for a counter that
    goes back, which tells of a copied key."""
    before = keys.c.sign_count
    never = and_(before == 0, literal(count) == 0)  # keys that do not count
    marked = work.db.execute(
        update(keys)
        .where(keys.c.id == key_id, or_(before < count, never))
        .values(sign_count=count, last_used_at=work.now)
    )
    return marked.rowcount == 1
