"""Who rings, and what is true of them: the states of the twelve calls (webapp/rules/calls.py).

Each is brought about by the services on a stage; where there is only an address to play, the script
of the first step says that it can't be played from there.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta

from sqlalchemy import update

from player import households, members
from player.households import GERARD
from player.members import ODILE, Letter
from player.screens.mailbox import CONFIRMATION
from player.stage import Stage
from player.world import NEW_PASSWORD
from webapp.models import RollEntry
from webapp.rules import lifetimes
from webapp.rules.ranks import Registering
from webapp.rules.refusals import Refusal
from webapp.services.kernel.work import Work
from webapp.services.registration import confirmation, drafts, pending
from webapp.services.sign_in import first_factor

BORN = date(1950, 3, 7)
ADDRESS = "12 RUE HAUTE\n38000 GRENOBLE"
WRONG = "pas le bon mot de passe"


def rings(stage: Stage, call: str) -> Letter:
    """Make true what is of this caller; returns the letter of the member in question."""
    return _STATES[call](stage)


def _known(work: Work, letter: Letter) -> None:
    """The roll knows when they were born and where they live."""
    own = update(RollEntry).where(RollEntry.number == letter.number)
    work.db.execute(own.values(birth_date=BORN, address=ADDRESS))


def _writes(stage: Stage, act: Callable[[Work], object], letter: Letter = ODILE) -> Letter:
    with Work(stage.engine, stage.world) as work:
        act(work)
        _known(work, letter)
    return letter


def _with_letter(stage: Stage) -> Letter:
    return _writes(stage, members.on_the_roll)


def _with_old_letter(stage: Stage) -> Letter:
    letter = _with_letter(stage)
    stage.clock.advance(seconds=(lifetimes.ACCESS_CODE + timedelta(days=1)).total_seconds())
    return letter


def _with_space(stage: Stage) -> Letter:
    return _writes(stage, members.with_account)


def _registering(stage: Stage, letter: Letter = ODILE) -> Letter:
    """They registered and wait for the mail."""

    def register(work: Work) -> None:
        members.on_the_roll(work, letter)
        _register(work, letter)

    return _writes(stage, register, letter)


def _register(work: Work, letter: Letter) -> None:
    _, session = drafts.write(
        work, number=letter.number, access_code=letter.access_code, email=letter.email,
        password=NEW_PASSWORD, previous=None,
    )  # fmt: skip
    if not isinstance(session, Registering):
        raise TypeError(f"a draft at rank {session.rank}")
    pending.accept_terms(work, session.registration_id or "")


def _waiting_for_a_mail(stage: Stage) -> Letter:
    letter = _registering(stage)
    stage.come_to_rest()
    stage.clock.advance(seconds=61)  # the next mail may leave
    return letter


def _locked(stage: Stage) -> Letter:
    letter = _with_space(stage)
    for _ in range(6):
        work = Work(stage.engine, stage.world, "203.0.113.9")
        with suppress(Refusal):
            first_factor.password(
                work, email=letter.email, password=WRONG, remember=False, device_secret=None,
                browser="a browser", agent="", previous=None,
            )  # fmt: skip
        work.close(commit=True)
    return letter


def _joining(stage: Stage) -> Letter:
    """Gérard asked to join Odile's space, and she has not answered."""
    _with_space(stage)

    def register(work: Work) -> None:
        households.on_the_roll(work, GERARD)
        _register(work, GERARD.letter)

    _writes(stage, register, GERARD.letter)
    link = stage.post_office.wait_for(GERARD.letter.email, CONFIRMATION).link
    with Work(stage.engine, stage.world) as work:
        confirmation.by_link(work, link.rpartition("/")[2])
    return GERARD.letter


def _cared_for(stage: Stage) -> Letter:
    """Somebody shares the space with the member who is asked about."""
    return _writes(stage, households.with_household)


_STATES: dict[str, Callable[[Stage], Letter]] = {
    "call_letter": _with_letter,
    "call_typo": _registering,
    "call_no_mail": _waiting_for_a_mail,
    "call_expired": _with_old_letter,
    "call_lost": _with_space,
    "call_locked": _locked,
    "call_stolen": _with_space,
    "call_name": _with_space,
    "call_couple": _joining,
    "call_carer": _cared_for,
    "call_death": _with_space,
    "call_no": _with_letter,
}
