"""An agreement stopped before each of its statements, while something else of the same member or
space runs whole; and the other way round. Nobody is ever in two spaces."""

import itertools
import os
import threading
from dataclasses import dataclass

import pytest
from sqlalchemy import select, update

from player.members import Letter, on_the_roll, with_account
from tests.households import asking
from tests.journeys import drafted, found, signed_in
from tests.pairs.interleave import BLOCKED, PATIENCE, Stop, stops
from tests.roll_desk import MAKER
from webapp.models import Account, JoinedMember, Registration
from webapp.rules.refusals import Refusal
from webapp.services.household import answers
from webapp.services.kernel import new_beginning
from webapp.services.kernel.work import Work
from webapp.services.letters import reissue
from webapp.services.registration import confirmation, pending

CODE = "8C3HW5ZR7Y4N"


@dataclass
class Case:
    """A space, whose owner is signed in; a member who asks to join it, and who is about to register
    once more with an address of their own (`own`, a draft) or with the same (`same`)."""

    account_id: int
    roll_id: int
    session: object
    letter: Letter
    own: str
    same: str


def case(work: Work, number: int) -> Case:
    owner = Letter(f"05{number:05d}", CODE, f"owner{number}@example.org")
    letter = Letter(f"06{number:05d}", CODE, f"own{number}@example.org")
    account_id, roll_id = with_account(work, owner), on_the_roll(work, letter)
    work.settle()
    asking(work, letter, email=owner.email)
    drafts = [drafted(work, letter, email=each) for each in (letter.email, owner.email)]
    own, same = (each.registration_id or "" for each in drafts)
    session = found(work, signed_in(work, email=owner.email).token)
    return Case(account_id, roll_id, session, letter, own, same)


def agree(own: Work, of: Case) -> object:
    return answers.agree(own, of.session, of.roll_id)  # type: ignore[arg-type]


def refuse(own: Work, of: Case) -> object:
    return answers.refuse(own, of.session, of.roll_id)  # type: ignore[arg-type]


def registers_alone(own: Work, of: Case) -> object:
    return _registers(own, of.own)


def asks_again(own: Work, of: Case) -> object:
    return _registers(own, of.same)


def _registers(own: Work, registration_id: str) -> object:
    pending.accept_terms(own, registration_id)
    own.settle()
    asked = select(Registration.link_id).where(Registration.id == registration_id)
    link_id = own.db.execute(asked).scalar_one()
    return confirmation.by_link(own, own.world.seals.seal_link("registration", link_id))


def letter_replaced(own: Work, of: Case) -> object:
    return reissue.reissue(own, [of.letter.number], maker=MAKER)


def closes(own: Work, of: Case) -> object:
    closing = {"closing_at": own.now, **new_beginning.counted()}
    return own.db.execute(update(Account).where(Account.id == of.account_id).values(closing))


# `make faults` plays all of them; those that could put somebody into two spaces are here
ALL = bool(os.environ.get("FAULTS"))
OTHERS = [registers_alone, letter_replaced]
OTHERS += [agree, refuse, asks_again, closes] if ALL else []


@pytest.mark.parametrize("stopped", ["agreement", "other"])
@pytest.mark.parametrize("other", OTHERS, ids=lambda each: each.__name__)
def test_at_no_moment_somebody_is_in_two_spaces(work, other, stopped):
    first, second = (agree, other) if stopped == "agreement" else (other, agree)
    with stops(work.db.engine) as listed:
        for at in itertools.count(1):
            of, stop = case(work, at), Stop(at)
            listed[:] = [stop]
            accidents = run(work, of, first, second, stop)
            listed.clear()
            assert accidents == [], f"stopped at {at}"
            judge(work, of, at)
            if stop.passed < at:
                return


def run(work, of, first, second, stop):
    """Both acts, `first` stopped; what was no refusal."""
    work.settle()
    accidents = []

    def alone(act, stopped):
        if stopped:
            stop.thread = threading.get_ident()
        own, keep = Work(work.db.engine, work.world, work.origin), True
        try:
            act(own, of)
        except Refusal:
            pass
        except Exception as error:
            accidents.append(repr(error))
            keep = False
        finally:
            own.close(commit=keep)
            stop.reached.set()

    threads = [
        threading.Thread(target=alone, args=(act, stopped))
        for act, stopped in ((first, True), (second, False))
    ]
    threads[0].start()
    assert stop.reached.wait(PATIENCE)
    threads[1].start()
    threads[1].join(BLOCKED)
    stop.go.set()
    for each in threads:
        each.join(PATIENCE)
        assert not each.is_alive()
    return accidents


def judge(work, of, at):
    """The count is that of the rows, and the member is in one space at most."""
    own = select(Account.id).where(Account.roll_id == of.roll_id)
    beside = select(JoinedMember.account_id).where(JoinedMember.roll_id == of.roll_id)
    spaces = [*work.db.execute(own).scalars(), *work.db.execute(beside).scalars()]
    counted = select(Account.joined).where(Account.id == of.account_id)
    here = select(JoinedMember.id).where(JoinedMember.account_id == of.account_id)
    rows = len(work.db.execute(here).all())
    assert len(spaces) <= 1, f"stopped at {at}"
    assert work.db.execute(counted).scalar_one() == rows, f"stopped at {at}"
    work.settle()
