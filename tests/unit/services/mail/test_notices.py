"""Mails about security: ten an hour to an address, two of them urgent ones; others wait."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from player import mails
from player.mailed_codes import codes_in
from player.members import ODILE, RENE, with_account
from player.world import PASSWORD
from tests.journeys import found, signed_in, taking_over
from webapp.models import OutboxMail
from webapp.rules.mails import MAILS
from webapp.services.account import address, address_confirmation
from webapp.services.mail import claims, notices, outbox

URGENT = MAILS["address_changed"]


def tell(work, to=ODILE.email, many=1, name="address_in_use", **facts):
    for _ in range(many):
        notices.tell(work, name, to=to, **facts)
    work.settle()


def turns(work):
    """How long after now each mail leaves, in the order of leaving."""
    rows = work.db.execute(select(OutboxMail.not_before).order_by(OutboxMail.not_before))
    found = [row[0] - work.now for row in rows]
    work.settle()
    return found


NOW, HOUR = timedelta(0), timedelta(hours=1)


def test_eight_leave_at_once_and_the_ninth_an_hour_after_the_first(work):
    tell(work, many=9)
    assert turns(work) == [NOW] * 8 + [HOUR]


def test_a_flood_leaves_eight_an_hour_in_order(work):
    tell(work, many=20)
    assert turns(work) == [NOW] * 8 + [HOUR] * 8 + [2 * HOUR] * 4


def test_the_hour_is_counted_from_each_mail(work, clock):
    tell(work, many=4)
    clock.advance(minutes=30)
    tell(work, many=6)
    half = timedelta(minutes=30)
    assert turns(work) == [-half] * 4 + [NOW] * 4 + [half] * 2


def test_after_an_hour_all_leave_at_once_again(work, clock):
    tell(work, many=8)
    clock.advance(hours=1)
    tell(work)
    assert turns(work)[-1] == NOW


def test_each_address_has_its_own_count_whatever_its_case(work):
    tell(work, many=7)
    tell(work, to=ODILE.email.upper(), many=2)
    tell(work, to=RENE.email)
    assert turns(work) == [NOW] * 9 + [HOUR]


def test_mails_with_a_code_are_not_counted(work):
    best_before = work.now + HOUR
    for _ in range(20):
        outbox.post(
            work, "security_code", to=ODILE.email, best_before=best_before, code="123456", life=HOUR
        )
    tell(work)
    assert turns(work) == [NOW] * 21


def test_the_worker_takes_them_in_their_turn(work, clock):
    tell(work, many=9)
    assert sum(claims.claim(work, "worker") is not None for _ in range(9)) == 8
    clock.advance(hours=1)
    assert claims.claim(work, "worker") is not None


def test_a_notice_that_cannot_leave_for_a_day_never_does(work, clock):
    tell(work)
    clock.advance(days=1)
    assert claims.claim(work, "worker") is None


def test_each_is_sealed_and_names_nobody(work):
    tell(work, many=2)
    rows = work.db.execute(select(OutboxMail)).all()
    assert all(ODILE.email.encode() not in row.sealed for row in rows)
    assert ODILE.email not in repr(rows)
    assert {each.to for each in mails.waiting(work)} == {ODILE.email}


def test_two_mails_to_two_addresses_are_written_together(work):
    tell(work, many=8)
    first = notices.draft(work, "address_in_use", to=ODILE.email)
    second = notices.draft(work, "password_changed", to=RENE.email)
    outbox.post_sealed(work, first, second)
    assert turns(work) == [NOW] * 9 + [HOUR]
    assert mails.waiting(work)[-1].to in (ODILE.email, RENE.email)


def test_a_mail_that_stops_or_undoes_something_leaves_at_once(work):
    """A flood before it holds nothing back: not the link of a newer letter, nor the one of a
    changed address."""
    with_account(work)
    tell(work, many=500)
    session = found(work, signed_in(work).token)
    taking_over(work, email="nouvelle@example.org")
    address.ask(work, session, email="neuve@example.org", password=PASSWORD)
    code = codes_in(waiting_mail(work, "address_change"), 6)
    address_confirmation.by_code(work, session, code=code[0])
    work.settle()
    last = select(OutboxMail.name, func.max(OutboxMail.not_before))
    leaves = dict(work.db.execute(last.group_by(OutboxMail.name)).all())
    assert leaves["takeover"] == leaves["address_changed"] == work.now
    assert leaves["address_in_use"] > work.now + timedelta(days=1)


def test_urgent_ones_are_ten_an_hour_with_the_others(work):
    tell(work, many=20)
    tell(work, many=5, name=URGENT.key, **URGENT.facts)
    assert turns(work).count(NOW) == 10
    assert turns(work).count(HOUR) == 10


def waiting_mail(work, name):
    return [each.text for each in mails.waiting(work) if each.name == name][-1]


def test_a_mail_that_somebody_waits_for_is_no_notice(work):
    with pytest.raises(ValueError, match="no notice"):
        notices.tell(work, "security_code", to=ODILE.email, **MAILS["security_code"].facts)


def test_a_mail_that_is_not_declared_is_not_written(work):
    with pytest.raises(ValueError, match=r"declare it in rules/mails\.py"):
        notices.tell(work, "moon_landed", to=ODILE.email)
    with pytest.raises(ValueError, match="is given"):
        notices.tell(work, "closed", to=ODILE.email)
    assert turns(work) == []
