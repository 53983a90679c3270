"""The deeds of the desk: which make sense in a member's state, which ask for a second operator."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from webapp.rules.letters import EXPIRED, MADE, POSTED, VOID
from webapp.rules.refusals import Refusal
from webapp.rules.statuses import ACTIVE, DECEASED, NO_LETTER, REFUSED
from webapp.services.desk import second_operator
from webapp.services.desk.deeds import (
    confirmation,
    delays,
    letter,
    newer_letter,
    notes,
    parting,
    sign_out,
    suspension,
)
from webapp.services.desk.letters import OF_THE_FILE
from webapp.services.desk.member import MemberFacts
from webapp.services.desk.second_operator import Facts
from webapp.services.kernel.work import Work

_LEFT_US = {POSTED, EXPIRED, VOID, OF_THE_FILE}


def _never(_work: Work, _roll_id: int) -> bool:
    return False


def _always(_work: Work, _roll_id: int) -> bool:
    return True


@dataclass(frozen=True)
class Deed:
    """`address`: its word in the addresses of the desk. `fits`: whether it is offered in a member's
    state; the service itself looks again. `two`: whether it asks for a second operator. `why_not`:
    the refusal that such a request would meet anyway."""

    key: str
    address: str
    do: Callable[[Work, int, str], None]
    fits: Callable[[MemberFacts], bool]
    two: Callable[[Work, int], bool] = _never
    why_not: Callable[[Work, int], str | None] | None = None


def _may_be_written_to(facts: MemberFacts) -> bool:
    here = facts.on_the_roll
    free = here.status not in NO_LETTER and not here.came_back and facts.letter_wanted_at is None
    return free and facts.letters[0].state != MADE


def _registers(facts: MemberFacts) -> bool:
    return any(each.state == "waiting" and not each.void for each in facts.registrations)


def _is_open(facts: MemberFacts) -> bool:
    return facts.space is not None and facts.space.suspended_at is None


def _is_suspended(facts: MemberFacts) -> bool:
    return facts.space is not None and facts.space.suspended_at is not None


def _changes(facts: MemberFacts) -> bool:
    takeover = facts.space.takeover if facts.space else None
    return takeover is not None and takeover.state == "waiting"


def _shares(facts: MemberFacts) -> bool:
    return facts.space is not None and bool(facts.space.others)


def _left_us(facts: MemberFacts) -> bool:
    sent = any(each.state in _LEFT_US for each in facts.letters)
    return sent and not facts.on_the_roll.came_back


def _may_be_noted(to: str) -> Callable[[MemberFacts], bool]:
    return lambda facts: facts.on_the_roll.status in notes.FROM[to]


ALL = (
    Deed(
        "letter", "courrier", letter.want, _may_be_written_to,
        letter.is_to_recent_address, letter.why_none,
    ),
    Deed(
        "letter_back", "reprendre-courrier", letter.take_back,
        lambda facts: facts.letter_wanted_at is not None,
    ),
    Deed("confirmation", "confirmation", confirmation.resend, _registers),
    Deed("delays", "attente", delays.lift, lambda facts: bool(facts.waits)),
    Deed("sign_out", "deconnecter", sign_out.everywhere, _is_open),
    Deed("suspend", "suspendre", suspension.suspend, _is_open),
    Deed("resume", "remettre-en-service", suspension.resume, _is_suspended, _always),
    Deed("newer_letter", "arreter-changement", newer_letter.stop, _changes),
    Deed("part", "retirer", parting.part, _shares, _always),
    Deed("returned", "npai", notes.came_back, _left_us),
    Deed(
        "arrives", "adresse-bonne", notes.arrives_after_all,
        lambda facts: facts.on_the_roll.came_back,
    ),
    Deed("deceased", "deces", partial(notes.status, to=DECEASED), _may_be_noted(DECEASED)),
    Deed("refused", "refus", partial(notes.status, to=REFUSED), _may_be_noted(REFUSED)),
    Deed("active", "adherent", partial(notes.status, to=ACTIVE), _may_be_noted(ACTIVE)),
)  # fmt: skip
BY_ADDRESS: Mapping[str, Deed] = {each.address: each for each in ALL}


def offered(facts: MemberFacts) -> list[Deed]:
    """Those that make sense for this member now."""
    return [each for each in ALL if each.fits(facts)]


def perform(work: Work, deed: Deed, roll_id: int, reason: str) -> bool:
    """Do it, or ask a second operator for it; returns whether it was done. Raises Refusal."""
    if not deed.two(work, roll_id):
        deed.do(work, roll_id, reason)
        return True
    if deed.why_not and (key := deed.why_not(work, roll_id)):
        raise Refusal(key)
    second_operator.ask(work, deed.key, roll_id, {}, reason)
    return False


def _by_two(deed: Deed, words: str) -> None:
    def do(work: Work, roll_id: int | None, _facts: Facts, reason: str) -> None:
        if roll_id is None:
            raise Refusal("desk_request_over")
        deed.do(work, roll_id, reason)

    second_operator.declare(deed.key, words, do)


_BY_KEY = {each.key: each for each in ALL}
_by_two(_BY_KEY["letter"], "Envoyer un courrier à une adresse changée il y a moins de 30 jours")
_by_two(_BY_KEY["resume"], "Remettre l’espace en service")
_by_two(_BY_KEY["part"], "Retirer de l’espace partagé")
