"""A piece of work: one transaction, no lock held while something slow goes on."""

from dataclasses import replace

import pytest
from sqlalchemy import select, update

from player.members import ODILE, RENE, on_the_roll, with_account
from player.world import NEW_PASSWORD, PASSWORD
from tests.journeys import (
    count,
    found,
    give_password,
    in_waiting,
    mailed_link,
    mailed_recovery,
    refused,
)
from webapp.adapters.argon2 import Argon2Hasher
from webapp.models import Account, RollEntry
from webapp.services.account import recovery, recovery_link
from webapp.services.kernel.work import Work
from webapp.services.registration import confirmation, drafts
from webapp.services.sign_in import devices


class HasherOutsideTransactions:
    """The world's hasher, which fails when somebody would wait for it behind our locks."""

    def __init__(self, hasher, work):
        self._hasher, self._work, self.calls = hasher, work, []
        self.settings = hasher.settings

    def _note(self, what):
        assert not self._work.db.in_transaction(), f"argon2 {what} inside a transaction"
        self.calls.append(what)

    def hash(self, password):
        self._note("hash")
        return self._hasher.hash(password)

    def verify(self, password_hash, password, in_use=()):
        self._note("verify")
        return self._hasher.verify(password_hash, password, in_use)

    def outdated(self, password_hash):
        return self._hasher.outdated(password_hash)


@pytest.fixture
def hasher(work):
    with_account(work, RENE)
    on_the_roll(work)
    work.settle()
    watched = HasherOutsideTransactions(work.world.hasher, work)
    work.world = replace(work.world, hasher=watched)
    return watched


def test_argon2_never_runs_inside_a_transaction(work, hasher):
    registration_id = in_waiting(work)
    give_password(work)
    confirmation.by_link(work, mailed_link(work))
    give_password(work)
    _, secret = devices.remember(work, 1, "Firefox")
    give_password(work, RENE.email, device_secret=secret)
    for email in (ODILE.email, "personne@example.org"):
        with refused("sign_in_wrong"):
            give_password(work, email, "quatre autres mots")
    session = found(work, give_password(work, RENE.email).token)
    with refused("registration_done"):
        drafts.write(
            work,
            number=ODILE.number,
            access_code=ODILE.access_code,
            email=ODILE.email,
            password=PASSWORD,
            previous=session,
        )
    # one each, and one more of nobody's hash beside the registration in waiting
    assert registration_id and hasher.calls == ["hash", *["verify"] * 7]
    recovery.ask(work, email=RENE.email, number=RENE.number)
    recovery_link.choose(work, mailed_recovery(work), password=NEW_PASSWORD)
    assert hasher.calls[8:] == ["hash"]


def test_an_outdated_hash_is_renewed_outside_transactions_too(work, hasher):
    work.db.execute(update(Account).values(password_hash=Argon2Hasher(2, 16, 1).hash(PASSWORD)))
    work.settle()
    give_password(work, RENE.email)
    assert hasher.calls == ["verify", "hash"]


def test_what_is_not_kept_is_undone(engine, world):
    for keep, rows in ((False, 0), (True, 1)):
        work = Work(engine, world)
        on_the_roll(work)
        work.close(commit=keep)
        work = Work(engine, world)
        assert count(work, RollEntry) == rows
        work.close(commit=False)


def test_what_was_settled_stays_whatever_follows(engine, world):
    work = Work(engine, world)
    on_the_roll(work)
    work.settle()
    on_the_roll(work, RENE)
    work.close(commit=False)
    work = Work(engine, world)
    assert work.db.execute(select(RollEntry.number)).scalars().all() == [ODILE.number]
    work.close(commit=False)


def test_what_is_to_follow_a_commit_follows_it_once_and_never_what_was_undone(engine, world):
    done = []
    work = Work(engine, world)
    work.after_commit(lambda: done.append(count(Work(engine, world, reading=True), RollEntry)))
    on_the_roll(work)
    assert done == []
    work.settle()
    work.close(commit=True)
    assert done == [1]
    undone = Work(engine, world)
    undone.after_commit(lambda: done.append("undone"))
    undone.close(commit=False)
    assert done == [1]


def test_what_was_undone_is_followed_by_nothing_and_the_work_goes_on(engine, world):
    done = []
    work = Work(engine, world)
    on_the_roll(work)
    work.after_commit(lambda: done.append("undone"))
    work.undo()
    on_the_roll(work, RENE)
    work.after_commit(lambda: done.append("done"))
    work.close(commit=True)
    assert done == ["done"]
    assert work.db.execute(select(RollEntry.number)).scalars().all() == [RENE.number]
    work.close(commit=False)


def test_a_block_of_work_is_kept_unless_an_error_ends_it(engine, world):
    with pytest.raises(LookupError), Work(engine, world) as work:
        on_the_roll(work)
        raise LookupError
    with Work(engine, world) as work:
        assert count(work, RollEntry) == 0
        on_the_roll(work)
    with Work(engine, world) as work:
        assert count(work, RollEntry) == 1


def test_work_that_touches_no_table_opens_no_connection(engine, world):
    before = engine.pool.checkedout()
    work = Work(engine, world)
    assert work.now and engine.pool.checkedout() == before
    work.settle()
    work.close(commit=True)


def test_readers_do_not_wait_for_a_writer(engine, world):
    writer = Work(engine, world)
    on_the_roll(writer)
    reader = Work(engine, world, reading=True)
    assert reader.db.execute(select(RollEntry.id)).all() == []
    reader.close(commit=True)
    writer.close(commit=False)
