"""Invented members who share one space: a mailbox with several letters."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update

from player.members import ODILE, Letter, mac_of, with_account
from player.world import PASSWORD
from webapp.models import Account, JoinedMember, RollEntry, TermsAcceptance
from webapp.rules import credentials
from webapp.rules.full_name import full_name
from webapp.services.kernel.work import Work


@dataclass(frozen=True)
class Companion:
    """A member who joined somebody else's space; their letter gave that space's address."""

    letter: Letter
    civility: str
    first_name: str
    last_name: str
    contract: str

    @property
    def name(self) -> str:
        """« M. Gérard Exemple »."""
        return full_name(self.civility, self.first_name, self.last_name)


GERARD = Companion(
    Letter("0035791", "7B2MX9KD4R8C", ODILE.email), "M.", "Gérard", "Exemple", "Santé Essentielle"
)
SUZANNE = Companion(
    Letter("0046802", "5H9VZ3QT6W7K", ODILE.email), "Mme", "Suzanne", "Modèle", "Santé Sérénité"
)
MARCEL = Companion(
    Letter("0057913", "9P4RC8NF2J3X", ODILE.email), "M.", "Marcel", "Témoin", "Santé Hôpital"
)
YVETTE = Companion(
    Letter("0068024", "3T6YD7GB9M5V", ODILE.email), "Mme", "Yvette", "Spécimen", "Santé Optique"
)


@dataclass(frozen=True)
class Household:
    """A space of several: its account, and the roll entries of its members, the first one first."""

    account_id: int
    roll_ids: tuple[int, ...]


def with_household(
    work: Work, *others: Companion, letter: Letter = ODILE, password: str = PASSWORD
) -> Household:
    """The space of the letter's member, which these others joined (GERARD unless said)."""
    account_id = with_account(work, letter, password)
    first = select(Account.roll_id).where(Account.id == account_id)
    joined = [joins(work, account_id, each) for each in others or (GERARD,)]
    return Household(account_id, (work.db.execute(first).scalar_one(), *joined))


def on_the_roll(work: Work, companion: Companion) -> int:
    """Put this member on the roll, under their own name; returns the roll entry's id."""
    letter = companion.letter
    entry = {
        "number": letter.number,
        "number_key": credentials.member_number(letter.number),
        "civility": companion.civility,
        "first_name": companion.first_name,
        "last_name": companion.last_name,
        "contract": companion.contract,
        "code_mac": mac_of(work, letter),
        "code_issued_at": work.now,
        "updated_at": work.now,
    }
    return work.db.execute(insert(RollEntry).values(entry).returning(RollEntry.id)).scalar_one()


def joins(work: Work, account_id: int, companion: Companion, *, at: datetime | None = None) -> int:
    """Put this member on the roll and into the space, now or `at`, with their proof of terms;
    returns the id of their roll entry."""
    at = at or work.now
    letter, terms = companion.letter, work.world.terms
    roll_id = on_the_roll(work, companion)
    beside = {
        "account_id": account_id,
        "roll_id": roll_id,
        "code_mac": mac_of(work, letter),
        "terms_version": terms.version,
        "joined_at": at,
    }
    work.db.execute(insert(JoinedMember).values(beside))
    one_more = update(Account).where(Account.id == account_id)
    work.db.execute(one_more.values(joined=Account.joined + 1))
    proof = {
        "account_id": account_id,
        "roll_id": roll_id,
        "version": terms.version,
        "text_hash": terms.text_hash,
        "accepted_at": at,
        "origin": "127.0.0.1",
    }
    work.db.execute(insert(TermsAcceptance).values(proof))
    return roll_id
