"""The ways to take the second step of a sign-in, as a session carries them: a letter each.

No letter at all: the mailed code alone, sent by itself. Otherwise the member has steps of their
own, and the mail leaves only when it is asked for.
"""

from dataclasses import dataclass
from enum import StrEnum


class Way(StrEnum):
    """In the order in which they are offered."""

    PASSKEY = "p"
    APP = "a"
    MAIL = "m"
    RECOVERY_CODE = "r"


@dataclass(frozen=True)
class Removed:
    """What was removed. `kind`: passkey, app or codes; `name` is the member's own, codes have
    none."""

    kind: str
    name: str = ""


def offered(*, passkey: bool, app: bool, codes: bool, mail_off: bool) -> str:
    """The letters for what an account has. Codes and « no mail » count for nothing without a
    passkey or an app: nobody may be left without a way."""
    if not (passkey or app):
        return ""
    has = {Way.PASSKEY: passkey, Way.APP: app, Way.MAIL: not mail_off, Way.RECOVERY_CODE: codes}
    return "".join(way for way in Way if has[way])
