"""How far a visitor has come, and what is known of them there.

A session has exactly one rank; every door names those it lets in. A visitor has no session at all.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from webapp.rules.persons import Person


class Rank(StrEnum):
    """The ranks of a session, from the street to the space."""

    VISITOR = "visitor"  # no session in the store
    REGISTERING = "registering"  # proved the letter in this browser
    CODE = "code"  # right password, security code still to come
    WAITING = "waiting"  # right password of a registration not confirmed yet
    TERMS = "terms"  # both steps right, new terms still to accept
    MEMBER = "member"  # signed in
    SHUT = (
        "shut"  # signed in to a space that is closed: its member left or died, or it is suspended
    )


ANYONE = tuple(Rank)
SIGNED_IN = (Rank.MEMBER, Rank.TERMS)  # through both steps, be new terms still to accept
NOT_MEMBERS = tuple(rank for rank in ANYONE if rank not in SIGNED_IN)


@dataclass(frozen=True)
class Stored:
    """A live session of the store as a request finds it, whatever its rank."""

    id: int
    rank: Rank
    browser_key: str | None
    created_at: datetime
    seen_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class OfRegistration(Stored):
    """A session that carries a registration; None once the registration was purged."""

    registration_id: str | None


@dataclass(frozen=True)
class Registering(OfRegistration):
    """The letter was proved in this browser."""


@dataclass(frozen=True)
class Waiting(OfRegistration):
    """The right password of a registration that is not confirmed yet."""


@dataclass(frozen=True)
class OfAccount(Stored):
    """A session of an account. `email` and `terms_version` are the account's.

    `codes` holds the security codes mailed in this session. `proved_at`: when its member last gave
    the password or a passkey. `epoch` is the account's when the session was proved
    (services/kernel/new_beginning.py), None when a release that did not count made the session.
    `status` is the member's on the roll, or that their space is suspended (rules/statuses.py).

    `roll_id` is the member of whom the request speaks; `terms_version` and `status` are theirs.
    `joined`: how many members share the space with its first; `persons`: all of them, the first
    one first, where there are several and the session is signed in.
    """

    account_id: int
    email: str
    terms_version: str
    status: str
    epoch: int | None
    proved_at: datetime | None
    codes: str
    roll_id: int
    joined: int
    persons: tuple[Person, ...]

    @property
    def person(self) -> Person | None:
        """The member of whom the request speaks, in a space of several; None in one's own."""
        return next((each for each in self.persons if each.roll_id == self.roll_id), None)

    @property
    def person_id(self) -> int | None:
        """Their roll entry, for what is done in a space of several by one of them; None in one's
        own, where nobody else could have done it."""
        return self.roll_id if self.persons else None

    @property
    def for_whom(self) -> str:
        """« M. Gérard Exemple », for a mail to a space of several; "" in one's own."""
        return self.person.name if self.person else ""

    @property
    def since(self) -> datetime | None:
        """When this member joined the space, None for its first."""
        return self.person.since if self.person else None


@dataclass(frozen=True)
class AtCode(OfAccount):
    """The right password was given, the second factor is still to come.

    `browser_key` ties a second password to the sign-in under way. `remember`: whether the device is
    to be remembered. `ways`: the second factors that the member had when the password was given.
    """

    browser_key: str
    remember: bool
    ways: str


@dataclass(frozen=True)
class Member(OfAccount):
    """Signed in; at the rank TERMS, new terms are still to be accepted.

    `device_id` is that of the remembered device that signed in, None without one.
    """

    device_id: int | None


@dataclass(frozen=True)
class Shut(OfAccount):
    """Signed in, and the space is closed. No session is stored at this rank: one at MEMBER or TERMS
    is read so while the roll says that its member left or died, or an operator suspends it."""


Session = Registering | AtCode | Waiting | Member | Shut
