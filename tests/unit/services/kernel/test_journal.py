"""The journal takes declared facts and nothing else."""

import pytest
from sqlalchemy import select

from player.members import with_account
from webapp.models import JournalEntry
from webapp.services.kernel import journal


def test_an_entry_says_who_what_when_and_from_where(work):
    account_id = with_account(work)
    journal.write(work, "sign_in.done", account_id=account_id, by="code", remembered=False)
    entry = work.db.execute(select(JournalEntry.__table__)).one()
    assert (entry.event, entry.account_id, entry.at) == ("sign_in.done", account_id, work.now)
    assert entry.origin == "203.0.113.7"
    assert entry.facts == {"by": "code", "remembered": False}


@pytest.mark.parametrize(
    ("event", "facts"), [("sign_in.done", {"code": "123456"}), ("sign_in.guessed", {})]
)
def test_an_undeclared_event_or_fact_writes_nothing(work, event, facts):
    with pytest.raises(ValueError, match="sign_in"):
        journal.write(work, event, **facts)
    assert work.db.execute(select(JournalEntry.__table__)).all() == []


def test_an_entry_falls_with_its_transaction(work):
    journal.write(work, "session.ended", all=False)
    work.db.rollback()
    assert work.db.execute(select(JournalEntry.__table__)).all() == []
