"""Nobody learns who has a space: not from a status, a count or a mail, nor from the work that an
answer cost."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import delete, insert, select, update

from player.mails import waiting as mails
from player.members import LUCE, ODILE, RENE, on_the_roll, with_account
from player.world import NEW_PASSWORD, PASSWORD, StillClock
from tests.hashers import CountingHasher
from tests.journeys import code_in_mail, count, found, give_password, in_waiting, taking_over
from tests.strangers import WRONG
from webapp.adapters.argon2 import Argon2Hasher
from webapp.models import Account, HashSettings, Registration, Takeover, Throttle
from webapp.rules.ranks import Rank
from webapp.rules.refusals import Refusal
from webapp.services.kernel import hash_settings, password_tags, throttle
from webapp.services.kernel.work import Work
from webapp.services.registration import confirmation

ASKED = "celle-ci@example.org"
OWN = NEW_PASSWORD
ASKED_LETTER = replace(ODILE, email=ASKED)
OLD = Argon2Hasher(2, 16, 1)


def a_space(work: Work) -> None:
    with_account(work, ASKED_LETTER)


def a_registration(work: Work) -> None:
    """Somebody with a letter of their own gave this address, and a password of their own."""
    on_the_roll(work, RENE)
    in_waiting(work, RENE, email=ASKED, password=OWN)


def a_takeover(work: Work) -> None:
    with_account(work, RENE)
    taking_over(work, RENE, email=ASKED, password=OWN)


def an_old_hash(work: Work) -> None:
    a_space(work)
    work.db.execute(update(Account).values(password_hash=OLD.hash(PASSWORD)))


def both(*makes: Callable[[Work], None]) -> Callable[[Work], None]:
    def make(work: Work) -> None:
        for each in makes:
            each(work)

    return make


STATES: dict[str, Callable[[Work], None]] = {
    "unknown": both(),
    "space": a_space,
    "waiting": a_registration,
    "waiting and space": both(a_space, a_registration),
    "takeover": a_takeover,
    "old hash": an_old_hash,
}
WITH_ONE_S_OWN = {
    "waiting": both(a_registration),
    "waiting and space": both(a_space, a_registration),
    "waiting and old hash": both(an_old_hash, a_registration),
    "takeover": a_takeover,
    "takeover and space": both(a_takeover, a_space),
}


@pytest.fixture
def hasher(work: Work) -> CountingHasher:
    """Every computation is counted; hashes of older settings are in use beside today's."""
    counting = CountingHasher()
    work.world = replace(work.world, hasher=counting)
    hash_settings.note(work)
    work.db.execute(insert(HashSettings).values(settings=OLD.settings, since=work.now))
    work.settle()
    return counting


def answer(work: Work, password: str) -> tuple[object, ...]:
    """What is told: the screen, or the refusal with its field and wait."""
    try:
        return (give_password(work, ASKED, password).rank,)
    except Refusal as refusal:
        return refusal.key, refusal.field, refusal.wait


def played(work: Work, passwords: list[str]) -> list[tuple[object, ...]]:
    """What each try is told, and what is counted after it but for the origin's failures."""
    work.db.execute(delete(Throttle))
    origin = throttle.key(work, "origin", work.origin)
    told = []
    for each in passwords:
        told.append(answer(work, each))
        counted = select(Throttle.used, Throttle.window_ends, Throttle.closed_until)
        told.append(tuple(work.db.execute(counted.where(Throttle.key != origin)).one()))
        work.settle()
    return told


@pytest.mark.parametrize("state", STATES)
def test_a_wrong_password_costs_one_computation_with_each_settings_in_use(
    work: Work, hasher: CountingHasher, state: str
) -> None:
    STATES[state](work)
    work.settle()
    mailed, hasher.computed = len(mails(work)), []
    assert answer(work, WRONG) == ("sign_in_wrong", None, None)
    assert hasher.computed == sorted([OLD.settings, hasher.settings])
    assert len(mails(work)) == mailed


@pytest.mark.parametrize("state", STATES)
def test_with_one_settings_in_use_a_wrong_password_costs_one_computation(
    work: Work, state: str
) -> None:
    hasher = CountingHasher()
    work.world = replace(work.world, hasher=hasher)
    if state != "old hash":
        STATES[state](work)
    hasher.computed = []
    answer(work, WRONG)
    assert hasher.computed == [hasher.settings]


@pytest.mark.parametrize("state", WITH_ONE_S_OWN)
def test_one_s_own_right_password_costs_the_same_with_and_without_a_space(
    work: Work, hasher: CountingHasher, state: str
) -> None:
    WITH_ONE_S_OWN[state](work)
    work.settle()
    hasher.computed = []
    answer(work, OWN)
    assert hasher.computed == sorted([OLD.settings, hasher.settings]) * 2


SEQUENCES = {
    "thirty right ones": [OWN] * 30,
    "alternating": [WRONG, OWN] * 6,
    "four wrong, a right one, four wrong": [*[WRONG] * 4, OWN, *[WRONG] * 4],
}


@pytest.mark.parametrize("passwords", SEQUENCES.values(), ids=SEQUENCES)
def test_signing_in_to_one_s_own_registration_tells_of_no_space(
    work: Work, passwords: list[str]
) -> None:
    """Answers and counts, try by try, beside a space and without one."""
    on_the_roll(work, RENE)
    in_waiting(work, RENE, email=ASKED, password=OWN)
    without = played(work, passwords)
    a_space(work)
    assert played(work, passwords) == without


@pytest.mark.parametrize("state", WITH_ONE_S_OWN)
def test_thirty_right_ones_are_never_closed(work: Work, state: str) -> None:
    WITH_ONE_S_OWN[state](work)
    told = {answer(work, OWN)[0] for _ in range(30)}
    assert told == {"new_access_waits" if "takeover" in state else Rank.WAITING}


@pytest.mark.parametrize("state", WITH_ONE_S_OWN)
def test_one_s_own_right_password_buys_no_guess(work: Work, state: str) -> None:
    WITH_ONE_S_OWN[state](work)
    told = [answer(work, each)[0] for each in SEQUENCES["four wrong, a right one, four wrong"]]
    own = "new_access_waits" if "takeover" in state else Rank.WAITING
    wrong, closed = "sign_in_wrong", "password_closed"
    assert told == [*[wrong] * 4, own, wrong, *[closed] * 3]


def own_tag(work: Work, typed: str) -> None:
    """What waits bears the tag of what will be typed, as it does by chance once in 256 times."""
    rows = work.db.execute(select(Registration.id, Registration.roll_id)).all()
    for row in rows:
        tag = password_tags.of(work, row.roll_id, typed)
        own = update(Registration).where(Registration.id == row.id)
        work.db.execute(own.values(password_tag=tag))
    work.settle()


def test_a_tag_that_matches_by_chance_keeps_no_owner_out(work: Work) -> None:
    both(a_space, a_registration)(work)
    own_tag(work, PASSWORD)
    assert answer(work, PASSWORD) == (Rank.CODE,)


@pytest.mark.parametrize("state", ["waiting", "waiting and space"])
def test_a_tag_that_matches_by_chance_costs_the_same_with_and_without_a_space(
    work: Work, hasher: CountingHasher, state: str
) -> None:
    STATES[state](work)
    own_tag(work, WRONG)
    hasher.computed = []
    assert answer(work, WRONG)[0] == "sign_in_wrong"
    assert hasher.computed == sorted([OLD.settings, hasher.settings]) * 2


@pytest.mark.parametrize("table", [Registration, Takeover])
def test_what_the_former_release_wrote_without_a_tag_is_still_known(
    work: Work, table: type[Registration] | type[Takeover]
) -> None:
    (a_registration if table is Registration else a_takeover)(work)
    work.db.execute(update(table).values(password_tag=None))
    told = answer(work, OWN)[0]
    assert told == (Rank.WAITING if table is Registration else "new_access_waits")


def test_two_registrations_of_one_mailbox_are_each_reached_by_their_password(
    work: Work, clock: StillClock
) -> None:
    for letter, password in ((RENE, PASSWORD), (LUCE, OWN)):
        clock.advance(minutes=1)
        on_the_roll(work, letter)
        in_waiting(work, letter, email=ASKED, password=password)
        code = code_in_mail(work)
        if letter is RENE:
            first_code = code
    session = found(work, give_password(work, ASKED, PASSWORD).token)
    confirmed = confirmation.by_code(work, session.registration_id, code=first_code)
    assert confirmed.state == "confirmed" and count(work, Account) == 1
    assert give_password(work, ASKED, OWN).rank is Rank.WAITING


def test_the_same_password_opens_the_space_before_what_waits_for_it(work: Work) -> None:
    """Their own member registered again with a newer letter, address and password as before."""
    a_space(work)
    taking_over(work, ASKED_LETTER, email=ASKED, password=PASSWORD)
    assert answer(work, PASSWORD) == (Rank.CODE,)
