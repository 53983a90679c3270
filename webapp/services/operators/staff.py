"""Who may use the desk: added, disabled, enrolled anew. Nobody is ever deleted, for the journal
names them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from unicodedata import name as sign_name
from unicodedata import normalize

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import aliased

from webapp.models.desk import Look, RollUpload, TwoPersonRequest
from webapp.models.operator import Enrolment, Operator, OperatorPasskey, OperatorSession
from webapp.rules import accents, credentials, lifetimes
from webapp.rules.roles import Role
from webapp.services.kernel import journal
from webapp.services.kernel.work import Work

LINK = "enrolment"  # what the token of its link is sealed for
LONGEST_NAME = 60


class Unknown(LookupError):
    """No operator has this name."""


class Known(ValueError):
    """An operator who is not disabled has this name already."""


class OperatorRow(NamedTuple):
    """An operator as a list shows them. `keys`: their passkeys; `link_until`: until when a link to
    enrol waits for them, None when none does."""

    id: int
    name: str
    role: str
    added_at: datetime
    disabled_at: datetime | None
    keys: int
    last_seen_at: datetime | None
    link_until: datetime | None


@dataclass(frozen=True)
class Link:
    """What the link that enrols an operator ends with, and until when it is good."""

    token: str
    until: datetime


def normal_name(text: str) -> str | None:
    """A name as it is stored: one line. None for what is none."""
    kept = text.strip()
    if not kept or len(kept) > LONGEST_NAME or credentials.has_control_characters(kept):
        return None
    return kept


def new_name(text: str) -> str | None:
    """The same for somebody to add, whose letters are all of our alphabet: « с.martin » has one of
    another, and reads as « c.martin »."""
    kept = normal_name(text)
    if kept is None or normalize("NFKC", kept) != normalize("NFC", kept):
        return None
    letters = (sign for sign in normalize("NFD", kept) if sign.isalpha())
    return kept if all(sign_name(sign, "").startswith("LATIN ") for sign in letters) else None


def everybody(work: Work) -> list[OperatorRow]:
    """All operators by name, those who are disabled too."""
    keys = (
        select(func.count())
        .where(OperatorPasskey.operator_id == Operator.id)
        .scalar_subquery()
        .label("keys")
    )
    seen = (
        select(func.max(OperatorPasskey.last_used_at))
        .where(OperatorPasskey.operator_id == Operator.id)
        .scalar_subquery()
    )
    waits = (
        select(func.max(Enrolment.expires_at))
        .where(Enrolment.operator_id == Operator.id, Enrolment.used_at.is_(None))
        .where(Enrolment.expires_at > work.now)
        .scalar_subquery()
    )
    told = (Operator.id, Operator.name, Operator.role, Operator.added_at, Operator.disabled_at)
    asked = select(*told, keys, seen.label("seen"), waits.label("waits")).order_by(Operator.name)
    return [OperatorRow(*row) for row in work.db.execute(asked)]


def add(work: Work, name: str, role: Role, *, by: str) -> Link:
    """Somebody may use the desk once they enrolled with the link. One who was disabled comes back
    with this role. Raises Known, for a name too that differs from another's by case, accents or
    signs alone."""
    if any(name != other and accents.are_alike(name, other) for other in _names(work)):
        raise Known(name)
    back = work.db.execute(
        update(Operator)
        .where(Operator.name == name, Operator.disabled_at.is_not(None))
        .values(role=role, disabled_at=None, disabled_by="", added_at=work.now, added_by=by)
        .returning(Operator.id)
    ).scalar()
    operator_id = back if back is not None else _insert(work, name, role, by)
    journal.write(work, "operator.added", name=name, role=str(role), by=by)
    return _link(work, operator_id, by)


def _names(work: Work) -> Sequence[str]:
    return work.db.scalars(select(Operator.name)).all()


def _insert(work: Work, name: str, role: Role, by: str) -> int:
    values = {
        "name": name,
        "role": role,
        "handle": work.world.seals.mac("operator_handle", work.world.chance.row_id()),
        "added_at": work.now,
        "added_by": by,
    }
    made = work.db.execute(
        work.insert(Operator)
        .values(values)
        .on_conflict_do_nothing(index_elements=["name"])
        .returning(Operator.id)
    ).scalar()
    if made is None:
        raise Known(name)
    return int(made)


def disable(work: Work, name: str, *, by: str) -> None:
    """They are out at once: keys, links, sessions and open pages are gone, and what they asked of a
    second operator. Raises Unknown."""
    operator_id = work.db.execute(
        update(Operator)
        .where(Operator.name == name, Operator.disabled_at.is_(None))
        .values(disabled_at=work.now, disabled_by=by)
        .returning(Operator.id)
    ).scalar()
    if operator_id is None:
        raise Unknown(name)
    _shut_out(work, operator_id)
    journal.write(work, "operator.disabled", name=name, by=by)


def reset(work: Work, name: str, *, by: str) -> Link:
    """A lost key: the former keys open nothing any more, and a new link enrols. What was asked of a
    second operator is void: whoever found the key may have asked. Raises Unknown, for one who is
    disabled too."""
    operator_id = work.db.execute(
        select(Operator.id).where(Operator.name == name, Operator.disabled_at.is_(None))
    ).scalar()
    if operator_id is None:
        raise Unknown(name)
    _shut_out(work, operator_id)
    journal.write(work, "operator.reset", name=name, by=by)
    return _link(work, operator_id, by)


def _shut_out(work: Work, operator_id: int) -> None:
    # links before keys before sessions: a key or a session that is being made with one of them is
    # waited for, and goes too
    for table in (Enrolment, OperatorPasskey, OperatorSession, Look):
        work.db.execute(delete(table).where(table.operator_id == operator_id))
    own = TwoPersonRequest.asked_by == operator_id, TwoPersonRequest.state == "waiting"
    work.db.execute(update(TwoPersonRequest).where(*own).values(state="refused"))
    rolls = RollUpload.uploaded_by == operator_id, RollUpload.state == "waiting"
    work.db.execute(delete(RollUpload).where(*rolls))


def _link(work: Work, operator_id: int, by: str) -> Link:
    """A new link; those before it are void."""
    work.db.execute(delete(Enrolment).where(Enrolment.operator_id == operator_id))
    row_id, until = work.world.chance.row_id(), work.now + lifetimes.ENROLMENT
    work.db.execute(
        work.insert(Enrolment).values(
            id=row_id, operator_id=operator_id, made_at=work.now, made_by=by, expires_at=until
        )
    )
    return Link(work.world.seals.seal_link(LINK, row_id), until)


def of_one_hand(work: Work) -> frozenset[int]:
    """The operators who may be one person with the operator at work, who is among them: within the
    day one gave the other a key, or somebody gave both, however many stand between. A link is kept
    as long (rules/retention.py); those that commands made lead to nobody."""
    maker = aliased(Operator)
    made = (
        select(Enrolment.operator_id, maker.id)
        .join(maker, maker.name == Enrolment.made_by)
        .where(Enrolment.made_at > work.now - lifetimes.SECOND_OPERATOR)
    )
    pairs = [{*row} for row in work.db.execute(made)]
    found, grown = set[int](), {work.operator_id or 0}
    while grown != found:
        found = grown
        grown = found.union(*(pair for pair in pairs if pair & found))
    return frozenset(found)
