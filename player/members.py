"""Invented members for tests: put on the roll, with an account, with a registration in waiting."""

from dataclasses import dataclass
from urllib.parse import urlencode

from sqlalchemy import insert, select, update

from player.world import PASSWORD
from webapp.models import Account, RollEntry, TermsAcceptance
from webapp.rules import credentials
from webapp.services.desk.deeds import suspension
from webapp.services.kernel import hash_settings
from webapp.services.kernel.work import Work
from webapp.services.roll import entries


@dataclass(frozen=True)
class Letter:
    """What the paper letter says, and the address its member would give."""

    number: str
    access_code: str
    email: str

    @property
    def qr_path(self) -> str:
        """What its QR code opens, from the portal's address on: number and code after « # »."""
        told = {"n": self.number, "c": credentials.grouped(self.access_code)}
        return f"/inscription#{urlencode(told)}"

    @property
    def other_email(self) -> str:
        """The address that its member changes to."""
        name, at, domain = self.email.partition("@")
        return f"{name}.nouvelle{at}{domain}"


ODILE = Letter("0012345", "4F7K9QXM2T6B", "odile@example.org")
RENE = Letter("0067890", "8C3HW5ZR7Y4N", "rene@example.org")
LUCE = Letter("0024680", "6D5JV8PS2G9A", "luce@example.org")


def on_the_roll(work: Work, letter: Letter = ODILE) -> int:
    """Put the letter's member on the roll; returns the roll entry's id."""
    statement = (
        insert(RollEntry)
        .values(
            number=letter.number,
            number_key=credentials.member_number(letter.number),
            civility="Mme",
            last_name="Exemple",
            first_name="Odile",
            contract="Santé Confort",
            code_mac=mac_of(work, letter),
            code_issued_at=work.now,
            updated_at=work.now,
        )
        .returning(RollEntry.id)
    )
    return work.db.execute(statement).scalar_one()


def becomes(work: Work, status: str, letter: Letter = ODILE) -> None:
    """The roll says from now on that this member left, died, refuses, or is active again."""
    own = update(RollEntry).where(RollEntry.number == letter.number)
    work.db.execute(own.values(status=status))
    work.settle()


def suspended(work: Work, letter: Letter = ODILE) -> None:
    """An operator keeps everybody out of the member's space from now on."""
    entry = select(RollEntry.id).where(RollEntry.number == letter.number)
    suspension.suspend(work, work.db.execute(entry).scalar_one(), "téléphone volé")
    work.settle()


def mac_of(work: Work, letter: Letter) -> bytes:
    """The keyed hash of the letter’s access code."""
    key = credentials.member_number(letter.number) or ""
    return entries.code_mac(work, key, letter.access_code)


def with_account(work: Work, letter: Letter = ODILE, password: str = PASSWORD) -> int:
    """A member who has an account and its proof of terms; returns the account's id."""
    roll_id = on_the_roll(work, letter)
    hash_settings.note(work)  # as a server does when it starts
    statement = (
        insert(Account)
        .values(
            roll_id=roll_id,
            email=letter.email,
            email_key=letter.email,
            password_hash=work.world.hasher.hash(password),
            terms_version=work.world.terms.version,
            code_mac=mac_of(work, letter),
            created_at=work.now,
        )
        .returning(Account.id)
    )
    account_id = work.db.execute(statement).scalar_one()
    terms = work.world.terms
    work.db.execute(
        insert(TermsAcceptance).values(
            account_id=account_id,
            roll_id=roll_id,
            version=terms.version,
            text_hash=terms.text_hash,
            accepted_at=work.now,
            origin="127.0.0.1",
        )
    )
    return account_id
