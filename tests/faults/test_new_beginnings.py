"""A new beginning beside a sign-in about to commit: whatever their order, nothing of the sign-in is
left alive. Bursts of both from threads that start together, several accounts at once.
"""

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select

from tests.faults.conftest import ALL, Tell
from tests.journeys import found, give_password, mailed_code, mailed_recovery, signed_in
from tests.members import LUCE, ODILE, RENE, Letter, with_account
from tests.world import NEW_PASSWORD, PASSWORD
from webapp.models import Account, Device, StoredSession
from webapp.rules.refusals import Refusal
from webapp.services import (
    new_beginning,
    password,
    recovery,
    security,
    security_code,
    shutting,
    sign_in,
)
from webapp.services.work import Work

PAIRS = int(os.environ.get("FAULTS_PAIRS", "1000" if ALL else "12"))
MEMBERS = (ODILE, RENE, LUCE)
Act = Callable[[Work], object]
Prepare = Callable[[Work, Letter], Act]


def changing_the_password(work: Work, member: Letter) -> Act:
    session = found(work, signed_in(work, email=member.email, browser="the owner's").token)
    return lambda own: password.change(own, session, present=PASSWORD, password=NEW_PASSWORD)


def recovering_it(work: Work, member: Letter) -> Act:
    recovery.ask(work, email=member.email, number=member.number)
    work.settle()
    token = mailed_recovery(work)
    return lambda own: recovery.choose(own, token, password=NEW_PASSWORD)


def shut_by_the_mutual(_work: Work, member: Letter) -> Act:
    return lambda own: shutting.shut(own, [member.number])


def leaving_everywhere(work: Work, member: Letter) -> Act:
    session = found(work, signed_in(work, email=member.email, browser="the owner's").token)
    return lambda own: security.leave_everywhere(own, session)


def closing_the_others(work: Work, member: Letter) -> Act:
    session = found(work, signed_in(work, email=member.email, browser="the owner's").token)
    return lambda own: security.end_other_sessions(own, session)


ENDINGS = (
    changing_the_password,
    recovering_it,
    shut_by_the_mutual,
    leaving_everywhere,
    closing_the_others,
)


def by_code_and_remembered(work: Work, member: Letter) -> Act:
    entered = give_password(work, member.email, browser="a stranger's", remember=True)
    session, code = found(work, entered.token), mailed_code(work)
    return lambda own: security_code.enter(own, session, code=code, agent="Firefox, Linux")


def on_a_trusted_device(work: Work, member: Letter) -> Act:
    entered = signed_in(work, email=member.email, browser="a stranger's", remember=True)
    work.settle()
    facts: dict[str, Any] = {"remember": False, "browser": "a stranger's", "previous": None}
    return lambda own: sign_in.password(
        own,
        email=member.email,
        password=PASSWORD,
        device_secret=entered.device_secret,
        agent="Firefox, Linux",
        **facts,
    )


def by_the_password_alone(_work: Work, member: Letter) -> Act:
    facts: dict[str, Any] = {"remember": True, "device_secret": None, "previous": None}
    return lambda own: sign_in.password(
        own, email=member.email, password=PASSWORD, browser="b", agent="Firefox", **facts
    )


BEGINNINGS = (by_code_and_remembered, on_a_trusted_device, by_the_password_alone)


def together(work: Work, acts: list[Act]) -> list[object]:
    """Each in a thread and a transaction of its own, all from the same moment."""
    barrier, engine = threading.Barrier(len(acts)), work.db.engine
    work.close(keep=True)

    def alone(act: Act) -> object:
        own = Work(engine, work.world, work.origin)
        barrier.wait(60)
        try:
            answer = act(own)
        except Refusal as refusal:
            answer = refusal
        except BaseException:
            own.close(keep=False)
            raise
        own.close(keep=True)
        return answer

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(alone, acts))


def survivors(work: Work, epoch_before: dict[int, int], *, kept: bool) -> int:
    """Rows that count for something though their ground is from before the ending; the session
    and devices that the ending keeps are not among them."""
    alive = 0
    for table in (StoredSession, Device):
        rows = select(table.account_id, table.epoch).join(Account, Account.id == table.account_id)
        for row in work.db.execute(rows.where(new_beginning.current(table.epoch))):
            alive += row.epoch is None or row.epoch <= epoch_before[row.account_id]
    work.settle()
    return alive


@pytest.fixture
def members(work: Work) -> Iterator[list[Letter]]:
    for each in MEMBERS:
        with_account(work, each)
    work.settle()
    yield list(MEMBERS)


@pytest.mark.parametrize("beginning", BEGINNINGS, ids=lambda each: each.__name__)
@pytest.mark.parametrize("ending", ENDINGS, ids=lambda each: each.__name__)
def test_nothing_of_a_sign_in_survives_a_new_beginning_beside_it(
    work: Work,
    clock: Any,
    members: list[Letter],
    ending: Prepare,
    beginning: Prepare,
    tell: Tell,
) -> None:
    stored = select(Account.id, Account.email, Account.password_hash)
    first = {row.email: row for row in work.db.execute(stored)}
    alive = done = 0
    while done < PAIRS:
        clock.advance(days=1, minutes=2)
        acts: list[Act] = []
        for member in members:
            acts += [beginning(work, member), ending(work, member)]
            work.settle()
        epochs = {row.id: row.epoch for row in work.db.execute(select(Account.id, Account.epoch))}
        together(work, acts)
        alive += survivors(work, epochs, kept=ending is closing_the_others)
        ups = {row.id: row.epoch for row in work.db.execute(select(Account.id, Account.epoch))}
        assert all(ups[each] == epochs[each] + 1 for each in epochs)
        for row in first.values():
            work.db.execute(
                Account.__table__.update()
                .where(Account.id == row.id)
                .values(password_hash=row.password_hash)
            )
        for table in (StoredSession, Device):
            work.db.execute(table.__table__.delete())
        work.settle()
        done += len(members)
    tell(f"{ending.__name__} × {beginning.__name__}: {alive} survivors of {done}")
    assert alive == 0
