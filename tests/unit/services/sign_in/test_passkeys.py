"""Passkeys: added, used as a second step, as the whole sign-in, as a proof; and never twice."""

import json
import os

import pytest
from sqlalchemy import select, update

from player.mails import waiting
from player.members import ODILE, RENE, becomes, with_account
from tests.authenticator import Phone
from tests.journeys import BROWSER, count, found, journalled, refused, settled, signed_in
from tests.own_steps import at_own_step, member, signed, with_app, with_passkey
from tests.threads import at_once, refusals
from webapp.adapters.passkeys import TRANSPORTS
from webapp.models import Account, Passkey, RecoveryCode
from webapp.rules import limits
from webapp.rules.ranks import Rank
from webapp.rules.statuses import DECEASED
from webapp.services.kernel import challenges
from webapp.services.kernel.challenges import Answer
from webapp.services.sign_in import passkeys
from webapp.services.sign_in.passkeys import Purpose

AGENT = "Firefox, Linux"


@pytest.fixture
def phone():
    return Phone()


@pytest.fixture
def odile(work):
    with_account(work)
    return member(work)


@pytest.fixture
def keyed(work, odile, phone):
    """Odile has this phone's passkey."""
    with_passkey(work, odile, phone)
    return odile


def whole(work, answer):
    return settled(work, passkeys.sign_in, answer, agent=AGENT, previous=None)


def test_the_options_carry_nothing_personal_but_the_address(work, odile):
    ceremony = passkeys.to_add(work, odile, browser=BROWSER)
    options = json.loads(ceremony.options)
    assert options["rp"] == {"name": "SMIE Mutuelle"}  # of the page's own host
    assert options["user"]["name"] == ODILE.email
    assert options["attestation"] == "none"
    chosen = options["authenticatorSelection"]
    assert chosen["residentKey"] == chosen["userVerification"] == "required"
    assert "0012345" not in ceremony.options


def test_the_first_passkey_comes_with_ten_codes_and_a_mail(work, odile, phone):
    codes = with_passkey(work, odile, phone)
    assert len(set(codes)) == 10 == count(work, RecoveryCode)
    mail = waiting(work)[-1]
    assert mail.name == "second_step_added"
    assert "Mon téléphone" in mail.text
    assert not any(code in mail.text for code in codes)
    assert with_passkey(work, odile, Phone()) == ()
    assert journalled(work, "second_step.added")[0] == {"kind": "passkey", "codes": True}


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        (["internal"] * 200, "internal"),
        (["internal", "usb", "hybrid", "usb"], "usb,hybrid,internal"),
        (["smart-card", "ble", "nfc", "usb", "hybrid", "internal"] * 40, ",".join(TRANSPORTS)),
        (["cable", "x" * 5_000, "USB", None, 7, ["usb"], {}], ""),
        ("internal", ""),
        ({"usb": "usb"}, ""),
        (None, ""),
    ],
    ids=["200", "their order", "all", "unknown ones", "no list", "an object", "none"],
)
def test_the_ways_to_reach_a_key_are_those_of_the_standard_once_each(
    work, odile, phone, told, kept
):
    phone.transports = told
    with_passkey(work, odile, phone)
    assert work.db.execute(select(Passkey.transports)).scalar() == kept
    assert passkeys.to_use(work, Purpose.SECOND_STEP, odile, browser=BROWSER) is not None


@pytest.mark.parametrize(("length", "is_kept"), [(1023, True), (1024, False), (8_000, False)])
def test_a_key_s_name_is_as_long_as_the_standard_lets_it_be(work, odile, phone, length, is_kept):
    phone.credential_id = os.urandom(length)
    if is_kept:
        with_passkey(work, odile, phone)
    else:
        with refused("passkey_refused"):
            with_passkey(work, odile, phone)
    assert count(work, Passkey) == is_kept


def test_a_counter_as_high_as_the_standard_lets_it_be_is_kept(work, odile, phone):
    phone.count = 2**32 - 2
    with_passkey(work, odile, phone)
    whole(work, signed(work, phone, Purpose.SIGN_IN, None))
    assert work.db.execute(select(Passkey.sign_count)).scalar() == 2**32 - 1


def test_the_second_is_told_of_the_first(work, keyed, phone):
    options = json.loads(passkeys.to_add(work, keyed, browser=BROWSER).options)
    assert len(options["excludeCredentials"]) == 1


@pytest.mark.parametrize(
    "stranger",
    [Phone(origin="https://example.net"), Phone(host="example.net")],
    ids=["another origin", "another host"],
)
def test_what_another_site_made_is_refused(work, odile, stranger):
    with refused("passkey_refused"):
        with_passkey(work, odile, stranger)
    work.settle()
    assert count(work, Passkey) == 0


def test_a_device_that_did_not_verify_its_owner_is_refused(work, keyed, phone):
    ceremony = passkeys.to_add(work, keyed, browser=BROWSER)
    answer = Answer(Phone().make(ceremony.options, verified=False), ceremony.token, BROWSER)
    with refused("passkey_refused"):
        passkeys.add(work, keyed, answer, name="x")
    work.settle()
    with refused("passkey_unknown"):
        whole(work, signed(work, phone, Purpose.SIGN_IN, None, verified=False))


def test_the_same_credential_is_kept_once(work, keyed, phone):
    with refused("passkey_known"):
        with_passkey(work, keyed, phone)
    work.settle()
    assert count(work, Passkey) == 1


def test_ten_passkeys_are_enough(work, odile):
    for _ in range(limits.PASSKEYS):
        with_passkey(work, odile, Phone())
    with refused("passkeys_many"):
        with_passkey(work, odile, Phone())


def test_no_mail_leaves_and_the_passkey_is_the_second_step(work, keyed, phone):
    before = len(waiting(work))
    session = at_own_step(work)
    assert (session.rank, session.ways, session.codes) == (Rank.CODE, "pmr", "")
    assert len(waiting(work)) == before
    answer = signed(work, phone, Purpose.SECOND_STEP, session)
    entered = passkeys.enter(work, session, answer, agent=AGENT)
    work.settle()
    assert found(work, entered.token).rank is Rank.MEMBER
    assert journalled(work, "sign_in.done")[-1]["by"] == "passkey"


def test_a_replayed_answer_is_refused(work, keyed):
    phone = Phone(counts=False)  # nothing but the challenge tells it from a new one
    with_passkey(work, keyed, phone)
    for purpose, use in (
        (Purpose.SIGN_IN, lambda answer: whole(work, answer)),
        (Purpose.PROOF, lambda answer: passkeys.prove(work, keyed, answer)),
    ):
        session = keyed if purpose is Purpose.PROOF else None
        answer = signed(work, phone, purpose, session)
        use(answer)
        work.settle()
        with refused("passkey_over"):
            use(answer)
        work.settle()


def test_of_eight_at_once_with_one_answer_one_enters(work, keyed):
    phone = Phone(counts=False)
    with_passkey(work, keyed, phone)
    answer = signed(work, phone, Purpose.SIGN_IN, None)

    def act(own, _which):
        return passkeys.sign_in(own, answer, agent=AGENT, previous=None)

    assert refusals(at_once(work, 8, act)) == ["passkey_over"] * 7


@pytest.mark.parametrize("purpose", [Purpose.ADD, Purpose.SECOND_STEP, Purpose.PROOF])
def test_a_challenge_of_another_purpose_opens_nothing(work, keyed, phone, purpose):
    challenge = (
        passkeys.to_add(work, keyed, browser=BROWSER)
        if purpose is Purpose.ADD
        else passkeys.to_use(work, purpose, keyed, browser=BROWSER)
    )
    answer = Answer(phone.sign(challenge.options), challenge.token, BROWSER)
    with refused("passkey_unknown"):
        whole(work, answer)


def test_a_challenge_of_another_browser_opens_nothing(work, keyed, phone):
    answer = signed(work, phone, Purpose.SIGN_IN, None)
    with refused("passkey_unknown"):
        whole(work, Answer(answer.text, answer.token, "another browser"))


def test_a_challenge_lives_five_minutes(work, keyed, phone, clock):
    answer = signed(work, phone, Purpose.SIGN_IN, None)
    clock.advance(minutes=5)
    with refused("passkey_over"):
        whole(work, answer)


def test_a_counter_that_goes_back_is_refused_and_journalled(work, keyed, phone):
    whole(work, signed(work, phone, Purpose.SIGN_IN, None))
    phone.count -= 1  # a copy of the key, that was used less often
    with refused("passkey_unknown"):
        whole(work, signed(work, phone, Purpose.SIGN_IN, None))
    assert journalled(work, "sign_in.passkey_refused") == [{"why": "counter", "whole": True}]


def test_the_whole_sign_in_opens_the_space(work, keyed, phone):
    entered = whole(work, signed(work, phone, Purpose.SIGN_IN, None))
    session = found(work, entered.token)
    assert (session.rank, session.email) == (Rank.MEMBER, ODILE.email)
    assert session.proved_at == work.now


def test_at_a_closed_space_a_passkey_leads_to_the_page_that_says_so(work, keyed, phone):
    becomes(work, DECEASED)
    answer = signed(work, phone, Purpose.SIGN_IN, None)
    entered = whole(work, answer)
    assert (entered.rank, entered.session.status) == (Rank.SHUT, DECEASED)
    assert found(work, entered.token) == entered.session


def test_an_unknown_key_and_a_wrong_handle_are_refused_alike(work, keyed, phone):
    for device, handle in ((Phone(), None), (phone, b""), (phone, b"x" * 32)):
        with refused("passkey_unknown"):
            whole(work, signed(work, device, Purpose.SIGN_IN, None, handle=handle))


def test_where_a_new_password_must_be_chosen_no_passkey_opens(work, keyed, phone):
    work.db.execute(update(Account).values(password_hash=""))
    with refused("passkey_unknown"):
        whole(work, signed(work, phone, Purpose.SIGN_IN, None))
    assert journalled(work, "sign_in.passkey_refused")[-1]["why"] == "password"


def test_somebody_else_s_passkey_is_no_second_step_nor_proof(work, keyed, phone):
    with_account(work, RENE)
    from_rene = found(work, _rene(work).token)
    answer = signed(work, phone, Purpose.PROOF, keyed)
    with refused("passkey_refused"):
        passkeys.prove(work, from_rene, answer)


def _rene(work):
    return signed_in(work, email=RENE.email)


def test_a_proof_is_young_again(work, keyed, phone, clock):
    clock.advance(minutes=11)
    passkeys.prove(work, keyed, signed(work, phone, Purpose.PROOF, keyed))
    work.settle()
    assert journalled(work, "proof.given")[-1] == {"by": "passkey"}


def test_removed_it_opens_nothing_and_the_last_one_takes_the_codes_along(work, keyed, phone):
    work.db.execute(update(Account).values(mailed_code_off=True))
    work.settle()
    (passkey_id,) = (row.id for row in work.db.execute(Passkey.__table__.select()))
    assert passkeys.remove(work, keyed, passkey_id)
    work.settle()
    assert not passkeys.remove(work, keyed, passkey_id)
    mail = waiting(work)[-1]
    assert "code par mail" in mail.text
    assert count(work, RecoveryCode) == 0
    assert work.db.execute(Account.__table__.select()).one().mailed_code_off is False
    work.settle()
    with refused("passkey_unknown"):
        whole(work, signed(work, phone, Purpose.SIGN_IN, None))
    assert at_own_step(work).codes != ""


def test_with_an_app_left_the_codes_stay(work, keyed):
    with_app(work, keyed)
    (passkey_id,) = (row.id for row in work.db.execute(Passkey.__table__.select()))
    passkeys.remove(work, keyed, passkey_id)
    work.settle()
    assert count(work, RecoveryCode) == 10


def test_nobody_removes_another_member_s_passkey(work, keyed):
    with_account(work, RENE)
    rene = found(work, _rene(work).token)
    (passkey_id,) = (row.id for row in work.db.execute(Passkey.__table__.select()))
    assert not passkeys.remove(work, rene, passkey_id)
    assert count(work, Passkey) == 1


@pytest.mark.parametrize("rubbish", ["", "{}", "[]", "null", "[" * 5_000, '{"id":"\ud800"}', "é"])
def test_any_rubbish_is_refused(work, keyed, rubbish):
    for purpose in (Purpose.SIGN_IN, Purpose.ADD):
        _, token = challenges.make(work, purpose, BROWSER)
        with refused("passkey_unknown" if purpose is Purpose.SIGN_IN else "passkey_refused"):
            if purpose is Purpose.SIGN_IN:
                whole(work, Answer(rubbish, token, BROWSER))
            else:
                passkeys.add(work, keyed, Answer(rubbish, token, BROWSER), name="x")
        work.settle()
