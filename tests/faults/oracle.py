"""What must be true of the database, the mails and the logs after whatever happened."""

import json
import re
from collections import Counter
from collections.abc import Iterable

from sqlalchemy import Connection, func, select

from tests.faults.portal import Portal
from tests.faults.relay import Handed
from tests.world import PASSWORD
from webapp.models import (
    Account,
    Base,
    OutboxLetter,
    Registration,
    RollEntry,
    StoredSession,
    TermsAcceptance,
)

ENDED = ("sent", "failed", "expired")


def check(portal: Portal, *, secrets: Iterable[str] = (), copies: int = 1) -> None:
    """Raise AssertionError for anything lost, doubled, let in or told.

    `secrets`: codes and links that were used; `copies`: how often one letter may have been handed
    over, always under the same Message-ID.
    """
    with portal.engine.connect() as connection:
        _accounts(connection)
        _registrations(connection)
        _sessions(connection)
        letters = set(connection.execute(select(OutboxLetter.id)).scalars())
        store = _dump(connection)
    _mails(portal.relay.handed, letters, copies)
    _nothing_told(portal, store, {PASSWORD, *secrets})


def _accounts(connection: Connection) -> None:
    """Every account has its proof of terms and its roll row, each once."""
    proofs = select(TermsAcceptance.account_id, func.count()).group_by("account_id")
    counts = {row[0]: row[1] for row in connection.execute(proofs)}
    accounts = connection.execute(select(Account.id, Account.roll_id, Account.email_key)).all()
    assert {row.id for row in accounts} == set(counts) - {None}, "accounts and proofs differ"
    assert set(counts.values()) <= {1}, "an account has two proofs of the same terms"
    assert len({row.roll_id for row in accounts}) == len(accounts), "a letter served twice"
    assert len({row.email_key for row in accounts}) == len(accounts), "an address has two accounts"
    roll = set(connection.execute(select(RollEntry.id)).scalars())
    assert {row.roll_id for row in accounts} <= roll, "an account without its roll row"


def _registrations(connection: Connection) -> None:
    """Every registration that waits has its letter; none waits beside the account it made."""
    rows = connection.execute(
        select(Registration.id, Registration.letter_id, OutboxLetter.id.label("letter"))
        .outerjoin(OutboxLetter, OutboxLetter.id == Registration.letter_id)
        .where(Registration.state == "waiting")
    ).all()
    assert all(row.letter for row in rows), "a registration waits for a mail that nobody wrote"
    doubled = connection.execute(
        select(Registration.roll_id)
        .where(Registration.state == "waiting")
        .group_by(Registration.roll_id)
        .having(func.count() > 1)
    ).all()
    assert not doubled, "two registrations of one letter wait"
    kept = select(Registration.id).where(Registration.state == "confirmed", Registration.email > "")
    assert not connection.execute(kept).all(), "a confirmed registration keeps personal data"


def _sessions(connection: Connection) -> None:
    """No session is a member's without an account; none is at the code without one."""
    lost = (
        select(StoredSession.id)
        .outerjoin(Account, Account.id == StoredSession.account_id)
        .where(StoredSession.rank.in_(["member", "code", "terms"]), Account.id.is_(None))
    )
    assert not connection.execute(lost).all(), "a session without account"


def _mails(handed: list[Handed], letters: set[str], copies: int) -> None:
    """Each letter of the outbox left once (or `copies` times, word for word the same); nothing
    that is not in the outbox did."""
    ids = Counter(each.id for each in handed)
    assert max(ids.values(), default=0) <= copies, ids.most_common(3)
    known = {f"<{letter}@example.org>" for letter in letters}
    assert set(ids) <= known, "a mail that no deed wrote"
    bodies: dict[str, set[tuple[str, str]]] = {}
    for each in handed:
        bodies.setdefault(each.id, set()).add((each.text, str(each.mail["Date"])))
    assert all(len(each) == 1 for each in bodies.values()), "two mails share an id but not a text"


def _dump(connection: Connection) -> str:
    """Every value of every table as text; the roll's own columns are the mutual's business."""
    texts = []
    for table in Base.metadata.sorted_tables:
        for row in connection.execute(select(table)):
            for value in row:
                texts.append(value.hex() if isinstance(value, bytes) else str(value))
    return "\n".join(texts)


def _nothing_told(portal: Portal, store: str, secrets: set[str]) -> None:
    """No secret stands in the store nor in a log, no line of a log is forged."""
    logs = portal.logs()
    mailed = {
        found
        for each in portal.relay.handed
        for found in re.findall(r"^\d{6}$|^\d{13}$|/validation/(\S+)", each.text, re.MULTILINE)
        if found
    }
    codes = {each for each in mailed if len(each) > 6}  # six digits stand anywhere by chance
    for secret in secrets | codes:
        assert secret not in store, "a secret is in the store"
        assert secret not in logs, "a secret is in a log"
    assert "@example.org" not in logs, "an address is in a log"
    for line in logs.splitlines():
        assert isinstance(json.loads(line), dict), f"not a line of JSON: {line[:200]}"
    unwiped = [each for each in store.splitlines() if each.startswith("argon2id ")]
    assert not unwiped


def ended_well(portal: Portal) -> None:
    """No letter waits, and each that ended is wiped."""
    with portal.engine.connect() as connection:
        rows = connection.execute(select(OutboxLetter.state, OutboxLetter.sealed)).all()
    assert {row.state for row in rows} <= set(ENDED)
    assert all(row.sealed == b"" for row in rows)
