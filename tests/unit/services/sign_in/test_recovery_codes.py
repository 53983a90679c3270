"""Recovery codes: ten, each good once, for the day when the phone is lost."""

import re

import pytest
from sqlalchemy import select

from player.mails import waiting
from player.members import with_account
from tests.journeys import count, found, refused, settled
from tests.own_steps import at_own_step, member, with_app
from tests.threads import at_once, refusals
from webapp.models import Device, RecoveryCode
from webapp.rules import credentials
from webapp.rules.ranks import Rank
from webapp.services.sign_in import recovery_codes

AGENT = "Firefox, Linux"


@pytest.fixture
def odile(work):
    with_account(work)
    return member(work)


@pytest.fixture
def codes(work, odile):
    return with_app(work, odile)


def enter(work, session, code):
    typed = credentials.recovery_code(code)
    assert typed
    return settled(work, recovery_codes.enter, session, code=typed, agent=AGENT)


def test_they_are_easy_to_copy_and_stored_as_keyed_hashes(work, codes):
    assert len(set(codes)) == 10
    assert all(re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}", code) for code in codes)
    macs = work.db.execute(select(RecoveryCode.mac)).scalars().all()
    assert {len(mac) for mac in macs} == {32}


def test_one_is_the_second_step_once_and_the_owner_is_told(work, codes):
    entered = enter(work, at_own_step(work), codes[3].lower().replace("-", " "))
    assert found(work, entered.token).rank is Rank.MEMBER
    mail = waiting(work)[-1]
    assert mail.name == "recovery_codes"
    assert "Il vous en reste 9" in mail.text
    with refused("recovery_code_wrong"):
        enter(work, at_own_step(work), codes[3])
    enter(work, at_own_step(work), codes[4])
    assert "Il vous en reste 8" in waiting(work)[-1].text


def test_the_last_one_says_so(work, codes):
    for code in codes:
        enter(work, at_own_step(work), code)
    assert "Il ne vous en reste plus" in waiting(work)[-1].text


def test_of_eight_at_once_with_one_code_one_enters(work, codes):
    sessions = [at_own_step(work, browser=f"browser {each}") for each in range(8)]
    typed = credentials.recovery_code(codes[0])

    def act(own, which):
        return recovery_codes.enter(own, sessions[which], code=typed, agent=AGENT)

    assert refusals(at_once(work, 8, act)) == ["recovery_code_wrong"] * 7


def test_the_device_is_not_remembered(work, codes):
    entered = enter(work, at_own_step(work, remember=True), codes[0])
    assert entered.device_secret is None
    assert count(work, Device) == 0


def test_wrong_ones_spend_the_sign_in_s_tries(work, codes):
    session = at_own_step(work)
    for _ in range(4):
        with refused("recovery_code_wrong"):
            enter(work, session, "AAAA-AAAA")
    with refused("code_spent"):
        enter(work, session, "AAAA-AAAA")
    with refused("code_over"):
        enter(work, session, codes[0])
    enter(work, at_own_step(work, browser="another"), codes[0])  # it was not used up


def test_new_ones_replace_all_the_others(work, odile, codes):
    enter(work, at_own_step(work), codes[0])
    new = recovery_codes.renew(work, odile)
    work.settle()
    assert count(work, RecoveryCode) == 10
    with refused("recovery_code_wrong"):
        enter(work, at_own_step(work), codes[1])
    enter(work, at_own_step(work), new[0])


def test_there_are_none_without_a_step_of_one_s_own(work, odile):
    with refused("own_step_first"):
        recovery_codes.renew(work, odile)
