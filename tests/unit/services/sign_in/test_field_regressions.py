"""Faults that others' sign-ins had to mend in 2025 and 2026 (docs/security/scenarios.md), tried on
the services: what is limited, spent once, or bound to one sign-in."""

import json

import pytest
from sqlalchemy import select, update

from player.members import ODILE, RENE, with_account
from player.world import PASSWORD
from tests.authenticator import Phone
from tests.journeys import BROWSER, again, found, give_password, refused, settled, signed_in, wrong
from tests.own_steps import app_code, at_own_step, member, signed, with_app, with_passkey
from tests.threads import at_once, refusals
from webapp.models import Account, Authenticator, Passkey, StoredSession
from webapp.rules import limits
from webapp.rules.limits import Limit
from webapp.rules.ranks import Rank
from webapp.rules.refusals import Refusal
from webapp.services.kernel import throttle
from webapp.services.kernel.challenges import Answer
from webapp.services.sign_in import authenticators, passkeys, reauthentication
from webapp.services.sign_in.passkeys import Purpose

AGENT = "Firefox, Linux"
LIMITS = [each for each in vars(limits).values() if isinstance(each, Limit)]
USES = [purpose for purpose in Purpose if purpose is not Purpose.ADD]
by_name = pytest.mark.parametrize("limit", LIMITS, ids=[each.name for each in LIMITS])


@pytest.fixture
def odile(work):
    with_account(work)
    return member(work)


@pytest.fixture
def phone():
    return Phone(counts=False)


def use(work, purpose, session, answer):
    """This answer given where a passkey of this purpose is asked."""
    if purpose is Purpose.SIGN_IN:
        return settled(work, passkeys.sign_in, answer, agent=AGENT, previous=None)
    if purpose is Purpose.PROOF:
        return settled(work, passkeys.prove, session, answer)
    return settled(work, passkeys.enter, session, answer, agent=AGENT)


def asking(work, purpose, odile):
    """Who is asked for a passkey of this purpose."""
    return at_own_step(work) if purpose is Purpose.SECOND_STEP else odile


def made_for(work, purpose, session):
    """A challenge of this purpose, as a page hands it out."""
    if purpose is Purpose.ADD:
        return passkeys.to_add(work, session, browser=BROWSER)
    known = None if purpose is Purpose.SIGN_IN else session
    return passkeys.to_use(work, purpose, known, browser=BROWSER)


@by_name
def test_of_eight_tries_at_once_those_alone_pass_that_the_limit_had_left(work, limit):
    for _ in range(limit.tries - min(limit.tries, 2)):
        throttle.spend(work, limit, "odile", "code_closed")
    answers = at_once(work, 8, lambda own, _: throttle.spend(own, limit, "odile", "code_closed"))
    assert refusals(answers) == ["code_closed"] * (8 - min(limit.tries, 2))


@by_name
def test_a_limit_that_is_used_up_takes_no_try_from_another(work, limit):
    for _ in range(limit.tries):
        throttle.spend(work, limit, "odile", "code_closed")
    with refused("code_closed"):
        throttle.spend(work, limit, "odile", "code_closed")
    others = [each for each in LIMITS if each is not limit]
    assert {throttle.spend(work, each, "odile", "code_closed") for each in others} == {1}


def test_one_s_own_sign_in_gives_nobody_more_guesses_at_another_account(work):
    with_account(work)
    with_account(work, RENE)
    for _ in range(limits.PASSWORD.tries):
        with refused("sign_in_wrong"):
            give_password(work, password="un mot de passe deviné")
    signed_in(work, email=RENE.email)
    with refused("password_closed"):
        give_password(work)


@pytest.mark.parametrize("typed", ["", " ", "!", PASSWORD])
def test_an_account_whose_password_was_taken_away_opens_with_none(work, typed):
    with_account(work)
    work.db.execute(update(Account).values(password_hash=""))
    work.settle()
    with refused("sign_in_wrong"):
        give_password(work, password=typed)


def test_an_app_begun_anew_brings_no_more_first_codes(work, odile):
    for tried in range(limits.APP_SETUP.tries):
        if tried % 3 == 0:
            authenticators.start(work, odile)
        with refused("app_code_wrong"):
            authenticators.confirm(work, odile, name="Appli", code=wrong(app_code(work)))
        work.settle()
    authenticators.start(work, odile)
    with refused("app_closed"):
        authenticators.confirm(work, odile, name="Appli", code=app_code(work))


def test_of_twenty_first_codes_at_once_ten_are_compared(work, odile):
    authenticators.start(work, odile)
    work.settle()
    code = wrong(app_code(work))

    def act(own, _which):
        return authenticators.confirm(own, odile, name="Appli", code=code)

    assert refusals(at_once(work, 20, act)) == ["app_closed"] * 10 + ["app_code_wrong"] * 10


def test_of_eight_first_codes_at_once_one_puts_the_app_in_force(work, odile):
    authenticators.start(work, odile)
    work.settle()
    code = app_code(work)

    def act(own, _which):
        return authenticators.confirm(own, odile, name="Appli", code=code)

    answers = at_once(work, 8, act)
    assert refusals(answers) == ["app_over"] * 7
    assert [len(each) for each in answers if isinstance(each, tuple)] == [10]


def test_a_code_of_before_the_one_used_last_is_used_too(work, odile, clock):
    with_app(work, odile)
    clock.advance(minutes=2)
    enter_app(work, at_own_step(work), app_code(work))
    with refused("app_code_used"):
        enter_app(work, at_own_step(work), app_code(work, steps=-1))


def enter_app(work, session, code):
    return settled(work, authenticators.enter, session, code=code, agent=AGENT)


@pytest.mark.parametrize("purpose", Purpose)
def test_every_challenge_asks_the_device_to_verify_its_owner(work, odile, phone, purpose):
    with_passkey(work, odile, phone)
    options = json.loads(made_for(work, purpose, odile).options)
    chosen = options.get("authenticatorSelection", options)
    assert chosen["userVerification"] == "required"


@pytest.mark.parametrize("purpose", USES)
def test_a_device_that_did_not_verify_its_owner_opens_nothing(work, odile, phone, purpose):
    with_passkey(work, odile, phone)
    session = asking(work, purpose, odile)
    known = None if purpose is Purpose.SIGN_IN else session
    answer = signed(work, phone, purpose, known, verified=False)
    with refused("passkey_unknown" if purpose is Purpose.SIGN_IN else "passkey_refused"):
        use(work, purpose, session, answer)
    assert again(work, session).rank is session.rank


@pytest.mark.parametrize(
    ("made", "used"), [(made, used) for made in Purpose for used in USES if made is not used]
)
def test_a_challenge_made_for_one_thing_is_good_for_no_other(work, odile, phone, made, used):
    with_passkey(work, odile, phone)
    session = asking(work, used, odile)
    ceremony = made_for(work, made, session)
    answer = Answer(phone.sign(ceremony.options), ceremony.token, BROWSER)
    with refused("passkey_unknown" if used is Purpose.SIGN_IN else "passkey_refused"):
        use(work, used, session, answer)


def test_a_challenge_to_add_a_passkey_is_good_once_in_one_browser_for_five_minutes(
    work, odile, phone, clock
):
    ceremony = passkeys.to_add(work, odile, browser=BROWSER)
    made = phone.make(ceremony.options)

    def add(text=made, browser=BROWSER, token=ceremony.token):
        return settled(work, passkeys.add, odile, Answer(text, token, browser), name="Clé")

    other = passkeys.to_add(work, odile, browser=BROWSER)
    with refused("passkey_refused"):
        add(phone.make(other.options), "another browser", other.token)
    add()
    with refused("passkey_over"):
        add(Phone().make(ceremony.options))
    late = passkeys.to_add(work, odile, browser=BROWSER)
    clock.advance(minutes=5)
    with refused("passkey_over"):
        add(Phone().make(late.options), token=late.token)
    assert len(work.db.execute(select(Passkey.id)).all()) == 1


def test_passkeys_that_are_refused_take_no_try_from_the_app(work, odile, phone, clock):
    with_app(work, odile)
    with_passkey(work, odile, phone)
    clock.advance(seconds=30)
    session = at_own_step(work)
    for _ in range(limits.CODE_ACCOUNT.tries + 1):
        answer = signed(work, phone, Purpose.SECOND_STEP, session, verified=False)
        with refused("passkey_refused"):
            use(work, Purpose.SECOND_STEP, session, answer)
    assert enter_app(work, session, app_code(work)).rank is Rank.MEMBER


def test_wrong_codes_of_the_app_take_nothing_from_the_passkey(work, odile, phone):
    with_app(work, odile)
    with_passkey(work, odile, phone)
    while True:
        session = at_own_step(work)
        refusal = wrong_app_codes(work, session)
        if refusal == "code_closed":
            break
    answer = signed(work, phone, Purpose.SECOND_STEP, session)
    assert use(work, Purpose.SECOND_STEP, session, answer).rank is Rank.MEMBER


def wrong_app_codes(work, session):
    """Wrong codes until this sign-in takes no more; why it does not."""
    while True:
        try:
            enter_app(work, session, wrong(app_code(work)))
        except Refusal as refusal:
            if refusal.key != "app_code_wrong":
                return refusal.key


def test_the_proof_of_one_session_is_none_for_another(work, odile, clock):
    clock.advance(minutes=11)
    other = found(work, signed_in(work, browser="another browser").token)
    reauthentication.give(work, other, password=PASSWORD)
    work.settle()
    assert reauthentication.is_young(work, again(work, other))
    assert not reauthentication.is_young(work, again(work, odile))


def test_the_ten_minutes_of_a_proof_run_from_the_password_not_from_the_code(work, odile, clock):
    with_app(work, odile)
    session = at_own_step(work)
    clock.advance(minutes=9)
    entered = enter_app(work, session, app_code(work))
    assert reauthentication.is_young(work, found(work, entered.token))
    clock.advance(minutes=1)
    assert not reauthentication.is_young(work, found(work, entered.token))


def test_a_wrong_proof_and_a_refused_passkey_prove_nothing(work, odile, phone, clock):
    with_passkey(work, odile, phone)
    clock.advance(minutes=11)
    with refused("present_wrong"):
        reauthentication.give(work, odile, password="un mot de passe deviné")
    work.settle()
    answer = signed(work, phone, Purpose.PROOF, odile, verified=False)
    with refused("passkey_refused"):
        use(work, Purpose.PROOF, odile, answer)
    assert not reauthentication.is_young(work, again(work, odile))


def test_a_sign_in_left_at_its_second_step_is_not_the_next_member_s(work, odile, phone):
    with_passkey(work, odile, phone)
    with_account(work, RENE)
    abandoned = at_own_step(work, remember=True)
    rene = at_own_step(work, email=RENE.email, previous=abandoned)
    kept = work.db.execute(select(StoredSession.remember).where(StoredSession.id == rene.id))
    assert kept.scalar() is False
    assert (rene.account_id, rene.ways) != (abandoned.account_id, abandoned.ways)
    answer = signed(work, phone, Purpose.SECOND_STEP, abandoned)
    with refused("passkey_refused"):
        use(work, Purpose.SECOND_STEP, rene, answer)
    assert again(work, rene).rank is Rank.CODE


def test_a_passkey_refused_for_want_of_a_password_leaves_no_second_step_to_the_next(
    work, odile, phone
):
    with_passkey(work, odile, phone)
    with_account(work, RENE)
    work.db.execute(
        update(Account).where(Account.email_key == ODILE.email).values(password_hash="")
    )
    work.settle()
    with refused("passkey_unknown"):
        use(work, Purpose.SIGN_IN, odile, signed(work, phone, Purpose.SIGN_IN, None))
    assert at_own_step(work, email=RENE.email).rank is Rank.CODE
    assert work.db.execute(select(Passkey.last_used_at)).scalar() is None


def test_an_app_removed_and_added_anew_takes_no_code_of_the_former_one(work, odile, clock):
    with_app(work, odile)
    clock.advance(minutes=1)
    former = app_code(work)
    authenticators.remove(work, odile)
    work.settle()
    assert work.db.execute(select(Authenticator.id)).first() is None
    with_app(work, odile)
    with refused("app_code_wrong"):
        enter_app(work, at_own_step(work), former)
