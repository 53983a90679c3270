"""8 bits of a password that waits, so that a sign-in need not check what it can't be.

An address may have a space and, beside it, registrations in waiting or a newer letter's access.
The tag says which of these a typed password may belong to, without a slow hash. It needs the
secret key, and is another for each member: the database alone tells nothing by it.
"""

from webapp.rules import credentials
from webapp.services.kernel.work import Work


def of(work: Work, roll_id: int, password: str) -> int:
    """The tag of the password that this member of the roll chose."""
    return work.world.seals.mac("password_tag", *_parts(roll_id, password))[0]


def may_be(work: Work, tag: int | None, roll_id: int, typed: str) -> bool:
    """Whether what was typed may be this member's password: it is so by chance once in 256 times
    for each of our keys. None, which the former release wrote, may be any."""
    if tag is None:
        return True
    return any(
        mac[0] == tag for mac in work.world.seals.macs("password_tag", *_parts(roll_id, typed))
    )


def _parts(roll_id: int, password: str) -> tuple[str, str]:
    return str(roll_id), credentials.password(password)
