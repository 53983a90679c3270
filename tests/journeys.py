"""Members' journeys played on the services, up to where a test begins; every step is settled."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, TypeVar

import pytest
from sqlalchemy import select, text

from player import mails
from player.mailed_codes import codes_in
from player.members import ODILE, Letter
from player.world import PASSWORD
from tests.roll_desk import MAKER, code_of
from webapp.models import Base, JournalEntry, StoredSession
from webapp.rules.ranks import AtCode, Rank, Registering, Session, Stored
from webapp.rules.refusals import Refusal
from webapp.services.kernel import new_sessions, sessions
from webapp.services.kernel.work import Work
from webapp.services.letters import batches, reissue
from webapp.services.registration import confirmation, drafts, pending
from webapp.services.sign_in import first_factor, mailed_code
from webapp.services.sign_in.finish import Entered

R = TypeVar("R")
S = TypeVar("S", bound=Session)
BROWSER = "the secret of one browser"


@contextmanager
def refused(key: str) -> Iterator[pytest.ExceptionInfo[Refusal]]:
    """The portal says no, for this reason."""
    with pytest.raises(Refusal) as refusal:
        yield refusal
    assert refusal.value.key == key


def settled(work: Work, act: Callable[..., R], *args: Any, **facts: Any) -> R:
    """One request; a refusal is settled too, as the web settles it."""
    try:
        return act(work, *args, **facts)
    finally:
        work.settle()


def found(work: Work, token: str) -> Any:
    """The live session of this cookie."""
    session = sessions.find(work, token)
    assert session is not None, "no such session"
    return session


def drafted(
    work: Work, letter: Letter = ODILE, *, email: str | None = None, password: str = PASSWORD
) -> Registering:
    """Step 1 done: the letter proved, an address and a password chosen."""
    token, _ = drafts.write(
        work,
        number=letter.number,
        access_code=letter.access_code,
        email=email or letter.email,
        password=password,
        previous=None,
    )
    work.settle()
    return found(work, token)


def in_waiting(
    work: Work, letter: Letter = ODILE, *, email: str | None = None, password: str = PASSWORD
) -> str:
    """Step 2 done: the terms accepted, the mail written; returns the registration's id."""
    session = drafted(work, letter, email=email, password=password)
    assert session.registration_id
    pending.accept_terms(work, session.registration_id)
    work.settle()
    return session.registration_id


def enter(work: Work, rank: Rank, previous: Stored | None, **fields: Any) -> str:
    """A session begins at this rank, in the place of the previous one: the id for its cookie."""
    token = work.world.chance.token()
    new_sessions.mint(work, previous, new_sessions.fresh(work, rank, token, **fields))
    return token


def at_rank(work: Work, rank: Rank, registration_id: str | None) -> Any:
    """A browser that holds this registration at this rank."""
    token = enter(work, rank, None, registration_id=registration_id)
    work.settle()
    return found(work, token)


def last_mail(work: Work) -> mails.WaitingMail:
    """The mail written last."""
    return mails.waiting(work)[-1]


def mailed_link(work: Work) -> str:
    """The token of the link in the mail written last."""
    link = re.search(r"/inscription/validation/(\S+)", last_mail(work).text)
    assert link, "the last mail carries no link"
    return link[1]


def mailed_recovery(work: Work) -> str:
    """The token of the link to a new password in the mail written last."""
    link = re.search(r"/mot-de-passe-oublie/nouveau/(\S+)", last_mail(work).text)
    assert link, "the last mail carries no link to a new password"
    return link[1]


def mailed_stop(work: Work) -> str:
    """The token of the link that stops a newer letter, in the youngest mail that has one."""
    links = re.findall(r"/nouveau-courrier/(\S+)", "".join(m.text for m in mails.waiting(work)))
    assert links, "no mail carries a link to stop"
    return str(links[-1])


def reissued(work: Work, letter: Letter = ODILE) -> Letter:
    """The member's newer paper letter."""
    [sheet] = batches.sheets(work, reissue.reissue(work, [letter.number], maker=MAKER))
    work.settle()
    return replace(letter, access_code=code_of(sheet))


def taking_over(work: Work, letter: Letter = ODILE, **chosen: str) -> Letter:
    """A newer letter confirmed by who chose `email` and `password`; returns it."""
    newer = reissued(work, letter)
    in_waiting(work, newer, **chosen)
    confirmation.by_link(work, mailed_link(work))
    work.settle()
    return newer


def code_in_mail(work: Work) -> str:
    """The code in the youngest mail that has one: 6 digits or 13."""
    texts = "\n".join(each.text for each in mails.waiting(work))
    codes = codes_in(texts)
    assert codes, "no mail carries a code"
    return codes[-1]


def give_password(
    work: Work, email: str = ODILE.email, password: str = PASSWORD, **changes: Any
) -> Entered:
    """Screen 10 posted once."""
    facts: dict[str, Any] = {
        "email": email,
        "password": password,
        "remember": False,
        "device_secret": None,
        "browser": BROWSER,
        "agent": "Firefox, Linux",
        "previous": None,
    }
    return settled(work, first_factor.password, **(facts | changes))


def at_code(work: Work, **changes: Any) -> AtCode:
    """The right password given: a security code is in the mail."""
    return found(work, give_password(work, **changes).token)


def give_code(work: Work, session: AtCode, code: str) -> Entered:
    """Screen 12 posted once."""
    return settled(work, mailed_code.enter, session, code=code, agent="Firefox, Linux")


def resend(work: Work, session: AtCode) -> None:
    """« Renvoyer le code » pressed once."""
    settled(work, mailed_code.resend, session)


def again(work: Work, session: S) -> S:
    """The session as the next request finds it."""
    own = [name for name in vars(session) if name in StoredSession.__table__.c]
    columns = [StoredSession.__table__.c[name] for name in own]
    row = work.db.execute(select(*columns).where(StoredSession.id == session.id)).first()
    assert row, "the sign-in is over"
    work.settle()
    return replace(session, **row._asdict() | {"rank": Rank(row.rank)})


def wrong(code: str, by: int = 1) -> str:
    """Another code of as many digits."""
    return f"{(int(code) + 500_000 + by) % 10 ** len(code):0{len(code)}d}"


def signed_in(work: Work, *, remember: bool = False, **changes: Any) -> Entered:
    """Both steps done."""
    session = at_code(work, remember=remember, **changes)
    return give_code(work, session, code_in_mail(work))


def journalled(work: Work, event: str) -> list[dict[str, Any]]:
    """The facts of every such event in the journal, oldest first."""
    entries = select(JournalEntry.facts).where(JournalEntry.event == event).order_by("id")
    rows = [dict(row.facts) for row in work.db.execute(entries)]
    work.settle()
    return rows


def count(work: Work, table: Any) -> int:
    """How many rows a table has."""
    rows = len(work.db.execute(select(table)).all())
    work.settle()
    return rows


def dump(work: Work) -> str:
    """Every value of every table, bytes as hexadecimal and as text."""
    values = []
    for table in Base.metadata.sorted_tables:
        for row in work.db.execute(text(f'SELECT * FROM "{table.name}"')):
            for value in row:
                raw = bytes(value) if isinstance(value, (bytes, memoryview)) else None
                values.append(str(value) if raw is None else raw.decode("latin-1") + raw.hex())
    work.settle()
    return "\n".join(values)
