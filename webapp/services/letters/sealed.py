"""Letters as they are written down: what is printed sealed in each, their codes on the roll.

On SQLite everybody who writes waits meanwhile, so rows go to the driver as they are: SQLAlchemy
would take as long to convert their values as all the rest together (docs/decisions/letters.md).
"""

import json
from collections.abc import Sequence
from datetime import date

from sqlalchemy import case, func, update

from webapp.models import Letter, RollEntry
from webapp.models.base import table
from webapp.rules import credentials, letters
from webapp.services.kernel.work import Work
from webapp.services.letters.choosing import Chosen
from webapp.services.letters.sheets import Addressee
from webapp.services.roll.entries import code_macs
from webapp.services.roll.report import NEVER

_LETTER, _ROLL = table(Letter), table(RollEntry)
_COLUMNS = ("batch_id", "sequence", "roll_id", "code_mac", "address_mac", "sealed")
_encoded = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_Row = tuple[int, int, int | None, bytes, bytes, bytes]


def write(
    work: Work, batch_id: int, chosen: Sequence[Chosen], *, first: int, last_day: date
) -> None:
    """A chunk of letters, from that sequence on, whose codes are good until the end of that day."""
    if not chosen:
        return
    codes = [work.world.chance.access_code() for _ in chosen]
    keys = [each.number_key for each in chosen]
    macs = code_macs(work, zip(keys, codes, strict=True))
    mac = work.world.seals.mac
    _insert(
        work,
        [
            (
                batch_id,
                first + at,
                whom.roll_id,
                macs[at],
                mac("address", whom.to.address),
                _sealed(work, batch_id, first + at, whom.to, credentials.grouped(codes[at])),
            )
            for at, whom in enumerate(chosen)
        ],
    )
    _put_on_the_roll(work, batch_id, first, first + len(chosen) - 1, last_day)


def write_trial(work: Work, batch_id: int, to: Addressee, code: str) -> None:
    """The one letter of its batch, which is nobody's."""
    _insert(work, [(batch_id, 1, None, b"", b"", _sealed(work, batch_id, 1, to, code))])


def opened(work: Work, batch_id: int, sequence: int, box: bytes) -> tuple[Addressee, str]:
    """Whom a letter goes to, and its code. Raises ValueError for one that is not this letter's, or
    was sealed with a key that is not ours."""
    *whom, code = json.loads(work.world.seals.unlock(_place(batch_id, sequence), box))
    return Addressee(*whom), code


def _sealed(work: Work, batch_id: int, sequence: int, to: Addressee, code: str) -> bytes:
    told = [to.number, to.civility, to.last_name, to.first_name, to.address, code]
    return work.world.seals.lock(_place(batch_id, sequence), _encoded(told).encode())


def _place(batch_id: int, sequence: int) -> str:
    return f"letter {batch_id}/{sequence}"


def _insert(work: Work, rows: Sequence[_Row]) -> None:
    sign = "?" if work.db.dialect.name == "sqlite" else "%s"
    places = ", ".join([sign] * len(_COLUMNS))
    work.db.exec_driver_sql(
        f"INSERT INTO letter ({', '.join(_COLUMNS)}) VALUES ({places})",  # noqa: S608  # nosec B608 - our columns
        list(rows),
    )


def _put_on_the_roll(work: Work, batch_id: int, first: int, last: int, last_day: date) -> None:
    former = func.coalesce(_ROLL.c.replaced_mac, _ROLL.c.code_mac)
    work.db.execute(
        update(_ROLL)
        .where(
            _LETTER.c.roll_id == _ROLL.c.id,
            _LETTER.c.batch_id == batch_id,
            _LETTER.c.sequence.between(first, last),
        )
        .values(
            code_mac=_LETTER.c.code_mac,
            code_issued_at=letters.runs_from(last_day),
            # a file that brought a code and is imported again does not bring it back
            replaced_mac=case((_ROLL.c.code_issued_at != NEVER, former)),
            returned_mac=None,
            updated_at=work.now,
        )
    )
