"""Tries of the owner's own: five passwords an hour on the browsers that opened the link of a
warning mail, or that have just chosen a new password, whatever others do to the account or to its
address of origin.

A pass is a nonce bound to its account by a keyed hash, signed and dated: it names nobody and no
table knows it. Only its tries are counted, so that all browsers of one link share them.
"""

from datetime import timedelta

from webapp.rules import lifetimes, limits
from webapp.rules.refusals import Refusal
from webapp.services.kernel import throttle
from webapp.services.kernel.work import Work
from webapp.services.mail import notices
from webapp.services.sign_in.candidates import AccountFound

_LINK, _PASS = "own_tries_link", "own_tries"
_SIGNS = 32  # of the keyed hash: 128 bits


def give(work: Work, account_id: int) -> str:
    """A pass for this account, good for an hour."""
    return work.world.seals.seal_link(_PASS, _bound(work, account_id))


def exchange(work: Work, token: str) -> str | None:
    """The pass for the link of a mail, None when it is late or not ours. Nothing is spent."""
    content = _opened(work, _LINK, token, lifetimes.OWN_TRIES_LINK)
    return None if content is None else work.world.seals.seal_link(_PASS, content)


def spend(work: Work, account_id: int, own_pass: str | None) -> str | None:
    """Spend a try of the pass; returns what it was counted for (limits.OWN_TRIES). None when it is
    not one of this account's, is late or used up: the tries of everybody count then."""
    content = own_pass and _opened(work, _PASS, own_pass, lifetimes.OWN_TRIES)
    nonce, _, mark = (content or "").partition(".")
    if not mark or mark not in _marks(work, account_id, nonce):
        return None
    try:
        throttle.spend(work, limits.OWN_TRIES, nonce, "password_closed")
    except Refusal:
        return None
    return nonce


def warn(work: Work, account: AccountFound | None, *, address: str) -> None:
    """Tell the owner of ten wrong passwords more, with a link to tries of their own: once an hour
    at most. An address without an account costs the same work, whose mail is thrown away."""
    try:
        throttle.spend(work, limits.WARNING, address, "password_closed")
    except Refusal:
        return
    if account is not None:
        _mail(work, account.account_id, account.email)
    else:
        thrown_away = work.db.begin_nested()
        _mail(work, 0, address)
        thrown_away.rollback()


def _mail(work: Work, account_id: int, address: str) -> None:
    token = work.world.seals.seal_link(_LINK, _bound(work, account_id))
    life = lifetimes.OWN_TRIES_LINK
    # others may cause enough notices to hold this one back for a day; it has a limit of its own
    notices.tell(
        work,
        "ten_failures",
        to=address,
        good_for=life,
        at_once=True,
        wake=False,
        token=token,
        life=life,
    )


def _bound(work: Work, account_id: int) -> str:
    nonce = work.world.chance.row_id()
    return f"{nonce}.{_marks(work, account_id, nonce)[0]}"


def _marks(work: Work, account_id: int, nonce: str) -> list[str]:
    """What binds a nonce to its account, under today's key and each former one."""
    macs = work.world.seals.macs("own_tries", str(account_id), nonce)
    return [mac.hex()[:_SIGNS] for mac in macs]


def _opened(work: Work, purpose: str, token: str, life: timedelta) -> str | None:
    opened = work.world.seals.open_link(purpose, token)
    return None if opened is None or opened[1] + life <= work.now else opened[0]
