"""The authenticator app: confirmed by its first right code, and no code serves twice."""

import pytest
from sqlalchemy import select

from player.members import with_account
from tests.journeys import again, count, found, journalled, refused, settled, wrong
from tests.own_steps import app_code, at_own_step, member, with_app
from tests.threads import at_once, refusals
from webapp.models import Authenticator, Device, RecoveryCode
from webapp.rules import limits
from webapp.rules.ranks import Rank
from webapp.services.sign_in import authenticators
from webapp.services.space import retention

AGENT = "Firefox, Linux"


@pytest.fixture
def odile(work):
    with_account(work)
    return member(work)


def enter(work, session, code):
    return settled(work, authenticators.enter, session, code=code, agent=AGENT)


def next_step(clock):
    clock.advance(seconds=30)


def test_nothing_is_in_force_before_the_first_right_code(work, odile):
    authenticators.start(work, odile)
    work.settle()
    with refused("app_code_wrong"):
        authenticators.confirm(work, odile, name="Appli", code=wrong(app_code(work)))
    work.settle()
    assert at_own_step(work).ways == ""
    codes = authenticators.confirm(work, odile, name="Appli", code=app_code(work))
    work.settle()
    assert len(codes) == 10 == count(work, RecoveryCode)
    assert at_own_step(work).ways == "amr"


def test_the_setup_shows_a_link_a_drawing_and_a_key_to_type(work, odile):
    authenticators.start(work, odile)
    setup = authenticators.setup(work, odile)
    assert setup.link.startswith("otpauth://totp/SMIE%20Mutuelle:odile%40example.org?secret=")
    assert len(setup.key.replace(" ", "")) == 32
    assert {len(group) for group in setup.key.split()} == {4}
    assert setup.drawing.path.startswith("M4 4h7")  # the corner that every QR code has
    stored = work.db.execute(select(Authenticator.secret)).scalar()
    assert setup.key.replace(" ", "").encode() not in stored


def test_starting_again_replaces_what_was_not_confirmed(work, odile):
    authenticators.start(work, odile)
    work.settle()
    old = app_code(work)
    authenticators.start(work, odile)
    work.settle()
    with refused("app_code_wrong"):
        authenticators.confirm(work, odile, name="Appli", code=old)
    work.settle()
    assert count(work, Authenticator) == 1


def test_a_second_app_is_refused_while_one_is_in_force(work, odile):
    with_app(work, odile)
    with refused("app_already"):
        authenticators.start(work, odile)
    assert authenticators.setup(work, odile) is None
    with refused("app_over"):
        authenticators.confirm(work, odile, name="Appli", code="123456")


def test_first_codes_are_limited(work, odile):
    authenticators.start(work, odile)
    work.settle()
    for _ in range(limits.APP_SETUP.tries):
        with refused("app_code_wrong"):
            authenticators.confirm(work, odile, name="Appli", code=wrong(app_code(work)))
        work.settle()
    with refused("app_closed"):
        authenticators.confirm(work, odile, name="Appli", code=app_code(work))


def test_its_code_is_the_second_step(work, odile, clock):
    with_app(work, odile)
    next_step(clock)
    entered = enter(work, at_own_step(work), app_code(work))
    assert found(work, entered.token).rank is Rank.MEMBER
    assert journalled(work, "sign_in.done")[-1]["by"] == "app"


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_clocks_may_differ_by_one_step(work, odile, clock, steps):
    with_app(work, odile)
    clock.advance(seconds=90)
    assert enter(work, at_own_step(work), app_code(work, steps=steps)).rank is Rank.MEMBER


@pytest.mark.parametrize("steps", [-2, 2])
def test_but_not_by_two(work, odile, clock, steps):
    with_app(work, odile)
    clock.advance(seconds=300)
    session = at_own_step(work)
    with refused("app_code_wrong"):
        enter(work, session, app_code(work, steps=steps))


def test_no_code_serves_twice_not_even_the_one_that_confirmed(work, odile, clock):
    with_app(work, odile)
    with refused("app_code_used"):
        enter(work, at_own_step(work), app_code(work))
    next_step(clock)
    code = app_code(work)
    enter(work, at_own_step(work), code)
    with refused("app_code_used"):
        enter(work, at_own_step(work), code)


def test_of_eight_sign_ins_with_one_code_one_enters(work, odile, clock):
    with_app(work, odile)
    next_step(clock)
    code = app_code(work)
    sessions = [at_own_step(work, browser=f"browser {each}") for each in range(8)]

    def act(own, which):
        return authenticators.enter(own, sessions[which], code=code, agent=AGENT)

    assert refusals(at_once(work, 8, act)) == ["app_code_used"] * 7


def test_of_eight_tries_of_one_sign_in_one_enters(work, odile, clock):
    with_app(work, odile)
    next_step(clock)
    code, session = app_code(work), at_own_step(work)

    def act(own, _which):
        return authenticators.enter(own, session, code=code, agent=AGENT)

    answers = at_once(work, 8, act)
    assert len(refusals(answers)) == 7
    assert len(journalled(work, "sign_in.done")) == 2  # and the one that added the app


def test_five_wrong_codes_of_any_kind_and_it_starts_again(work, odile, clock):
    with_app(work, odile)
    next_step(clock)
    session = at_own_step(work)
    for left in (4, 3, 2, 1):
        with refused("app_code_wrong"):
            enter(work, session, wrong(app_code(work)))
        assert journalled(work, "sign_in.code_refused")[-1] == {"left": left}
    with refused("code_spent"):
        enter(work, session, wrong(app_code(work)))
    with refused("code_over"):
        enter(work, session, app_code(work))


def test_remember_me_makes_this_device_trusted(work, odile, clock):
    with_app(work, odile)
    next_step(clock)
    entered = enter(work, at_own_step(work, remember=True), app_code(work))
    assert entered.device_secret and count(work, Device) == 1
    straight = at_own_step(work, device_secret=entered.device_secret)
    assert straight.rank is Rank.MEMBER


def test_removed_it_opens_nothing(work, odile, clock):
    with_app(work, odile)
    next_step(clock)
    session, code = at_own_step(work), app_code(work)
    assert authenticators.remove(work, odile)
    work.settle()
    assert not authenticators.remove(work, odile)
    with refused("app_code_wrong"):
        enter(work, again(work, session), code)


def test_what_was_never_confirmed_is_purged_after_a_day(work, odile, clock):
    authenticators.start(work, odile)
    clock.advance(hours=23)
    retention.purge(work)
    assert count(work, Authenticator) == 1
    clock.advance(hours=1)
    retention.purge(work)
    assert count(work, Authenticator) == 0
