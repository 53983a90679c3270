"""Two requests of one sign-in that cross at the worst moment."""

import threading
from dataclasses import replace

from sqlalchemy import update

from player.members import with_account
from tests.journeys import at_code, code_in_mail, give_code, wrong
from webapp.models import StoredSession
from webapp.rules.refusals import Refusal
from webapp.services.kernel import sessions
from webapp.services.kernel.work import Work

PATIENCE = 20


class PausingSeals:
    """The world's seals; a code is compared only after `pause` returned."""

    def __init__(self, seals, pause):
        self._seals, self._pause = seals, pause

    def __getattr__(self, name):
        return getattr(self._seals, name)

    def same(self, mac, purpose, *parts):
        if purpose == "security_code":
            self._pause()
        return self._seals.same(mac, purpose, *parts)


def test_the_last_wrong_code_does_not_end_the_session_of_who_just_entered(work):
    with_account(work)
    session = at_code(work)
    code = code_in_mail(work)
    work.db.execute(update(StoredSession).values(tries_left=2))
    work.settle()
    engine, world = work.db.engine, work.world
    right_spent, wrong_begins = threading.Event(), threading.Event()

    def wait_for_the_other():
        right_spent.set()
        assert wrong_begins.wait(PATIENCE)

    def guess(typed, pause=lambda: None):
        own = Work(engine, replace(world, seals=PausingSeals(world.seals, pause)), work.origin)
        try:
            return give_code(own, session, typed)
        except Refusal as refusal:
            return refusal
        finally:
            own.close(commit=True)

    answers = {}

    def right():
        answers["right"] = guess(code, wait_for_the_other)

    def late():
        assert right_spent.wait(PATIENCE)
        wrong_begins.set()
        answers["wrong"] = guess(wrong(code))

    threads = [threading.Thread(target=each) for each in (right, late)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(PATIENCE)
    assert answers["wrong"].key in ("code_over", "code_wrong")  # it had to wait for its turn
    assert sessions.find(work, answers["right"].token)
