"""Operators enrol and sign in with a passkey: a real one's answers, and whatever resembles them."""

import pytest
from sqlalchemy import update

from player.members import with_account
from player.world import StillClock, test_settings
from tests.authenticator import Phone
from tests.journeys import BROWSER, count, journalled, refused, settled
from tests.own_steps import member, signed, with_passkey
from tests.threads import at_once, refusals
from webapp.desk_application import at_the_desk
from webapp.models.operator import Operator, OperatorPasskey, OperatorSession
from webapp.rules.roles import Role
from webapp.services.kernel.challenges import Answer
from webapp.services.kernel.work import Work
from webapp.services.kernel.world import World
from webapp.services.operators import keys, sessions, staff
from webapp.services.sign_in import passkeys
from webapp.services.sign_in.passkeys import Purpose

DESK, PORTAL = "http://localhost:8001", "http://localhost"


def at_desk(**how: object) -> Phone:
    return Phone(origin=DESK, **how)  # type: ignore[arg-type]


@pytest.fixture
def world(world: World) -> World:
    """The desk's."""
    return at_the_desk(world, test_settings(desk_url=DESK))


@pytest.fixture
def link(work: Work) -> str:
    """Of a.petit, conseiller."""
    token = staff.add(work, "a.petit", Role.ADVISER, by="root").token
    work.settle()
    return token


def made(work: Work, link: str, phone: Phone, **how: bool) -> tuple[keys.Newcomer, Answer]:
    """What this phone answers on the link's page."""
    who = keys.newcomer(work, link)
    ceremony = keys.to_enrol(work, who, browser=BROWSER)
    work.settle()
    return who, Answer(phone.make(ceremony.options, **how), ceremony.token, BROWSER)


def enrolled(work: Work, link: str, phone: Phone, **how: bool) -> None:
    settled(work, keys.enrol, *made(work, link, phone, **how))


def answered(work: Work, phone: Phone, **how: object) -> Answer:
    ceremony = keys.to_sign_in(work, browser=BROWSER)
    work.settle()
    return Answer(phone.sign(ceremony.options, **how), ceremony.token, BROWSER)  # type: ignore[arg-type]


def signed_in(work: Work, phone: Phone, **how: object) -> sessions.AtWork:
    token = settled(work, keys.sign_in, answered(work, phone, **how))
    found = sessions.find(work, token)
    assert found is not None
    return found


def test_a_link_a_key_and_the_desk_opens(work: Work, link: str) -> None:
    phone = at_desk()
    enrolled(work, link, phone)
    who = signed_in(work, phone)
    assert (who.name, who.role) == ("a.petit", Role.ADVISER)
    assert journalled(work, "operator.enrolled") == [{"name": "a.petit", "role": "conseiller"}]
    assert journalled(work, "operator.signed_in") == [{"name": "a.petit"}]


def test_a_link_is_good_once(work: Work, link: str) -> None:
    enrolled(work, link, at_desk())
    with refused("desk_enrolment_over"):
        keys.newcomer(work, link)


def test_a_link_is_over_after_a_day(work: Work, link: str, clock: StillClock) -> None:
    clock.advance(hours=23, minutes=59)
    who, answer = made(work, link, at_desk())
    clock.advance(minutes=1)
    with refused("desk_enrolment_over"):
        keys.newcomer(work, link)
    with refused("desk_enrolment_over"):
        settled(work, keys.enrol, who, answer)
    assert count(work, OperatorPasskey) == 0


def test_a_link_that_is_none_or_another_s_kind_opens_nothing(work: Work, link: str) -> None:
    for token in ("", "x", link[:-1] + ("A" if link[-1] != "A" else "B")):
        with refused("desk_enrolment_over"):
            keys.newcomer(work, token)
    other = work.world.seals.seal_link("recovery", "0" * 32)
    with refused("desk_enrolment_over"):
        keys.newcomer(work, other)


def test_a_newer_link_makes_the_one_before_worthless(work: Work, link: str) -> None:
    newer = staff.reset(work, "a.petit", by="c.martin").token
    work.settle()
    with refused("desk_enrolment_over"):
        keys.newcomer(work, link)
    enrolled(work, newer, at_desk())


def test_a_lost_key_opens_nothing_once_it_is_reset(work: Work, link: str) -> None:
    lost, found = at_desk(), at_desk()
    enrolled(work, link, lost)
    who = signed_in(work, lost)
    newer = staff.reset(work, "a.petit", by="c.martin").token
    work.settle()
    assert count(work, OperatorSession) == 0
    with refused("desk_key_refused"):
        settled(work, keys.sign_in, answered(work, lost))
    enrolled(work, newer, found)
    assert signed_in(work, found).operator_id == who.operator_id


def test_who_is_disabled_is_out_at_once_and_comes_back_with_another_key_alone(
    work: Work, link: str
) -> None:
    phone = at_desk()
    enrolled(work, link, phone)
    token = settled(work, keys.sign_in, answered(work, phone))
    staff.disable(work, "a.petit", by="c.martin")
    work.settle()
    assert sessions.find(work, token) is None
    with refused("desk_key_refused"):
        settled(work, keys.sign_in, answered(work, phone))
    staff.add(work, "a.petit", Role.AUDITOR, by="root")
    work.settle()
    assert sessions.find(work, token) is None
    with refused("desk_key_refused"):
        settled(work, keys.sign_in, answered(work, phone))


def test_a_copied_key_s_counter_is_refused_and_journaled(work: Work, link: str) -> None:
    phone = at_desk()
    enrolled(work, link, phone)
    signed_in(work, phone)
    phone.count -= 1  # as the copy counts
    with refused("desk_key_refused"):
        settled(work, keys.sign_in, answered(work, phone))
    assert journalled(work, "operator.refused") == [{"name": "a.petit"}]
    signed_in(work, phone)


def test_a_key_that_never_counts_is_good(work: Work, link: str) -> None:
    phone = at_desk(counts=False)
    enrolled(work, link, phone)
    signed_in(work, phone)
    signed_in(work, phone)


def test_a_device_that_did_not_verify_its_owner_is_refused(work: Work, link: str) -> None:
    with refused("passkey_refused"):
        enrolled(work, link, at_desk(), verified=False)
    phone = at_desk()
    enrolled(work, link, phone)
    with refused("desk_key_refused"):
        settled(work, keys.sign_in, answered(work, phone, verified=False))
    assert count(work, OperatorSession) == 0


@pytest.mark.parametrize(
    "stranger", [Phone(origin=PORTAL), at_desk(host="espace.example.org")], ids=["origin", "host"]
)
def test_what_another_site_made_is_no_key_of_the_desk_s(
    work: Work, link: str, stranger: Phone
) -> None:
    with refused("passkey_refused"):
        enrolled(work, link, stranger)
    assert count(work, OperatorPasskey) == 0


def test_an_answer_serves_once_and_for_its_own_purpose(work: Work, link: str) -> None:
    phone = at_desk(counts=False)
    enrolled(work, link, phone)
    answer = answered(work, phone)
    settled(work, keys.sign_in, answer)
    with refused("passkey_over"):
        settled(work, keys.sign_in, answer)
    other = answered(work, phone)
    elsewhere = Answer(other.text, other.token, "another browser")
    with refused("desk_key_refused"):
        settled(work, keys.sign_in, elsewhere)


def test_another_s_handle_with_one_s_own_key_is_refused(work: Work, link: str) -> None:
    phone = at_desk()
    enrolled(work, link, phone)
    with refused("desk_key_refused"):
        settled(work, keys.sign_in, answered(work, phone, handle=b"somebody else's"))


def test_a_key_of_the_members_portal_opens_nothing_at_the_desk(work: Work, link: str) -> None:
    """Even one that speaks the desk's origin: it stands in the other table."""
    with_account(work)
    odile, phone = member(work), at_desk()
    with_passkey(work, odile, phone)
    with refused("desk_key_refused"):
        settled(work, keys.sign_in, answered(work, phone))
    answer = signed(work, phone, Purpose.SIGN_IN, None)
    with refused("desk_key_refused"):
        settled(work, keys.sign_in, answer)
    assert count(work, OperatorSession) == 0


def test_a_key_of_the_desk_opens_nothing_at_the_members_portal(work: Work, link: str) -> None:
    with_account(work)
    work.settle()
    phone = at_desk()
    enrolled(work, link, phone)
    answer = signed(work, phone, Purpose.SIGN_IN, None)
    with refused("passkey_unknown"):
        settled(work, passkeys.sign_in, answer, agent="Firefox, Linux", previous=None)


def test_one_key_is_one_operator_s(work: Work, link: str) -> None:
    phone = at_desk()
    enrolled(work, link, phone)
    handle = phone.handle
    other = staff.add(work, "b.neuf", Role.SUPERVISOR, by="root").token
    work.settle()
    with refused("passkey_known"):
        enrolled(work, other, phone)
    phone.handle = handle  # as a device answers, which would not have made a second one
    assert signed_in(work, phone).name == "a.petit"
    enrolled(work, other, at_desk())  # the link has not served


def test_of_eight_who_use_one_link_at_once_one_enrols(work: Work, link: str) -> None:
    answers = [made(work, link, at_desk()) for _ in range(8)]

    def act(own: Work, which: int) -> None:
        keys.enrol(own, *answers[which])

    assert refusals(at_once(work, 8, act)) == ["desk_enrolment_over"] * 7
    assert count(work, OperatorPasskey) == 1


def test_a_reset_leaves_no_key_of_the_former_link_whatever_the_order(work: Work, link: str) -> None:
    answers = [made(work, link, at_desk()) for _ in range(3)]

    def act(own: Work, which: int) -> None:
        if which == 3:
            staff.reset(own, "a.petit", by="c.martin")
        else:
            keys.enrol(own, *answers[which])

    at_once(work, 4, act)
    assert count(work, OperatorPasskey) == 0


def test_a_counter_in_two_places_at_once_is_used_once(work: Work, link: str) -> None:
    phone = at_desk()
    enrolled(work, link, phone)
    answers = []
    for _ in range(4):
        phone.count = 10  # four copies that count alike
        answers.append(answered(work, phone))

    def act(own: Work, which: int) -> str:
        return keys.sign_in(own, answers[which])

    assert refusals(at_once(work, 4, act)) == ["desk_key_refused"] * 3
    assert count(work, OperatorSession) == 1


def test_another_role_holds_at_once(work: Work, link: str) -> None:
    phone = at_desk()
    enrolled(work, link, phone)
    token = settled(work, keys.sign_in, answered(work, phone))
    work.db.execute(update(Operator).values(role=Role.LETTERS))
    found = sessions.find(work, token)
    assert found is not None
    assert found.role is Role.LETTERS
