"""Which argon2 settings stored passwords were hashed with: whoever signs in costs one computation
with each of them, known or not (services/sign_in/first_factor.py)."""

from datetime import timedelta

from sqlalchemy import ColumnElement, and_, exists

from webapp.models import Account, HashSettings, Registration, Takeover
from webapp.services.kernel.work import Work

# by then, whoever noted them has stored a hash, or will note them again
_SETTLED = timedelta(days=1)


def note(work: Work) -> None:
    """Record that this process hashes with today's settings, before it stores a password: for
    processes that serve with others meanwhile, and for the day when the settings change."""
    settings = work.world.hasher.settings
    noted = work.insert(HashSettings).values(settings=settings, since=work.now)
    work.db.execute(noted.on_conflict_do_nothing())


def unused(work: Work) -> ColumnElement[bool]:
    """SQL: the former settings that no stored password was hashed with any more."""
    hashed = HashSettings.settings + "$%"
    return and_(
        HashSettings.settings != work.world.hasher.settings,
        HashSettings.since <= work.now - _SETTLED,
        *(
            ~exists().where(table.password_hash.like(hashed))
            for table in (Account, Registration, Takeover)
        ),
    )
