"""One member, as whoever answers the telephone needs them: roll, letter, registrations, space,
mails, waits, last events. No code, no password, no whole e-mail address leaves here."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, literal, or_, select

from webapp.models import Account, JournalEntry, Registration, RollEntry, WantedLetter
from webapp.rules import credentials, events, postal
from webapp.rules.full_name import full_name
from webapp.services.desk import letters, mails, space, waits
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
    them. `wanted_at`: when an operator asked for the letter that the next batch makes.
    `came_back`: the last letter was noted as returned."""

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
    wanted_at: datetime | None = None
    came_back: bool = False

    @property
    def names(self) -> str:
        """« Mme Odile Martin », as far as the roll says it."""
        return full_name(self.civility, self.first_name, self.last_name)


@dataclass(frozen=True)
class RegistrationFacts:
    """`state`: draft (terms not accepted yet), waiting (for its mail to be confirmed), confirmed;
    `void`: its time is over, or a newer letter took the place of the one it was begun with."""

    id: str
    state: str
    masked_email: str
    created_at: datetime
    mailed_at: datetime | None
    expires_at: datetime
    void: bool


@dataclass(frozen=True)
class Event:
    """An entry of the journal in its French words; the operator's reason, "" without one, or where
    the words say it."""

    at: datetime
    words: str
    reason: str


@dataclass(frozen=True)
class MemberFacts:
    """All of it. `letters`: the present one first."""

    on_the_roll: OnTheRoll
    letters: tuple[LetterFacts, ...]
    registrations: tuple[RegistrationFacts, ...]
    space: Space | None
    mails: tuple[SentMail, ...]
    waits: tuple[Wait, ...]
    events: tuple[Event, ...]


def look(work: Work, roll_id: int) -> MemberFacts:
    """The member of this roll entry. Raises LookupError when there is none."""
    wanted = WantedLetter.asked_at.label("wanted_at")
    of_roll = select(RollEntry, wanted).outerjoin(
        WantedLetter, WantedLetter.roll_id == RollEntry.id
    )
    entry = work.db.execute(of_roll.where(RollEntry.id == roll_id)).first()
    if entry is None:
        raise LookupError(roll_id)
    theirs = household.account_of(literal(roll_id)), household.mac_used_by(literal(roll_id))
    account = work.db.execute(
        select(Account, theirs[1].label("used_mac")).where(Account.id == theirs[0])
    ).first()
    whose = Whose(
        roll_id, entry.number, *((account.id, account.email_key, account.password_hash,
        account.epoch) if account else ()),
    )  # fmt: skip
    registrations = _registrations(work, roll_id, entry.code_mac)
    return MemberFacts(
        OnTheRoll(
            entry.number, entry.civility, entry.first_name, entry.last_name, entry.status,
            entry.missing_since, tuple(postal.lines(entry.address)), entry.contract,
            entry.joined_on, entry.updated_at, entry.wanted_at, entry.returned_mac is not None,
        ),
        letters.look(work, roll_id, Code(
            entry.code_mac, entry.code_issued_at, entry.replaced_mac is not None,
            account is not None and account.used_mac == entry.code_mac,
        )),
        registrations,
        space.look(work, account.id, roll_id) if account else None,
        mails.last(work, roll_id, whose.account_id),
        waits.closed(work, whose, [each.id for each in registrations]),
        _events(work, roll_id, whose.account_id),
    )  # fmt: skip


def _registrations(work: Work, roll_id: int, letter_mac: bytes) -> tuple[RegistrationFacts, ...]:
    rows = work.db.execute(
        select(Registration)
        .where(Registration.roll_id == roll_id)
        .order_by(Registration.created_at.desc(), Registration.id)
        .limit(MOST)
    )
    return tuple(
        RegistrationFacts(
            row.id, row.state, credentials.masked_email(row.email) if row.email else "",
            row.created_at, row.mailed_at, row.expires_at,
            row.expires_at <= work.now or row.code_mac not in (None, letter_mac),
        )
        for row in rows
    )  # fmt: skip


def _events(work: Work, roll_id: int, account_id: int | None) -> tuple[Event, ...]:
    mine = [JournalEntry.roll_id == roll_id]
    if account_id is not None:
        # of several who share the space, nothing of another
        shared = JournalEntry.account_id == account_id, JournalEntry.roll_id.is_(None)
        mine.append(and_(*shared))
    rows = work.db.execute(
        select(JournalEntry.at, JournalEntry.event, JournalEntry.facts)
        .where(or_(*mine))
        .order_by(JournalEntry.at.desc(), JournalEntry.id.desc())
        .limit(EVENTS)
    )
    return tuple(
        Event(
            row.at,
            events.told(row.event, row.facts),
            "" if events.tells(row.event, "reason") else str(row.facts.get("reason", "")),
        )
        for row in rows
    )
