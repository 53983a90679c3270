"""Members in numbers, and what is theirs before a pair is played: written straight into the
tables, a thousand in a second."""

from dataclasses import dataclass, replace
from datetime import timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import insert, select, update

from player.world import PASSWORD
from webapp.models import Account, AddressChange, RollEntry, StoredSession
from webapp.rules import limits
from webapp.rules.lifetimes import ADDRESS_CHANGE, ADDRESS_UNDO, SECURITY_CODE
from webapp.rules.ranks import Rank
from webapp.rules.statuses import ACTIVE
from webapp.services.account import recovery
from webapp.services.kernel import hash_settings, mailed_codes, new_sessions
from webapp.services.kernel.work import Work


@dataclass(frozen=True)
class Member:
    """Somebody with a space, and the password of all."""

    account_id: int
    number: str
    email: str
    password_hash: str

    @property
    def new_email(self) -> str:
        """Where the owner moves to."""
        return f"neuf-{self.email}"

    @property
    def stranger_s_email(self) -> str:
        """Where the stranger would have the space moved to."""
        return f"voleur-{self.email}"


@dataclass(frozen=True)
class Whose:
    """What a session's row does not say of its account."""

    email: str
    terms_version: str
    roll_id: int
    joined: int = 0
    status: str = ACTIVE


@lru_cache
def hash_of(hasher: Any, password: str) -> str:
    """One hash for all: what is compared is light, and what is stored may be the same."""
    return str(hasher.hash(password))


def members(work: Work, many: int) -> list[Member]:
    """So many new members with a space each."""
    hash_settings.note(work)
    hashed = hash_of(work.world.hasher, PASSWORD)
    first = len(work.db.execute(select(RollEntry.id)).all()) + 1
    numbers = [f"{at:07d}" for at in range(first, first + many)]
    common = {"last_name": "Exemple", "first_name": "Odile", "contract": "Santé Confort"}
    moments = {"code_issued_at": work.now, "updated_at": work.now}
    rolls = [
        {"number": each, "number_key": each, "code_mac": each.encode(), **common, **moments}
        for each in numbers
    ]
    work.db.execute(insert(RollEntry), rolls)
    of = select(RollEntry.number, RollEntry.id).where(RollEntry.number.in_(numbers))
    accounts = [
        {
            "roll_id": row.id,
            "email": f"membre{row.number}@example.org",
            "email_key": f"membre{row.number}@example.org",
            "password_hash": hashed,
            "terms_version": work.world.terms.version,
            "code_mac": row.number.encode(),
            "created_at": work.now - timedelta(days=30),
        }
        for row in work.db.execute(of).all()
    ]
    work.db.execute(insert(Account), accounts)
    made = (
        select(Account.id, RollEntry.number, Account.email, Account.password_hash)
        .join(RollEntry, RollEntry.id == Account.roll_id)
        .where(RollEntry.number.in_(numbers))
        .order_by(Account.id)
    )
    return [Member(*row) for row in work.db.execute(made).all()]


def session_of(
    work: Work, member: Member, rank: Rank = Rank.MEMBER, **fields: Any
) -> tuple[str, Any]:
    """A session in this member's space: the cookie's id, and what a request finds."""
    token = work.world.chance.token()
    values = new_sessions.fresh(
        work,
        rank,
        token,
        account_id=member.account_id,
        proved_at=work.now,
        epoch=0,
        **fields,
    )
    row_id = new_sessions.mint(work, None, values)
    own = select(Account.roll_id).where(Account.id == member.account_id)
    whose = Whose(member.email, work.world.terms.version, work.db.execute(own).scalar_one())
    return token, new_sessions.session_of(work, row_id, values, whose)


def at_code(work: Work, member: Member, *, ways: str = "") -> tuple[str, Any, str]:
    """The right password given with « Se souvenir de moi »; and the code that was mailed."""
    browser_key = work.world.seals.mac("browser", member.email).hex()
    code, piece = mailed_codes.new(work, "security_code", browser_key, SECURITY_CODE)
    token, session = session_of(
        work,
        member,
        Rank.CODE,
        browser_key=browser_key,
        remember=True,
        codes="" if ways else piece,
        code_sent_at=work.now,
        tries_left=limits.CODE_TRIES,
        ways=ways,
    )
    return token, session, code


def at_closing(work: Work, member: Member) -> tuple[Any, str]:
    """In the space, a closing asked for; and the code that was mailed."""
    _, session = session_of(work, member)
    code, piece = mailed_codes.new(work, "closing", str(session.id), SECURITY_CODE)
    work.db.execute(
        update(StoredSession)
        .where(StoredSession.id == session.id)
        .values(codes=piece, tries_left=limits.CODE_TRIES, code_sent_at=work.now)
    )
    return replace(session, codes=piece), code


def link_to_password(work: Work, member: Member) -> str:
    """The token of a link to a new password."""
    found = select(Account.id, Account.email_key, Account.epoch)
    account = work.db.execute(found.where(Account.id == member.account_id)).one()
    recovery_id, _, _ = recovery._open(work, account, member.password_hash)
    return work.world.seals.seal_link("recovery", recovery_id)


def change_of_address(
    work: Work, member: Member, state: str, *, former: str, new: str
) -> tuple[str, str]:
    """A change of address, waiting or done; its id and its code."""
    code, piece = mailed_codes.new(work, "address_code", str(member.account_id), ADDRESS_CHANGE)
    done = state == "done"
    began = work.now - timedelta(minutes=10 if done else 2)
    change_id = work.world.chance.row_id()
    work.db.execute(
        insert(AddressChange).values(
            id=change_id,
            account_id=member.account_id,
            state=state,
            email=new,
            email_key=new,
            former_email=former,
            former_key=former,
            codes="" if done else piece,
            epoch=0,
            created_at=began,
            mailed_at=began,
            confirmed_at=began if done else None,
            expires_at=began + (ADDRESS_UNDO if done else ADDRESS_CHANGE),
        )
    )
    return change_id, code
