"""Registration, step 1: the letter proved, address and password chosen."""

from sqlalchemy import bindparam, insert, literal, update
from sqlalchemy.exc import IntegrityError

from webapp.models import Registration
from webapp.models.base import table
from webapp.models.prepared import PreparedChange
from webapp.rules import credentials, lifetimes
from webapp.rules.passwords import weakness
from webapp.rules.ranks import Rank, Registering, Session
from webapp.rules.refusals import Refusal
from webapp.services.kernel import journal, new_sessions, password_tags
from webapp.services.kernel.work import Work
from webapp.services.registration import stored
from webapp.services.registration.stored import RegistrationRow
from webapp.services.roll import entries

_TABLE = table(Registration)
_WRITE = PreparedChange(insert(_TABLE))
_CHANGE = PreparedChange(
    update(_TABLE)
    .where(_TABLE.c.id == bindparam("which"))
    .where(_TABLE.c.state == literal("draft"))
)


def write(
    work: Work,
    *,
    number: str,
    access_code: str | None,
    email: str,
    password: str | None,
    previous: Session | None,
) -> tuple[str, Session]:
    """Prove the letter, choose address and password; returns the session and its id.

    `password` may be None when this browser proved the same letter a moment ago (« Retour »): the
    one chosen then is kept. `access_code` may be None too when nothing else is chosen either: the
    browser is shared with others, who have not the letter. A member who has an account may go on
    with a newer letter than the one that made it.
    Raises Refusal: missing_access_code, missing_password, letter_wrong, letter_closed,
    registration_done, membership_over, a password's weakness.
    """
    complete = access_code is not None and password is not None
    kept = None if complete else _kept(work, previous, number)
    if access_code is None:
        if kept is None or password is not None or credentials.email_key(email) != kept.email_key:
            raise Refusal("missing_access_code", "access_code")
        email = kept.email  # as it is written, to the letter case
    entry = entries.entry_of_letter(work, number, access_code)
    if kept is not None and kept.roll_id != entry.id:  # two numbers that only look alike
        if access_code is None:
            raise Refusal("missing_access_code", "access_code")
        kept = None
    if entry.used:
        journal.write(work, "registration.already_member", account_id=entry.account_id)
        raise Refusal("registration_done")
    hashed = _hashed(work, entry, email, password, kept)
    values = {
        "roll_id": entry.id,
        "code_mac": kept.code_mac if access_code is None and kept else entry.code_mac,
        "state": "draft",
        "email": email,
        "email_key": credentials.email_key(email),
        **hashed,
        "created_at": work.now,
        "expires_at": work.now + lifetimes.REGISTRATION,
    }
    registration_id = _write(work, values, kept)
    journal.write(work, "registration.drafted", roll_id=entry.id)
    return new_sessions.of_registration(work, Rank.REGISTERING, previous, registration_id)


def _kept(work: Work, previous: Session | None, number: str) -> RegistrationRow | None:
    """What this browser already proved for a letter of this number, or of one that is near it."""
    if not isinstance(previous, Registering) or previous.registration_id is None:
        return None
    row = stored.load(work, previous.registration_id)
    if row is None or not credentials.are_near(number, row.number) or stored.is_void(work, row):
        return None
    return row if row.state in ("draft", "waiting") else None


def _hashed(
    work: Work,
    entry: entries.LetterEntry,
    email: str,
    password: str | None,
    kept: RegistrationRow | None,
) -> dict[str, object]:
    if password is None:
        if kept is None:
            raise Refusal("missing_password", "password")
        return {"password_hash": kept.password_hash, "password_tag": kept.password_tag}
    names = (entry.first_name, entry.last_name)
    if weak := weakness(password, email=email, member_number=entry.number, names=names):
        raise Refusal(weak, "password")
    work.settle()
    return {
        "password_hash": work.world.hasher.hash(password),
        "password_tag": password_tags.of(work, entry.id, password),
    }


def _write(work: Work, values: dict[str, object], kept: RegistrationRow | None) -> str:
    """A draft stays beside the one in waiting until the terms are accepted."""
    draft = kept if kept is not None and kept.state == "draft" else None
    if draft and _CHANGE.run(work.db, values | {"which": draft.id}) == 1:
        return draft.id
    new_id, link_id = work.world.chance.row_id(), work.world.chance.row_id()
    empty = dict.fromkeys(("codes", "terms_version", "terms_hash", "terms_origin"), "")
    try:
        _WRITE.run(work.db, empty | values | {"id": new_id, "link_id": link_id})
    except IntegrityError:  # the import that had brought this letter was undone a moment ago
        work.undo()
        raise Refusal("letter_wrong") from None
    return new_id
