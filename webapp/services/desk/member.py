"""One member, as whoever answers the telephone needs them: roll, letter, registrations, space,
mails, waits, last events. No code, no password, no whole e-mail address leaves here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import BindParameter, and_, bindparam, func, or_, select

from webapp.models import JoinRequest, JournalEntry, Registration
from webapp.models.base import Moment
from webapp.models.together import Answers, Question, Together
from webapp.rules import credentials, events, lifetimes, postal
from webapp.rules.full_name import full_name
from webapp.services.desk import entries, letters, mails, space, space_questions, waits
from webapp.services.desk.entries import Entry
from webapp.services.desk.letters import Code, LetterFacts
from webapp.services.desk.mails import SentMail
from webapp.services.desk.space import Space
from webapp.services.desk.waits import Wait, Whose
from webapp.services.kernel import household
from webapp.services.kernel.work import Work

EVENTS, MOST = 20, 5  # the last ones: of the journal, of registrations


@dataclass(frozen=True)
class OnTheRoll:
    """What the mutual's file says. `missing_since`: marked as left, a whole roll did not name
    them. `came_back`: the last letter was noted as returned."""

    number: str
    civility: str
    first_name: str
    last_name: str
    status: str
    missing_since: datetime | None
    address: tuple[str, ...]
    contract: str
    joined_on: date | None
    updated_at: datetime
    came_back: bool = False

    @property
    def names(self) -> str:
        """« Mme Odile Martin », as far as the roll says it."""
        return full_name(self.civility, self.first_name, self.last_name)


@dataclass(frozen=True)
class RegistrationFacts:
    """`state`: draft (terms not accepted yet), waiting (for its mail to be confirmed), confirmed;
    `void`: its time is over, or a newer letter took the place of the one it was begun with.
    `mail`: its last one, among the member's last mails."""

    id: str
    state: str
    masked_email: str
    created_at: datetime
    mailed_at: datetime | None
    expires_at: datetime
    void: bool
    mail: SentMail | None


@dataclass(frozen=True)
class Event:
    """An entry of the journal in its French words; the operator's reason, "" without one, or where
    the words say it."""

    at: datetime
    words: str
    reason: str


@dataclass(frozen=True)
class MemberFacts:
    """All of it. `letters`: the present one first. `letter_wanted_at`: an operator asked for one,
    which the next batch makes. `joins_until`: whose space has their address is asked until then."""

    on_the_roll: OnTheRoll
    letters: tuple[LetterFacts, ...]
    registrations: tuple[RegistrationFacts, ...]
    space: Space | None
    mails: tuple[SentMail, ...]
    waits: tuple[Wait, ...]
    events: tuple[Event, ...]
    letter_wanted_at: datetime | None
    joins_until: datetime | None


class _RegistrationRow(NamedTuple):
    id: str
    state: str
    email: str
    code_mac: bytes | None
    letter_id: str | None
    created_at: datetime
    mailed_at: datetime | None
    expires_at: datetime


class _EventRow(NamedTuple):
    id: int
    at: datetime
    event: str
    facts: dict[str, object]


class _UntilRow(NamedTuple):
    until: datetime | None


_ROLL: BindParameter[int] = bindparam("roll_id")
_NOW = bindparam("now", type_=Moment)
_REGISTRATIONS = Question(
    _RegistrationRow,
    select(*(getattr(Registration, name) for name in _RegistrationRow._fields)).where(
        Registration.roll_id == _ROLL
    ),
)
_EVENTS = Question(
    _EventRow,
    select(*(getattr(JournalEntry, name) for name in _EventRow._fields))
    .where(
        or_(
            JournalEntry.roll_id == _ROLL,
            # of several who share the space, nothing of another
            and_(
                JournalEntry.account_id == bindparam("account_id"), JournalEntry.roll_id.is_(None)
            ),
        )
    )
    .order_by(JournalEntry.at.desc(), JournalEntry.id.desc())
    .limit(EVENTS),
    limited=True,
)
_JOINS = Question(
    _UntilRow,
    select(func.max(JoinRequest.expires_at).label("until")).where(
        JoinRequest.roll_id == _ROLL, JoinRequest.expires_at > _NOW
    ),
)
_TOGETHER = Together(letters.LAST, _REGISTRATIONS, _EVENTS, _JOINS, *space_questions.QUESTIONS)


def look(work: Work, roll_id: int) -> MemberFacts:
    """The member of this roll entry. Raises LookupError when there is none."""
    entry = entries.find(work, roll_id)
    answers = _TOGETHER.ask(
        work.db,
        {
            "roll_id": roll_id,
            "account_id": entry.account_id,
            "now": work.now,
            "oldest_code": work.now - lifetimes.ACCESS_CODE,
        },
    )
    registered = sorted(answers.to(_REGISTRATIONS), key=lambda row: row.id)
    registered.sort(key=lambda row: row.created_at, reverse=True)
    mailed = _mails(work, entry, answers, registered)
    code = Code(entry.code_mac, entry.code_issued_at, entry.replaced_mac is not None, entry.used)
    return MemberFacts(
        OnTheRoll(
            entry.number, entry.civility, entry.first_name, entry.last_name, entry.status,
            entry.missing_since, tuple(postal.lines(entry.address)), entry.contract,
            entry.joined_on, entry.updated_at, entry.returned_mac is not None,
        ),
        letters.of(work, answers, code),
        tuple(_registration(work, entry, row, mailed) for row in registered[:MOST]),
        _space(work, entry, answers),
        mailed,
        waits.closed(work, _whose(entry, answers, registered[:MOST])),
        _events(answers),
        entry.letter_wanted_at,
        answers.to(_JOINS)[0].until,
    )  # fmt: skip


def _whose(entry: Entry, answers: Answers, registered: Sequence[_RegistrationRow]) -> Whose:
    ids = [each.id for each in registered]
    if entry.account_id is None:
        return Whose(entry.id, entry.number, ids)
    devices = [each.id for each in answers.to(space_questions.DEVICES)]
    return Whose(
        entry.id, entry.number, ids, entry.account_id, entry.email_key, entry.password_hash,
        entry.epoch, devices,
    )  # fmt: skip


def _mails(
    work: Work, entry: Entry, answers: Answers, registered: Sequence[_RegistrationRow]
) -> tuple[SentMail, ...]:
    changes = [
        mails.Asked(each.email, each.created_at)
        for each in answers.to(space_questions.CHANGES)
        if each.state == "waiting"
    ]
    of_registration = [each.letter_id for each in registered if each.letter_id is not None]
    address = None if entry.account_id is None else entry.email
    return mails.last(work, of_registration, address, changes)


def _registration(
    work: Work, entry: Entry, row: _RegistrationRow, mailed: Sequence[SentMail]
) -> RegistrationFacts:
    return RegistrationFacts(
        row.id, row.state, credentials.masked_email(row.email) if row.email else "",
        row.created_at, row.mailed_at, row.expires_at,
        row.expires_at <= work.now or row.code_mac not in (None, entry.code_mac),
        next((each for each in mailed if each.id == row.letter_id), None),
    )  # fmt: skip


def _space(work: Work, entry: Entry, answers: Answers) -> Space | None:
    if entry.account_id is None:
        return None
    others = household.others(work, entry.account_id, entry.id) if entry.joined else ()
    own = space.Own(
        entry.opened_at, entry.since, entry.email, not entry.password_hash,
        entry.mailed_code_off, entry.closing_at, entry.suspended_at,
    )  # fmt: skip
    return space.of(answers, own, others, work.now)


def _events(answers: Answers) -> tuple[Event, ...]:
    rows = sorted(answers.to(_EVENTS), key=lambda row: (row.at, row.id), reverse=True)
    return tuple(
        Event(
            row.at,
            events.told(row.event, row.facts),
            "" if events.tells(row.event, "reason") else str(row.facts.get("reason", "")),
        )
        for row in rows
    )
