"""What must be true of the database, the mails and the logs after whatever happened."""

import json
import re
from collections import Counter
from collections.abc import Iterable

from sqlalchemy import ColumnElement, Connection, exists, func, or_, select

from player.mailed_codes import codes_in
from player.world import PASSWORD
from tests import shared_spaces
from tests.faults.portal import Portal
from tests.faults.relay import Handed
from webapp.models import (
    Account,
    AddressChange,
    Authenticator,
    Base,
    Device,
    JoinedMember,
    JoinRequest,
    Leaving,
    OutboxMail,
    Passkey,
    Recovery,
    RecoveryCode,
    Registration,
    RollEntry,
    StoredSession,
    Takeover,
    TermsAcceptance,
)

OWN = (AddressChange, Authenticator, Device, Passkey, Recovery, RecoveryCode, Takeover)
GROUPED = r"\b\d{4}(?:\s\d{3}){3}\b"  # the same codes as the mails show them
LINK = r"/(?:validation|nouveau|adresse|retablir|nouveau-courrier)/([\w.-]{40,})"
MANY = 40
ENDED = ("sent", "failed", "expired")


def check(portal: Portal, *, secrets: Iterable[str] = (), copies: int = 1) -> None:
    """Raise AssertionError for anything lost, doubled, let in or told.

    `secrets`: codes and links that were used; `copies`: how often one mail may have been handed
    over, always under the same Message-ID.
    """
    with portal.engine.connect() as connection:
        _accounts(connection)
        _households(connection)
        _registrations(connection)
        _sessions(connection)
        _own(connection)
        written = set(connection.execute(select(OutboxMail.id)).scalars())
        store = _dump(connection)
    _mails(portal.relay.handed, written, copies)
    _nothing_told(portal, store, {PASSWORD, *secrets})


def _accounts(connection: Connection) -> None:
    """Every account has its proof of terms and its roll row, each once."""
    proofs = connection.execute(select(TermsAcceptance.__table__)).all()
    accounts = connection.execute(
        select(Account.id, Account.roll_id, Account.email_key, Account.terms_version)
    ).all()
    proved = {(each.account_id, each.version) for each in proofs}
    assert {row.id for row in accounts} == {each.account_id for each in proofs} - {None}
    assert {(row.id, row.terms_version) for row in accounts} <= proved, "terms without a proof"
    moments = Counter(
        (each.account_id, each.roll_id, each.accepted_at) for each in proofs if each.account_id
    )
    assert set(moments.values()) <= {1}, "an acceptance has two proofs"
    left = [each for each in proofs if each.account_id is None]
    assert all(each.roll_id and each.kept_until for each in left), "a proof without its end"
    assert len({row.roll_id for row in accounts}) == len(accounts), "a letter served twice"
    assert len({row.email_key for row in accounts}) == len(accounts), "an address has two accounts"
    roll = set(connection.execute(select(RollEntry.id)).scalars())
    assert {row.roll_id for row in accounts} <= roll, "an account without its roll row"


def _households(connection: Connection) -> None:
    """Nobody is in two spaces or asks for one from within; each who joined has their proof."""
    shared_spaces.sound(connection)
    joined = connection.execute(select(JoinedMember.__table__)).all()
    firsts = connection.execute(select(Account.roll_id)).scalars()
    inside = {*firsts, *(each.roll_id for each in joined)}
    proofs = connection.execute(select(TermsAcceptance.roll_id, TermsAcceptance.version)).all()
    proved = {(each.roll_id, each.version) for each in proofs}
    assert {(each.roll_id, each.terms_version) for each in joined} <= proved, "joined unproved"
    asking = set(connection.execute(select(JoinRequest.roll_id)).scalars())
    assert not asking & inside, "somebody asks to join who is in a space"
    for each in connection.execute(select(Leaving.__table__)):
        waits = each.state == "waiting"
        assert waits == bool(each.email) == bool(each.password_hash), "a leaving keeps its data"
        assert waits == (each.ended_at is None), "a leaving that ended and waits"


def _registrations(connection: Connection) -> None:
    """Every registration that waits has its mail; none waits beside the account it made."""
    rows = connection.execute(
        select(Registration.id, Registration.letter_id, OutboxMail.id.label("mail"))
        .outerjoin(OutboxMail, OutboxMail.id == Registration.letter_id)
        .where(Registration.state == "waiting")
    ).all()
    assert all(row.mail for row in rows), "a registration waits for a mail that nobody wrote"
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


def _own(connection: Connection) -> None:
    """What members add: nothing of an erased account stays, what ended holds no personal data."""
    accounts = set(connection.execute(select(Account.id)).scalars())
    for table in OWN:
        owners = set(connection.execute(select(table.account_id)).scalars())
        assert owners <= accounts, f"{table.__tablename__} of an account that is no more"
    for each in connection.execute(select(Takeover.__table__)):
        waits = each.state == "waiting"
        assert waits == bool(each.email) == bool(each.password_hash), "a takeover keeps its data"
        assert waits == (each.ended_at is None), "a takeover that ended and waits"
    for each in connection.execute(select(AddressChange.__table__)):
        assert (each.state == "waiting") == bool(each.codes), "a code outlives its change"
    macs = connection.execute(select(RecoveryCode.mac)).scalars()
    assert all(len(mac) == 32 for mac in macs), "a recovery code is stored otherwise than hashed"
    off = select(Account.id).where(Account.mailed_code_off, ~_has_a_step())
    assert not connection.execute(off).all(), "an account without any second step"


def _has_a_step() -> ColumnElement[bool]:
    app = exists().where(
        Authenticator.account_id == Account.id, Authenticator.confirmed_at.is_not(None)
    )
    return or_(exists().where(Passkey.account_id == Account.id), app)


def _mails(handed: list[Handed], written: set[str], copies: int) -> None:
    """Each mail of the outbox left once (or `copies` times, word for word the same); nothing
    that is not in the outbox did."""
    ids = Counter(each.id for each in handed)
    assert max(ids.values(), default=0) <= copies, ids.most_common(3)
    known = {f"<{each}@example.org>" for each in written}
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
    texts = "\n".join(each.text for each in portal.relay.handed)
    # six digits stand anywhere by chance
    mailed = {*codes_in(texts, 13), *re.findall(GROUPED, texts), *re.findall(LINK, texts)}
    for told in (secrets, mailed):
        assert not _holds(store, told), "a secret is in the store"
        assert not _holds(store, {x.encode().hex() for x in told}), "… as bytes"
        assert not _holds(logs, told), "a secret is in a log"
    assert "@example.org" not in logs, "an address is in a log"
    for line in logs.splitlines():
        assert isinstance(json.loads(line), dict), f"not a line of JSON: {line[:200]}"
    unwiped = [each for each in store.splitlines() if each.startswith("argon2id ")]
    assert not unwiped


def _holds(text: str, secrets: set[str]) -> bool:
    """Whether one of them stands in the text. Of many the first signs are looked for, all at once:
    one after the other, thousands in megabytes take minutes."""
    if len(secrets) < MANY:
        return any(secret in text for secret in secrets)
    length = min(len(secret) for secret in secrets)
    beginnings = {secret[:length] for secret in secrets}
    assert length >= 13, "too short to be told from chance"
    return any(text[at : at + length] in beginnings for at in range(len(text) - length + 1))


def ended_well(portal: Portal) -> None:
    """No mail waits, and each that ended is wiped."""
    with portal.engine.connect() as connection:
        rows = connection.execute(select(OutboxMail.state, OutboxMail.sealed)).all()
    assert {row.state for row in rows} <= set(ENDED)
    assert all(row.sealed == b"" for row in rows)
