"""The space of one member, from outside: since when, its second factors, what is open in it, what
waits to change it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, TypeVar

from webapp.models.together import Answers
from webapp.rules import credentials
from webapp.rules.persons import Person
from webapp.services.desk import space_questions as asked
from webapp.services.desk.space_questions import DeviceRow, SessionRow

_Used = TypeVar("_Used", DeviceRow, SessionRow)


@dataclass(frozen=True)
class Factor:
    """A chosen second factor: passkey or app, without the name that whoever added it chose."""

    kind: str
    added_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True)
class Opened:
    """A session (rank: code, terms, member) or a trusted device (rank: device)."""

    rank: str
    agent: str
    since: datetime
    last_used_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class TakeoverState:
    """A newer letter's access. `state`: waiting (until `effective_at`), stopped, done. `leaves`: to
    a space of their own, away from the others."""

    state: str
    created_at: datetime
    effective_at: datetime
    ended_at: datetime | None
    leaves: bool = False


@dataclass(frozen=True)
class ChangeState:
    """A change of e-mail address. `state`: waiting (for its confirmation until `until`), or done
    (the former address may undo it until then)."""

    state: str
    masked_email: str
    created_at: datetime
    until: datetime


@dataclass(frozen=True)
class Space:
    """All of it. `must_choose`: no password opens it until another one is chosen. `since`: when
    this member joined it, None for its first; `others`: who shares it with them; `takeover`: or
    how they leave it. `suspended_at`: since when the mutual keeps everybody out. `last_sign_in`:
    as the journal, which lives a year, has it. `join_asked_until`: somebody asks to join it."""

    opened_at: datetime
    since: datetime | None
    others: tuple[Person, ...]
    masked_email: str
    must_choose: bool
    mailed_code_off: bool
    factors: tuple[Factor, ...]
    codes_left: int
    devices: tuple[Opened, ...]
    sessions: tuple[Opened, ...]
    takeover: TakeoverState | None
    changes: tuple[ChangeState, ...]
    closing_at: datetime | None
    suspended_at: datetime | None
    last_sign_in: datetime | None
    join_asked_until: datetime | None


class Own(NamedTuple):
    """What the account itself says."""

    opened_at: datetime
    since: datetime | None
    email: str
    must_choose: bool
    mailed_code_off: bool
    closing_at: datetime | None
    suspended_at: datetime | None


def of(answers: Answers, own: Own, others: tuple[Person, ...], now: datetime) -> Space:
    """The space as this member has it."""
    return Space(
        own.opened_at,
        own.since,
        others,
        credentials.masked_email(own.email),
        own.must_choose,
        own.mailed_code_off,
        _factors(answers),
        answers.to(asked.CODES)[0].left,
        _devices(answers, now),
        _sessions(answers),
        _takeover(answers),
        _changes(answers, now),
        own.closing_at,
        own.suspended_at,
        answers.to(asked.SIGNED_IN)[0].at,
        answers.to(asked.JOINING)[0].at,
    )


def _factors(answers: Answers) -> tuple[Factor, ...]:
    found = [
        Factor(kind, row.added_at, row.last_used_at)
        for kind, question in (("passkey", asked.PASSKEYS), ("app", asked.APPS))
        for row in answers.to(question)
        if row.added_at
    ]
    return tuple(sorted(found, key=lambda factor: factor.added_at))


def _devices(answers: Answers, now: datetime) -> tuple[Opened, ...]:
    live = [
        row
        for row in answers.to(asked.DEVICES)
        if row.trusted and row.current and row.ends_at > now
    ]
    return tuple(
        Opened("device", row.agent, row.since, row.last_used_at, row.ends_at)
        for row in _last_used_first(live)
    )


def _sessions(answers: Answers) -> tuple[Opened, ...]:
    return tuple(Opened(*row[1:]) for row in _last_used_first(answers.to(asked.SESSIONS)))


def _last_used_first(rows: Iterable[_Used]) -> list[_Used]:
    by_age = sorted(rows, key=lambda row: row.id)
    return sorted(by_age, key=lambda row: row.last_used_at, reverse=True)


def _takeover(answers: Answers) -> TakeoverState | None:
    """The youngest thing that a newer letter of this member's began."""
    rows = [
        TakeoverState(*row, leaves=leaves)
        for question, leaves in ((asked.TAKEOVERS, False), (asked.LEAVINGS, True))
        for row in answers.to(question)
    ]
    return max(rows, key=lambda row: row.created_at, default=None)


def _changes(answers: Answers, now: datetime) -> tuple[ChangeState, ...]:
    changes = answers.to(asked.CHANGES)
    live = [
        row
        for row in changes
        if row.until > now and (row.state == "done" or (row.state == "waiting" and row.current))
    ]
    return tuple(
        ChangeState(row.state, credentials.masked_email(row.email), row.created_at, row.until)
        for row in sorted(live, key=lambda row: row.created_at, reverse=True)
    )
