"""A newer letter's day is over: its member has a space of their own. Who shares theirs with nobody
takes it over (services/takeover/effect.py); who leaves a space of several gets a new one."""

from typing import cast

from sqlalchemy import SQLColumnExpression, Table, insert, or_, select
from sqlalchemy.exc import IntegrityError

from webapp.models import Account, Leaving
from webapp.rules.persons import name_of
from webapp.services.account import terms
from webapp.services.household.leaving import LEAVING
from webapp.services.kernel import journal, promotion
from webapp.services.kernel.work import Work
from webapp.services.mail import notices
from webapp.services.takeover import effect, waiting
from webapp.services.takeover.effect import Due
from webapp.services.takeover.proved import Kind
from webapp.services.takeover.waiting import TAKEOVER


class _Alone(Exception):
    """Nobody shares the space with this member any more: there is nothing to leave."""


def due(work: Work) -> bool:
    """Whether the time of any newer letter has come, without taking a write lock."""
    any_due = (effect.due_of(work, kind).order_by(None).exists() for kind in (TAKEOVER, LEAVING))
    return bool(work.db.execute(select(or_(*any_due))).scalar())


def apply_due(work: Work) -> int:
    """Let every newer letter whose time has come take effect, each once and in a transaction of
    its own, whatever number of processes do it; returns how many did here."""
    _turn(work, TAKEOVER, LEAVING)
    _turn(work, LEAVING, TAKEOVER)
    leaving = effect.due_of(work, LEAVING, Account.joined > 0)
    return effect.apply_each(work, leaving, _leave) + effect.apply_due(work)


def _turn(work: Work, one: Kind, other: Kind) -> None:
    """Who was alone in the space when the letter was confirmed may share it by now, or the other
    way round: what waits becomes what fits, under the same id, and its row ends. Each in a
    transaction of its own; of several processes one passes."""
    fits = Account.joined == 0 if one is TAKEOVER else Account.joined > 0
    unfit = effect.due_of(work, one, ~fits)
    if one is LEAVING:
        unfit = unfit.where(Account.roll_id == Leaving.roll_id)
    ids = work.db.execute(unfit).scalars().all()
    work.settle()
    for which in ids:
        mine = select(one.table.id).where(one.table.id == which, one.table.state == "waiting")
        if work.db.execute(mine.with_for_update()).first() is not None:
            _copy(work, which, one, other)
            waiting.end(work, which, "done", one)
        work.settle()


def _copy(work: Work, which: str, one: Kind, other: Kind) -> None:
    here, there = (cast(Table, each.table.__table__) for each in (one, other))
    values: dict[str, SQLColumnExpression[object]] = {
        column.name: here.c[column.name] for column in there.c if column.name in here.c
    }
    if other is LEAVING:
        values["roll_id"] = Account.roll_id
    source = (
        select(*values.values())
        .join(Account, Account.id == here.c.account_id)
        .where(here.c.id == which, here.c.state == "waiting")
    )
    copied = work.insert(other.table).from_select(list(values), source)
    replaced = {name: copied.excluded[name] for name in values if name != other.one_a}
    ended = other.table.state != "waiting"  # a newer one that waits already stays
    work.db.execute(
        copied.on_conflict_do_update(index_elements=[other.one_a], set_=replaced, where=ended)
    )


def _leave(work: Work, leaving_id: str) -> bool:
    row = effect.taken_up(work, LEAVING, leaving_id)
    if row is None:
        return False
    try:
        with work.db.begin_nested():
            former, account_id = _move(work, row)
    except _Alone:
        work.undo()  # the next time it is a takeover
        return False
    except IntegrityError:
        effect.give_up(work, LEAVING, row)
        whose = {"account_id": row.account_id, "roll_id": row.roll_id}
        journal.write(work, "leaving.stopped", **whose, by="address_taken")
        return False
    terms.keep_proof(work, account_id, row)
    journal.write(work, "leaving.done", account_id=row.account_id)
    journal.write(work, "leaving.opened", account_id=account_id, roll_id=row.roll_id)
    notices.tell(work, "leaving_done", to=former, person=name_of(row))
    notices.tell(work, "space_opened", to=row.email, roll_id=row.roll_id)
    return True


def _move(work: Work, row: Due) -> tuple[str, int]:
    """Out of the space of several, into a new one; the address of the former, the new account.
    Raises _Alone, and IntegrityError where the address became another's in that day."""
    open_ = Account.id == row.account_id, Account.suspended_at.is_(None)
    held = work.db.execute(select(Account.id).where(*open_).with_for_update()).first()
    former = promotion.let_go(work, row.account_id, row.roll_id) if held else None
    if former is None:
        raise _Alone(row.roll_id)
    account_id: int = work.db.execute(
        insert(Account)
        .values(
            roll_id=row.roll_id,
            email=row.email,
            email_key=row.email_key,
            password_hash=row.password_hash,
            terms_version=row.terms_version,
            code_mac=row.code_mac,
            created_at=work.now,
        )
        .returning(Account.id)
    ).scalar_one()
    promotion.carry(work, row.roll_id, row.account_id, to=account_id)
    return former, account_id
