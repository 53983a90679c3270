"""What asks for two operators is done by two, once, within a day."""

import pytest
from sqlalchemy import delete, select

from player.members import LUCE, ODILE, RENE
from tests.journeys import journalled, refused, settled
from tests.operators import operator
from tests.shared_spaces import joins, members_of
from webapp.models import Account, RollEntry, TermsAcceptance
from webapp.models.desk import TwoPersonRequest
from webapp.models.operator import Operator
from webapp.rules.roles import Role
from webapp.services.desk import second_operator
from webapp.services.desk.deeds import catalogue, suspension
from webapp.services.operators import staff

WHY = "rappelé et vérifié"
RESUME = catalogue.BY_ADDRESS["remettre-en-service"]
PART = catalogue.BY_ADDRESS["retirer"]


@pytest.fixture
def roll_id(work, account_id, adviser):
    """Odile's entry, whose space is suspended."""
    roll_id = work.db.execute(select(Account.roll_id)).scalar_one()
    settled(work, suspension.suspend, roll_id, "téléphone volé")
    return roll_id


@pytest.fixture
def asked(work, roll_id):
    """An adviser asked to resume it: the request's id."""
    assert settled(work, catalogue.perform, RESUME, roll_id, WHY) is False
    [request] = second_operator.waiting(work)
    work.settle()
    return request.id


def is_suspended(work):
    suspended = work.db.execute(select(Account.suspended_at)).scalar_one() is not None
    work.settle()
    return suspended


def by(work, operator_id):
    work.operator_id = operator_id
    return work


def test_nothing_is_done_until_another_agrees(work, asked, supervisor):
    assert is_suspended(work)
    assert settled(by(work, supervisor), second_operator.agree, asked, "vu") == "resume"
    assert not is_suspended(work)
    assert journalled(work, "desk.second_asked") == [{"deed": "resume", "reason": WHY}]
    assert journalled(work, "desk.second_agreed") == [
        {"deed": "resume", "asked_by": "a.petit", "reason": WHY, "answer": "vu"}
    ]
    assert journalled(work, "space.resumed") == [{"reason": WHY}]


def test_who_asked_never_agrees(work, asked):
    with refused("desk_request_own"):
        settled(work, second_operator.agree, asked)
    assert is_suspended(work)


def test_a_supervisor_who_asked_never_agrees_either(work, roll_id, supervisor):
    settled(by(work, supervisor), catalogue.perform, RESUME, roll_id, WHY)
    [request] = second_operator.waiting(work)
    assert (request.mine, request.may_agree) == (True, False)
    with refused("desk_request_own"):
        settled(work, second_operator.agree, request.id)


@pytest.mark.parametrize("role", [Role.ADVISER, Role.LETTERS, Role.AUDITOR])
def test_another_role_never_agrees_and_sees_no_name(work, asked, role):
    by(work, operator(work, "d.autre", role))
    assert second_operator.waiting(work) == [] and second_operator.count(work) == 0
    for act in (second_operator.agree, second_operator.refuse):
        with refused("desk_request_role"):
            settled(work, act, asked, "non")


def test_it_is_answered_once(work, asked, supervisor):
    settled(by(work, supervisor), second_operator.agree, asked)
    for act in (second_operator.agree, second_operator.refuse):
        with refused("desk_request_over"):
            settled(work, act, asked, "encore")


def test_a_day_later_it_is_over_and_can_be_asked_anew(
    work, asked, roll_id, adviser, supervisor, clock
):
    clock.advance(hours=24)
    by(work, supervisor)
    assert second_operator.waiting(work) == []
    with refused("desk_request_over"):
        settled(work, second_operator.agree, asked)
    assert settled(by(work, adviser), catalogue.perform, RESUME, roll_id, WHY) is False
    assert len(second_operator.waiting(work)) == 1


def test_asked_twice_is_asked_once(work, asked, roll_id):
    with refused("desk_asked"):
        settled(work, catalogue.perform, RESUME, roll_id, WHY)
    assert len(second_operator.waiting(work)) == 1


def test_whoever_asked_takes_it_back(work, asked, supervisor):
    assert settled(work, second_operator.refuse, asked, "erreur") is True
    with refused("desk_request_over"):
        settled(by(work, supervisor), second_operator.agree, asked)
    assert journalled(work, "desk.second_refused") == [
        {"deed": "resume", "taken_back": True, "reason": "erreur"}
    ]


def test_refused_nothing_is_done(work, asked, supervisor):
    assert settled(by(work, supervisor), second_operator.refuse, asked, "non vérifié") is False
    assert is_suspended(work)


def test_what_has_changed_meanwhile_is_told_and_the_request_waits_on(
    work, asked, roll_id, supervisor
):
    settled(work, suspension.resume, roll_id, "par la ligne de commande")
    by(work, supervisor)
    with refused("desk_not_suspended"):
        settled(work, second_operator.agree, asked)
    assert [each.id for each in second_operator.waiting(work)] == [asked]
    assert journalled(work, "desk.second_agreed") == []


def test_it_says_who_asks_whom_about_what_and_why(work, asked, supervisor):
    [request] = second_operator.waiting(by(work, supervisor))
    assert (request.number, request.names) == (ODILE.number, "Mme\u00a0Odile Exemple")
    assert (request.words, request.reason, request.asked_by) == (
        "Remettre l’espace en service", WHY, "a.petit",
    )  # fmt: skip
    assert request.may_agree and not request.mine
    assert second_operator.count(work) == 1


def test_a_member_is_parted_by_two(work, account_id, adviser, supervisor):
    rene = joins(work, account_id, RENE)
    assert settled(work, catalogue.perform, PART, rene, "séparés") is False
    [request] = second_operator.waiting(work)
    settled(by(work, supervisor), second_operator.agree, request.id)
    assert members_of(work, account_id) == [ODILE.number]


def test_an_import_asks_in_the_same_way_about_no_member(work, account_id, adviser, supervisor):
    done = []
    second_operator.declare("trial", "Essai", lambda work, roll_id, facts, why: done.append(facts))
    try:
        for name in ("a.csv", "b.csv"):  # as many as are asked for: about no member, none is one
            settled(work, second_operator.ask, "trial", None, {"file": name}, WHY)
        first, _ = second_operator.waiting(work)
        settled(by(work, supervisor), second_operator.agree, first.id)
    finally:
        del second_operator.DEEDS["trial"]
    assert done == [{"file": "a.csv"}]


def test_a_key_is_declared_once():
    with pytest.raises(ValueError, match="declared already"):
        second_operator.declare("resume", "Encore", lambda *_: None)


def test_who_is_off_the_roll_takes_their_requests_along(work, asked):
    for table in (TermsAcceptance, Account, RollEntry):
        work.db.execute(delete(table))
    assert work.db.execute(select(TwoPersonRequest)).all() == []
    work.settle()


def test_nobody_of_another_number_is_meant(work, asked):
    assert [each.roll_id for each in second_operator.waiting(work, roll_id=0)].count(0) == 0
    assert LUCE.number not in str(second_operator.waiting(work))


def test_nobody_agrees_whom_the_asker_gave_a_key_within_the_day(work, asked, clock):
    asker = work.db.execute(select(Operator.name).where(Operator.id == work.operator_id)).scalar()
    staff.add(work, "complice", Role.SUPERVISOR, by=asker)
    work.settle()
    accomplice = by(work, operator(work, "complice", Role.SUPERVISOR))
    with refused("desk_request_newcomer"):
        second_operator.agree(accomplice, asked)
    clock.advance(hours=23, minutes=59)
    with refused("desk_request_newcomer"):
        second_operator.agree(accomplice, asked)
