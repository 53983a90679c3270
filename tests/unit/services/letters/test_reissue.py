"""Another paper letter: the former one dies at once, with all that it began."""

import pytest
from sqlalchemy import select, update

from player.members import ODILE, RENE, on_the_roll, with_account
from player.world import PASSWORD
from tests.journeys import (
    code_in_mail,
    count,
    drafted,
    give_password,
    in_waiting,
    journalled,
    mailed_link,
    refused,
    reissued,
    settled,
)
from tests.roll_desk import MAKER
from tests.threads import at_once, refusals
from webapp.models import Account, JournalEntry, Registration, RollEntry, Takeover
from webapp.services.letters import batches, posting, reissue
from webapp.services.letters.choosing import GetsNoLetter
from webapp.services.registration import confirmation, drafts, pending
from webapp.services.roll import entries
from webapp.services.roll.members import NotOnTheRoll
from webapp.services.roll.report import NEVER, NOBODYS_CODE


@pytest.fixture(autouse=True)
def entry_id(work):
    entry_id = on_the_roll(work)
    work.settle()
    return entry_id


def stored(work):
    row = work.db.execute(select(RollEntry.__table__).order_by(RollEntry.id)).first()
    work.settle()
    return row


def prove(work, letter):
    return settled(work, entries.entry_of_letter, letter.number, letter.access_code)


def test_the_new_code_proves_the_letter_and_the_old_one_no_longer_does(work, entry_id):
    newer = reissued(work)
    assert prove(work, newer).id == entry_id
    with refused("letter_replaced"):
        prove(work, ODILE)


def test_it_is_good_until_the_day_that_it_tells_is_over(work, clock):
    clock.advance(days=89)
    newer = reissued(work)
    clock.advance(days=105, hours=12)
    assert prove(work, newer)
    clock.advance(hours=3)
    with refused("letter_expired"):
        prove(work, newer)


def test_the_letter_says_whose_it_is_and_the_journal_nothing_of_the_code(work, entry_id):
    (letter,) = batches.sheets(work, reissue.reissue(work, [ODILE.number], maker=MAKER))
    work.settle()
    to = letter.to
    assert (to.number, to.civility, to.first_name) == (ODILE.number, "Mme", "Odile")
    assert len(letter.access_code) == 14 and letter.access_code not in repr(letter)
    row, made = work.db.execute(select(JournalEntry.__table__)).all()
    assert (row.event, row.roll_id, row.facts) == ("letter.reissued", entry_id, {})
    told = {"batch_id": letter.batch, "operator": MAKER.operator, "letters": 1}
    assert (made.event, made.facts) == ("letters.made", told)


def test_several_at_once_each_once_or_none_at_all(work):
    on_the_roll(work, RENE)
    work.settle()
    batch = reissue.reissue(work, [RENE.number, ODILE.number, RENE.number], maker=MAKER)
    written = [each.to.number for each in batches.sheets(work, batch)]
    work.settle()
    assert written == [RENE.number, ODILE.number]
    before = stored(work)
    with pytest.raises(NotOnTheRoll) as unknown:
        reissue.reissue(work, [ODILE.number, "0099999"], maker=MAKER)
    work.db.rollback()
    assert unknown.value.number == "0099999"
    assert stored(work) == before


def test_what_the_old_letter_had_begun_is_over(work):
    draft = drafted(work, email="o@example.org")
    registration_id = in_waiting(work)
    link, code = mailed_link(work), code_in_mail(work)
    reissued(work)
    assert count(work, Registration) == 0
    assert pending.find(work, draft.registration_id) is None
    assert confirmation.by_link(work, link) == "over"
    for act in (
        lambda: confirmation.by_code(work, registration_id, code=code),
        lambda: pending.accept_terms(work, draft.registration_id),
        lambda: pending.resend(work, registration_id),
    ):
        with refused("registration_over"):
            act()
        work.settle()
    with refused("sign_in_wrong"):
        give_password(work)
    assert count(work, Account) == 0


def test_a_proof_of_the_old_letter_is_worth_nothing_whenever_it_was_written_down(work):
    """As when a draft is written in the very moment after the letter is reissued."""
    draft = drafted(work)
    waiting = in_waiting(work)
    link = mailed_link(work)
    code_mac = stored(work).code_mac
    work.db.execute(RollEntry.__table__.update().values(code_mac=b"another letter's"))
    work.settle()
    assert pending.find(work, draft.registration_id).state == "over"
    assert confirmation.link_state(work, link) == "over"
    for act in (pending.accept_terms, pending.resend):
        with refused("registration_over"):
            act(work, draft.registration_id if act is pending.accept_terms else waiting)
        work.settle()
    with refused("missing_access_code"):
        drafts.write(
            work,
            number=ODILE.number,
            access_code=None,
            email=ODILE.email,
            password=PASSWORD,
            previous=draft,
        )
    work.settle()
    work.db.execute(RollEntry.__table__.update().values(code_mac=code_mac))
    work.settle()
    assert confirmation.link_state(work, link) == "ready"


def test_reissued_while_it_is_confirmed_there_is_one_account_or_none_and_no_accident(work):
    in_waiting(work)
    link = mailed_link(work)
    drafts = [drafted(work, email=f"odile{each}@example.org") for each in range(2)]

    def act(own, which):
        if which == 0:
            return reissue.reissue(own, [ODILE.number], maker=MAKER)
        if which % 2:
            return confirmation.by_link(own, link)
        return pending.accept_terms(own, drafts[which // 2 - 1].registration_id)

    answers = at_once(work, 5, act)
    assert set(refusals(answers)) <= {"registration_over", "registration_done"}
    confirmed = count(work, Account)
    assert confirmed == ("confirmed" in answers)
    assert count(work, Takeover) == 0
    states = work.db.execute(select(Registration.state)).scalars().all()
    assert "waiting" not in states


def test_the_account_stays_as_it_is(work):
    with_account(work, RENE)
    work.settle()
    before = work.db.execute(select(Account.__table__)).all()
    reissued(work, RENE)
    assert work.db.execute(select(Account.__table__)).all() == before
    assert not prove(work, reissued(work, RENE)).used


def test_whose_last_letter_came_back_from_the_same_address_gets_none(work):
    posting.returned(work, [ODILE.number], operator="c.martin")
    work.settle()
    before = stored(work)
    with pytest.raises(GetsNoLetter) as refusal:
        reissue.reissue(work, [ODILE.number], maker=MAKER)
    work.db.rollback()
    assert (refusal.value.number, refusal.value.reason) == (ODILE.number, "npai")
    assert stored(work) == before
    work.db.execute(update(RollEntry).values(address="CHEZ SA FILLE"))
    assert prove(work, reissued(work)).number == ODILE.number


def test_a_first_letter_asked_for_by_number_is_no_reissue(work):
    work.db.execute(update(RollEntry).values(code_issued_at=NEVER, code_mac=NOBODYS_CODE))
    reissued(work)
    assert journalled(work, "letter.reissued") == []
    assert stored(work).replaced_mac is None
