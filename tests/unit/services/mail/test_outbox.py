"""The outbox: a mail is a row of its deed; one sender claims it, and what it said is wiped."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import bindparam, insert, select, text

from player import mails
from player.mailed_codes import codes_in
from tests.journeys import count, journalled
from tests.threads import at_once
from webapp.adapters.keys import KeyedSeals
from webapp.models import OutboxMail
from webapp.models.base import Moment
from webapp.rules import lifetimes
from webapp.services.mail import claims, outbox
from webapp.services.mail.claims import FIRST, SECOND

ODILE = "odile@example.org"


@pytest.fixture
def post(work):
    def post(code="123456", *, life=timedelta(minutes=5), priority=SECOND):
        mail_id = outbox.post(
            work,
            "security_code",
            to=ODILE,
            best_before=work.now + life,
            priority=priority,
            code=code,
            life=lifetimes.SECURITY_CODE,
        )
        work.settle()
        return mail_id

    return post


def claim(work, worker="one"):
    claimed = claims.claim(work, worker)
    work.settle()
    return claimed


def row(work):
    found = work.db.execute(select(OutboxMail.__table__)).one()
    work.settle()
    return found


def test_a_mail_falls_with_its_deed(work, post):
    outbox.post(work, "address_in_use", to=ODILE, best_before=work.now + timedelta(hours=1))
    work.db.rollback()
    assert count(work, OutboxMail) == 0


def test_a_mail_is_found_by_its_address_and_by_no_other(work, post):
    post()
    found = select(OutboxMail.name).where(outbox.sent_to(work, ODILE.upper()))
    assert work.db.scalars(found).all() == ["security_code"]
    others = select(OutboxMail.name).where(outbox.sent_to(work, "rene@example.org"))
    assert work.db.scalars(others).all() == []


def test_the_sender_is_woken_once_the_mail_is_committed(work, post):
    awake = work.world.local_queue.awake
    outbox.post(work, "address_in_use", to=ODILE, best_before=work.now + timedelta(hours=1))
    assert not awake.is_set()
    work.settle()
    assert awake.is_set() and work.world.local_queue.outbox_waits
    awake.clear()
    work.settle()
    assert not awake.is_set(), "once"


def test_a_mail_whose_sending_nobody_may_time_wakes_no_sender(work):
    outbox.post(
        work, "address_in_use", to=ODILE, wake=False, best_before=work.now + timedelta(hours=1)
    )
    work.settle()
    assert not work.world.local_queue.awake.is_set()


def test_a_claimed_mail_reads_as_it_was_written(work, post):
    mail_id = post("654321")
    claimed = claim(work)
    assert (claimed.id, claimed.name, claimed.to) == (mail_id, "security_code", ODILE)
    assert claimed.mail.subject == "Votre code de sécurité"
    assert codes_in(claimed.mail.text) == ["654321"] and "654\u00a0321" in claimed.mail.html
    assert (claimed.attempts, claimed.created_at) == (1, work.now)


def test_a_claimed_mail_is_nobody_elses_for_the_length_of_the_lease(work, clock, post):
    post(life=timedelta(hours=1))
    assert claim(work, "one")
    assert claim(work, "two") is None and not claims.due(work)
    clock.advance(seconds=119)
    assert claim(work, "two") is None
    clock.advance(seconds=1)
    assert claims.due(work)
    assert claim(work, "two").attempts == 2, "its worker died: another one takes over"


def test_eight_workers_share_twenty_mails_without_sending_one_twice(work, post):
    posted = {post(str(100_000 + each)) for each in range(20)}

    def take_all(own, which):
        taken = []
        while claimed := claims.claim(own, f"worker {which}"):
            claims.record_sent(own, claimed, f"worker {which}")
            own.settle()
            taken.append(claimed.id)
        return taken

    taken = [mail for each in at_once(work, 8, take_all) for mail in each]
    assert sorted(taken) == sorted(posted)


def test_a_security_code_leaves_before_all_else(work, clock, post):
    post("111111")
    clock.advance(seconds=1)
    urgent = post("222222", priority=FIRST)
    assert claim(work).id == urgent


def test_a_mail_past_its_best_before_never_leaves_and_is_wiped(work, clock, post):
    post()
    clock.advance(minutes=5)
    assert claims.due(work) and claim(work) is None
    assert (row(work).state, row(work).sealed, row(work).ended_at) == ("expired", b"", work.now)
    assert journalled(work, "mail.expired") == [{"letter": "security_code"}]
    assert not claims.due(work) and claim(work) is None
    assert len(journalled(work, "mail.expired")) == 1


def test_once_sent_the_content_is_wiped(work, post):
    post()
    claims.record_sent(work, claim(work), "one")
    assert (row(work).state, row(work).sealed, row(work).ended_at) == ("sent", b"", work.now)
    assert not claims.due(work)


def test_a_refused_mail_is_failed_wiped_and_told_to_the_journal(work, post):
    post()
    claims.record_refused(work, claim(work), "one", "550")
    assert (row(work).state, row(work).sealed, row(work).last_error) == ("failed", b"", "550")
    assert journalled(work, "mail.failed") == [{"letter": "security_code", "status": "550"}]


def test_a_delayed_mail_is_tried_again_after_growing_pauses(work, clock, post):
    post(life=timedelta(days=1))
    for seconds in (5, 15, 60, 300, 900, 3600, 3600):
        claims.record_delayed(work, claim(work), "one", "451")
        clock.advance(seconds=seconds - 1)
        assert not claims.due(work)
        clock.advance(seconds=1)
        assert claims.due(work)
    assert row(work).last_error == "451"


def test_a_worker_that_lost_its_lease_writes_nothing(work, clock, post):
    post(life=timedelta(hours=1))
    late = claim(work, "one")
    clock.advance(seconds=120)
    claim(work, "two")
    for record in (claims.record_refused, claims.record_delayed):
        record(work, late, "one", "550")
    claims.record_sent(work, late, "one")
    assert (row(work).state, row(work).worker) == ("claimed", "two")
    assert journalled(work, "mail.failed") == []


def test_a_mail_of_another_key_does_not_stop_the_others(work, post, clock):
    ours = work.world
    foreign = KeyedSeals("the key of before, long since changed", "http://localhost", clock)
    work.world = replace(ours, seals=foreign)
    unreadable = post()
    work.world = ours
    clock.advance(seconds=1)
    readable = post()
    assert claim(work).id == readable
    ended = select(OutboxMail.state).where(OutboxMail.id == unreadable)
    assert work.db.execute(ended).scalar() == "failed"


def test_what_waits_is_sealed(work, post):
    post("987654")
    raw = bytes(row(work).sealed)
    assert b"987654" not in raw and b"odile" not in raw and b"curit" not in raw
    assert mails.waiting(work)[0].to == ODILE


def test_mails_are_claimed_together_but_a_code_alone(work, post):
    mails = [post() for _ in range(5)]
    assert [each.id for each in claims.claim_several(work, "one", 3)] == mails[:3]
    code = post(priority=FIRST)
    assert [each.id for each in claims.claim_several(work, "one", 3)] == [code]
    assert [each.id for each in claims.claim_several(work, "one", 3)] == mails[3:]


def test_what_is_given_back_waits_as_before(work, post):
    mails = [post() for _ in range(3)]
    claimed = claims.claim_several(work, "one", 3)
    claims.give_back(work, claimed[1:], "another worker")
    assert claims.claim_several(work, "two", 3) == []
    claims.give_back(work, claimed[1:], "one")
    again = claims.claim_several(work, "two", 3)
    assert [(each.id, each.attempts) for each in again] == [(each, 1) for each in mails[1:]]


def test_the_claim_reads_neither_what_was_sent_nor_all_that_waits(work):
    """Among thousands of mails, whose statistics are known."""
    row = outbox.sealed(
        work, "password_changed", to=ODILE, best_before=work.now + timedelta(days=1)
    )
    for state in ("sent", "ready"):
        rows = [row | {"id": f"{state}{each:027d}", "state": state} for each in range(2_000)]
        work.db.execute(insert(OutboxMail), rows)
    work.db.execute(text("ANALYZE outbox"))
    said = "EXPLAIN " if work.db.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN "
    claim = claims._CLAIMS[work.db.dialect.name].statement.element.text
    values = {"worker": "one", "lease": work.now, "now": work.now, "most": 20}
    moments = [bindparam(name, type_=Moment) for name in ("lease", "now")]
    plan = work.db.execute(text(said + claim).bindparams(*moments), values).all()
    told = "\n".join(str(line) for line in plan)
    assert "ix_outbox_due" in told and "Sort" not in told and "TEMP B-TREE" not in told
    assert "Seq Scan" not in told and "SCAN outbox" not in told.replace("SCAN outbox USING", "")
