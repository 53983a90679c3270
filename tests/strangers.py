"""Somebody who guesses: wrong passwords, failures of an address of origin, and the warnings that
follow."""

import re

from player.mails import WaitingMail, waiting
from player.members import ODILE
from player.world import StillClock
from tests.journeys import give_password, refused
from webapp.rules.refusals import Refusal
from webapp.services.kernel import throttle
from webapp.services.kernel.work import Work

NOBODY = "personne@example.org"
WRONG = "quatre autres mots sans rapport"


def fail(work: Work, times: int = 1, email: str = ODILE.email, **changes: object) -> None:
    """Wrong passwords for this address, told as such."""
    for _ in range(times):
        with refused("sign_in_wrong"):
            give_password(work, email, WRONG, **changes)


def ten_failures(work: Work, clock: StillClock, email: str = ODILE.email) -> None:
    """Ten wrong passwords in a row, as fast as the delay lets them."""
    fail(work, 5, email)
    for _ in range(5):
        clock.advance(hours=1)
        fail(work, email=email)


def warnings(work: Work) -> list[WaitingMail]:
    """The warnings of ten wrong passwords that have not left yet, oldest first."""
    found = [each for each in waiting(work) if each.name == "ten_failures"]
    work.settle()
    return found


def warned_link(work: Work) -> str:
    """The token of the link in the warning that was written last."""
    link = re.search(r"/connexion/essais/(\S+)", warnings(work)[-1].text)
    assert link, "the warning carries no link"
    return link[1]


def failures(work: Work, many: int = 100) -> None:
    """So many failures of this work's address of origin."""
    for _ in range(many):
        throttle.failed(work, Refusal("code_wrong"))
    work.settle()


def failures_left(work: Work) -> int:
    """How many failures this address of origin may still have."""
    for each in range(200):
        if throttle.failed(work, Refusal("code_wrong")).key == "origin_closed":
            work.db.rollback()
            return each
    raise AssertionError("never closed")
