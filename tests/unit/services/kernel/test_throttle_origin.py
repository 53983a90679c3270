"""What an address of origin does right gives it some of its failures and requests back."""

from dataclasses import replace

from sqlalchemy import select

from player.statements import Statements
from tests.journeys import refused
from tests.threads import at_once
from webapp.rules.limits import HOUR, Limit
from webapp.rules.refusals import Refusal
from webapp.services.kernel import thanks, throttle

THREE = Limit("three", 3, HOUR)


def spend(work, limit=THREE, subject="odile"):
    return throttle.spend(work, limit, subject, "code_closed", field="security_code")


def fail(work):
    return throttle.failed(work, Refusal("code_wrong"))


def test_each_proof_gives_ten_failures_back_and_never_more_than_there_are(work):
    for _ in range(100):
        fail(work)
    thanks.thank(work)
    assert [fail(work).key for _ in range(11)] == ["code_wrong"] * 10 + ["origin_closed"]
    for _ in range(20):
        thanks.thank(work)
    assert [fail(work).key for _ in range(101)] == ["code_wrong"] * 100 + ["origin_closed"]


def test_a_proof_gives_requests_for_a_new_password_back_too(work):
    for _ in range(20):
        throttle.ask_recovery(work)
    with refused("recovery_closed"):
        throttle.ask_recovery(work)
    thanks.thank(work)
    for _ in range(10):
        throttle.ask_recovery(work)
    with refused("recovery_closed"):
        throttle.ask_recovery(work)


def test_a_proof_forgets_its_own_count_in_the_same_statement_and_no_other(work):
    for _ in range(3):
        spend(work)
        spend(work, subject="rene")
    with Statements(work.db.engine) as statements:
        thanks.thank(work, THREE, "odile")
    assert len(statements.seen) == 1
    assert spend(work) == 1
    with refused("code_closed"):
        spend(work, subject="rene")


def test_what_is_owed_to_an_address_is_known_without_a_statement_of_its_own(work):
    owed = select(thanks.owed())
    assert not work.db.execute(owed, thanks.owing(work)).scalar()
    fail(work)
    assert work.db.execute(owed, thanks.owing(work)).scalar() == 1


def test_proofs_at_once_from_one_address_wait_for_each_other_and_lose_nothing(work):
    for _ in range(100):
        fail(work)
    throttle.ask_recovery(work)
    work.settle()
    assert at_once(work, 8, lambda own, _: thanks.thank(own)) == [None] * 8
    assert [fail(work).key for _ in range(81)] == ["code_wrong"] * 80 + ["origin_closed"]


def test_another_number_of_requests_is_a_setting_and_zero_turns_the_limit_off(work):
    work.world = replace(work.world, recoveries_per_origin=2)
    for _ in range(2):
        throttle.ask_recovery(work)
    with refused("recovery_closed"):
        throttle.ask_recovery(work)
    work.world = replace(work.world, recoveries_per_origin=0)
    for _ in range(50):
        throttle.ask_recovery(work)
