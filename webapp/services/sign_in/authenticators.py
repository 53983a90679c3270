"""The authenticator app: added with a QR code and a first right code, then six digits a sign-in."""

from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Select, bindparam, select, update

from webapp.models import Account, Authenticator, StoredSession
from webapp.models.prepared import Prepared
from webapp.rules import limits
from webapp.rules.ranks import AtCode, Member, Rank
from webapp.rules.refusals import Refusal
from webapp.services.kernel import new_beginning, sessions, throttle
from webapp.services.kernel.sessions import hashed
from webapp.services.kernel.work import Work
from webapp.services.kernel.world import Drawing
from webapp.services.sign_in import finish, recovery_codes, second_factors
from webapp.services.sign_in.finish import Entered

SECRET_BYTES = 20  # 160 bits, as RFC 4226 recommends


@dataclass(frozen=True)
class Setup:
    """What the app needs, shown until it is confirmed: by camera, by link, by hand."""

    drawing: Drawing
    link: str
    key: str


def start(work: Work, session: Member) -> None:
    """A new secret; one that was never confirmed is forgotten.

    Raises Refusal("app_already") while an app is in force.
    """
    row_id = work.world.chance.row_id()
    secret = hashed(work.world.chance.token())[:SECRET_BYTES]
    values = {
        "id": row_id,
        "secret": work.world.seals.lock(row_id, secret),
        "epoch": session.epoch,
        "created_at": work.now,
    }
    started = work.db.execute(
        work.insert(Authenticator)
        .values(values | {"account_id": session.account_id, "name": "", "last_step": 0})
        .on_conflict_do_update(
            index_elements=["account_id"],
            set_=values,
            where=Authenticator.confirmed_at.is_(None),
        )
        .returning(Authenticator.id)
    ).first()
    if started is None:
        raise Refusal("app_already")


def setup(work: Work, session: Member) -> Setup | None:
    """The app being added, None when none is."""
    row = work.db.execute(_unconfirmed(session)).first()
    if row is None:
        return None
    secret = _opened(work, row.id, row.secret)
    if secret is None:
        return None
    codes = work.world.app_codes
    link = codes.link(secret, session.email)
    key = codes.key(secret)
    groups = " ".join(key[at : at + 4] for at in range(0, len(key), 4))
    return Setup(codes.drawing(link), link, groups)


def confirm(work: Work, session: Member, *, name: str, code: str) -> tuple[str, ...]:
    """The first code typed: the app is in force. Returns the recovery codes made along with the
    first step of one's own, none when there are some.

    Raises Refusal: app_code_wrong, app_closed, app_over, session_over.
    """
    account_id = session.account_id
    throttle.spend(work, limits.APP_SETUP, str(account_id), "app_closed", field="app_code")
    work.settle()
    row = work.db.execute(_unconfirmed(session)).first()
    if row is None:
        raise Refusal("app_over")
    secret = _opened(work, row.id, row.secret)
    if secret is None:
        raise Refusal("app_over")
    step = work.world.app_codes.step(secret, code, work.now)
    if step is None:
        raise Refusal("app_code_wrong", "app_code")
    new_beginning.lock_account(work, session)
    confirmed = work.db.execute(
        update(Authenticator)
        .where(Authenticator.id == row.id, Authenticator.confirmed_at.is_(None))
        .values(
            name=name,
            confirmed_at=work.now,
            last_step=step,
            secret=work.world.seals.renewed(row.id, row.secret),
        )
    )
    if confirmed.rowcount != 1:
        raise Refusal("app_over")
    codes = () if row.has_codes else recovery_codes.make(work, account_id)
    second_factors.added(work, session, kind="app", name=name, codes=bool(codes))
    return codes


def remove(work: Work, session: Member) -> bool:
    """The app opens nothing any more; False when there was none."""
    in_force = Authenticator.confirmed_at.is_not(None)
    return second_factors.remove(work, session, "app", Authenticator, in_force)


class _Try(NamedTuple):
    """The sign-in's codes and tries left, and the app in force, if any."""

    codes: str
    tries_left: int
    app_id: str | None
    app_secret: bytes | None


_APP = (
    Authenticator.account_id == bindparam("whose"),
    Authenticator.confirmed_at.is_not(None),
)
_SPEND = Prepared(
    _Try,
    sessions.SPENDING.returning(
        StoredSession.codes,
        StoredSession.tries_left,
        select(Authenticator.id).where(*_APP).scalar_subquery().label("app_id"),
        select(Authenticator.secret).where(*_APP).scalar_subquery().label("app_secret"),
    ),
)


def enter(work: Work, session: AtCode, *, code: str, agent: str) -> Entered:
    """The second step with the app's code; no code serves twice. A secret sealed with a former key
    is sealed with today's, so that the former one may go.

    Raises Refusal: app_code_wrong, app_code_used, code_spent, code_closed, code_over, and
    app_unreadable when the key that sealed the secret is gone.
    """
    row = _SPEND.first(
        work.db, {**sessions.spending(session, (Rank.CODE,)), "whose": session.account_id}
    )
    left = row and sessions.Try(row.codes, row.tries_left)
    spent = finish.count_try(work, session, left, "app_code")
    step, app_id, sealed = None, row and row.app_id, row and row.app_secret
    if app_id is not None and sealed is not None:
        secret = _opened(work, app_id, sealed)
        if secret is None:
            raise Refusal("app_unreadable", "app_code")
        step = work.world.app_codes.step(secret, code, work.now)
    if app_id is None or sealed is None or step is None:
        refusal = Refusal("app_code_wrong", "app_code")
        raise finish.wrong(work, session, spent.tries_left, refusal)
    used = work.db.execute(
        update(Authenticator)
        .where(Authenticator.id == app_id, Authenticator.last_step < step)
        .where(Authenticator.account_id == new_beginning.held(new_beginning.still(session)))
        .values(
            last_step=step,
            last_used_at=work.now,
            secret=work.world.seals.renewed(app_id, sealed),
        )
    )
    if used.rowcount != 1:
        refusal = Refusal("app_code_used", "app_code")
        raise finish.wrong(work, session, spent.tries_left, refusal)
    return finish.passed(work, session, by="app", agent=agent)


def _opened(work: Work, app_id: str, sealed: bytes) -> bytes | None:
    """The app's secret, None when the key that sealed it is gone."""
    try:
        return work.world.seals.unlock(app_id, sealed)
    except ValueError:
        return None


def _unconfirmed(session: Member) -> Select[str, bytes, bool]:
    return (
        select(
            Authenticator.id,
            Authenticator.secret,
            second_factors.codes_of(Account.id).label("has_codes"),
        )
        .join(Account, Account.id == Authenticator.account_id)
        .where(Authenticator.account_id == session.account_id)
        .where(Authenticator.confirmed_at.is_(None), new_beginning.current(Authenticator.epoch))
    )
