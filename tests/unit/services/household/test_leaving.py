"""A member of a space of several proves a newer letter: a day later they have a space of their own,
unless somebody who shares the former one says no."""

import re

import pytest
from sqlalchemy import select, update

from player import mails
from player.members import LUCE, ODILE, RENE, becomes, on_the_roll, with_account
from player.world import NEW_PASSWORD, PASSWORD
from tests.journeys import (
    count,
    found,
    give_password,
    in_waiting,
    journalled,
    last_mail,
    mailed_link,
    refused,
    reissued,
    settled,
    signed_in,
    taking_over,
)
from tests.shared_spaces import members_of
from tests.threads import at_once
from webapp.models import (
    Account,
    JoinedMember,
    JournalEntry,
    Leaving,
    Registration,
    RollEntry,
    Takeover,
    TermsAcceptance,
)
from webapp.rules.statuses import ACTIVE, DECEASED, LEFT
from webapp.services.account import erasure
from webapp.services.household import effect, leaving
from webapp.services.kernel import promotion, sessions
from webapp.services.registration import confirmation
from webapp.services.space import retention

NEW = "rene.neuf@example.org"
pytestmark = pytest.mark.usefixtures("account_id", "rene")


def confirmed(work, letter=RENE, email=NEW):
    """The registration of the member's newer letter, as its link finds it, is confirmed."""
    newer = reissued(work, letter)
    row = proved(work, in_waiting(work, newer, email=email, password=NEW_PASSWORD))
    return settled(work, begin, row)


def proved(work, registration_id):
    """A registration as its link finds it."""
    own = Registration
    found = (own.id, own.link_id, own.roll_id, own.email, own.terms_version)
    letter = RollEntry.code_mac.label("letter_mac")
    asked = select(*found, letter).join(RollEntry, RollEntry.id == own.roll_id)
    row = work.db.execute(asked.where(own.id == registration_id)).one()
    work.settle()
    return row


def begin(work, row, by="link"):
    """It is confirmed, and wiped in the same transaction."""
    account_id = leaving.begin(work, row, by=by)
    if account_id is not None:
        wiped = update(Registration).where(Registration.id == row.id)
        work.db.execute(wiped.values(state="confirmed", email_key="", email=""))
    return account_id


def stop_link(work):
    return re.findall(r"/nouveau-courrier/(\S+)", last_mail(work).text)[-1]


def apply(work):
    return settled(work, effect.apply_due)


def account_of(work, letter):
    own = select(Account.__table__).join(RollEntry, RollEntry.id == Account.roll_id)
    row = work.db.execute(own.where(RollEntry.number == letter.number)).first()
    work.settle()
    return row


def waiting_ones(work):
    rows = work.db.execute(select(Leaving.__table__).where(Leaving.state == "waiting")).all()
    work.settle()
    return rows


def told(work, name):
    return sorted(each.to for each in mails.waiting(work) if each.name == name)


@pytest.fixture
def due(work, clock, account_id):
    """René's newer letter was confirmed a day ago; the token of the link to stop it."""
    assert confirmed(work) == account_id
    token = stop_link(work)
    clock.advance(hours=24)
    return token


def test_it_waits_for_a_day_and_the_space_is_told_who_leaves(work, account_id, clock):
    assert confirmed(work) == account_id
    assert members_of(work, account_id) == [ODILE.number, RENE.number]
    mail = last_mail(work)
    assert (mail.name, mail.to) == ("leaving", ODILE.email)
    assert "M.\u00a0Rene Exemple" in mail.text and NEW not in mail.text + mail.html
    facts = leaving.look(work, stop_link(work))
    assert (facts.state, facts.person) == ("waiting", "M.\u00a0Rene Exemple")
    terms = work.world.terms.version
    assert journalled(work, "leaving.confirmed") == [{"by": "link", "terms": terms}]
    clock.advance(hours=23, minutes=59, seconds=59)
    assert not effect.due(work) and apply(work) == 0


def test_the_letter_is_used_up_by_it(work):
    newer = reissued(work, RENE)
    row = proved(work, in_waiting(work, newer, email=NEW))
    assert settled(work, begin, row, by="code")
    with refused("registration_done"):
        in_waiting(work, newer, email="encore@example.org")


def test_a_day_later_they_have_a_space_of_their_own(work, due, account_id):
    inside = signed_in(work)
    assert effect.due(work)
    assert apply(work) == 1
    assert members_of(work, account_id) == [ODILE.number]
    own = account_of(work, RENE)
    assert (own.email, own.joined) == (NEW, 0)
    assert found(work, signed_in(work, email=NEW, password=NEW_PASSWORD, browser="b").token)
    assert found(work, inside.token).account_id == account_id, "the others go on"
    assert give_password(work)
    assert told(work, "leaving_done") == [ODILE.email]
    assert told(work, "space_opened") == [NEW]
    assert journalled(work, "leaving.done") == journalled(work, "leaving.opened") == [{}]
    assert leaving.look(work, due).state == "done"


def test_their_proofs_and_their_history_go_with_them(work, due, account_id, rene):
    apply(work)
    own = account_of(work, RENE)
    proofs = work.db.execute(
        select(TermsAcceptance.account_id).where(TermsAcceptance.roll_id == rene)
    ).scalars()
    assert list(proofs) == [own.id] * 2
    entries = work.db.execute(
        select(JournalEntry.account_id).where(JournalEntry.roll_id == rene).distinct()
    ).scalars()
    assert set(entries) == {own.id, None}
    assert account_id not in set(entries)


def test_the_first_member_leaves_and_the_next_one_becomes_the_first(work, clock, account_id, luce):
    assert confirmed(work, ODILE, "odile.neuve@example.org") == account_id
    clock.advance(hours=24)
    assert apply(work) == 1
    assert members_of(work, account_id) == [RENE.number, LUCE.number]
    assert account_of(work, ODILE).email == "odile.neuve@example.org"
    assert account_of(work, RENE).id == account_id


def test_until_then_the_new_password_says_when(work, clock):
    confirmed(work)
    with refused("new_access_waits"):
        give_password(work, NEW, NEW_PASSWORD)
    with refused("sign_in_wrong"):
        give_password(work, NEW, PASSWORD)


@pytest.mark.parametrize("way", ["link", "space"])
def test_it_is_stopped_once_from_the_mail_or_from_the_space(work, account_id, rene, way, clock):
    confirmed(work)
    token = stop_link(work)
    if way == "link":
        for _ in range(2):
            settled(work, leaving.stop, token)
    else:
        session = sessions.find(work, signed_in(work).token, rene)
        assert settled(work, leaving.stop_own, session)
        assert not settled(work, leaving.stop_own, session)
    by = "link" if way == "link" else "member"
    assert journalled(work, "leaving.stopped") == [{"by": by}]
    assert told(work, "leaving_stopped") == sorted([ODILE.email, NEW])
    assert leaving.look(work, token).state == "stopped"
    clock.advance(hours=24)
    assert not effect.due(work) and apply(work) == 0
    [row] = work.db.execute(select(Leaving.__table__)).all()
    assert (row.email, row.email_key, row.password_hash, row.terms_origin) == ("",) * 4


def test_of_another_person_of_the_space_nothing_is_stopped(work, rene):
    confirmed(work)
    session = found(work, signed_in(work).token)
    assert session.roll_id != rene
    assert not settled(work, leaving.stop_own, session)
    assert waiting_ones(work)


@pytest.mark.parametrize("status", [LEFT, DECEASED])
def test_of_who_left_the_mutual_or_died_it_waits(work, due, account_id, status):
    becomes(work, status, RENE)
    assert not effect.due(work) and apply(work) == 0
    becomes(work, ACTIVE, RENE)
    assert apply(work) == 1


def test_a_letter_more_stops_the_one_that_waits(work):
    confirmed(work)
    token = stop_link(work)
    reissued(work, RENE)
    assert leaving.look(work, token).state == "stopped"
    assert confirmed(work, email="second@example.org")
    assert leaving.look(work, token).state == "over"
    [row] = waiting_ones(work)
    assert row.email == "second@example.org"


def test_an_address_that_is_a_space_s_begins_nothing(work, account_id):
    row = proved(work, in_waiting(work, reissued(work, RENE), email=LUCE.email))
    with_account(work, LUCE)
    assert settled(work, begin, row) is None
    assert not waiting_ones(work) and journalled(work, "leaving.confirmed") == []


def test_an_address_that_became_another_s_in_that_day_changes_nothing(work, due, account_id):
    with_account(work, LUCE)
    taken = update(Account).where(Account.email == LUCE.email)
    work.db.execute(taken.values(email=NEW, email_key=NEW))
    work.settle()
    assert apply(work) == 0
    assert members_of(work, account_id) == [ODILE.number, RENE.number]
    assert journalled(work, "leaving.stopped") == [{"by": "address_taken"}]
    assert told(work, "takeover_taken") == [NEW]
    assert not waiting_ones(work)


def test_who_is_there_already_is_known_by_the_address_of_the_space(work, account_id, rene):
    odile = account_of(work, ODILE).roll_id
    for who, email, there in (
        (rene, ODILE.email, True),
        (odile, ODILE.email, True),
        (rene, NEW, False),
        (0, ODILE.email, False),
    ):
        assert work.db.execute(select(leaving.is_there(email, who))).scalar() == there, (who, email)
    promotion.let_go(work, account_id, rene)
    assert not work.db.execute(select(leaving.is_there(ODILE.email, odile))).scalar()


def test_whose_newer_letter_leaves_a_space_is_known(work, account_id, rene):
    alone = with_account(work, LUCE)
    of = select(Account.roll_id)
    luce = work.db.execute(of.where(Account.id == alone)).scalar_one()
    odile = work.db.execute(of.where(Account.id == account_id)).scalar_one()
    shares = {
        who: work.db.execute(
            select(leaving.shares(RollEntry.id)).where(RollEntry.id == who)
        ).scalar()
        for who in (odile, rene, luce)
    }
    assert shares == {odile: True, rene: True, luce: False}


def test_who_registers_with_the_address_that_they_share_is_told_to_sign_in(work, rene):
    in_waiting(work, reissued(work, RENE), email=ODILE.email, password=NEW_PASSWORD)
    mail = last_mail(work)
    assert (mail.name, mail.to) == ("already_there", ODILE.email)
    assert "/connexion" in mail.text and "/mot-de-passe-oublie" in mail.text
    assert "/validation/" not in mail.text


def test_who_shares_a_space_leaves_it_by_the_link_of_a_newer_letter(work, clock, account_id, rene):
    in_waiting(work, reissued(work, RENE), email=NEW, password=NEW_PASSWORD)
    assert "vous aurez le vôtre" in last_mail(work).text
    link = mailed_link(work)
    assert settled(work, lambda work: confirmation.by_link(work, link)) == "confirmed"
    assert confirmation.look(work, link).takeover == "waiting"
    clock.advance(hours=24)
    assert apply(work) == 1
    assert confirmation.look(work, link).takeover == "done"
    assert account_of(work, RENE).email == NEW
    assert members_of(work, account_id) == [ODILE.number]


def test_a_takeover_that_waits_when_somebody_joins_becomes_a_departure(work, clock, account_id):
    """Who joined meanwhile is not handed over with the space."""
    promotion.let_go(work, account_id, members(work, RENE))
    taking_over(work, email=NEW, password=NEW_PASSWORD)
    again(work, account_id)
    clock.advance(hours=24)
    assert effect.due(work)
    assert apply(work) == 1
    assert members_of(work, account_id) == [RENE.number]
    assert account_of(work, ODILE).email == NEW
    assert account_of(work, RENE).email == ODILE.email


def test_it_is_stopped_on_the_first_member_s_page_and_on_no_other(work, account_id, rene):
    promotion.let_go(work, account_id, rene)
    taking_over(work, email=NEW)
    again(work, account_id)
    inside = signed_in(work)
    assert not settled(work, leaving.stop_own, sessions.find(work, inside.token, rene))
    assert settled(work, leaving.stop_own, found(work, inside.token))
    assert journalled(work, "takeover.stopped") == [{"by": "member"}]


def members(work, letter):
    return work.db.execute(
        select(RollEntry.id).where(RollEntry.number == letter.number)
    ).scalar_one()


def again(work, account_id):
    """René is in the space once more."""
    work.db.execute(
        JoinedMember.__table__.insert().values(
            account_id=account_id, roll_id=members(work, RENE), terms_version="",
            joined_at=work.now,
        )
    )  # fmt: skip
    work.db.execute(update(Account).values(joined=Account.joined + 1))
    work.settle()


def test_a_departure_that_waits_when_nobody_is_left_becomes_a_takeover(work, due, account_id):
    odile = account_of(work, ODILE).roll_id
    promotion.let_go(work, account_id, odile)
    work.settle()
    assert effect.due(work)
    assert apply(work) == 1
    assert count(work, Account) == 1
    own = account_of(work, RENE)
    assert (own.id, own.email) == (account_id, NEW)
    assert give_password(work, NEW, NEW_PASSWORD)
    assert count(work, Takeover) == 1 and not waiting_ones(work)


def test_what_a_former_letter_began_before_anybody_joined_is_forgotten(work, clock, account_id):
    promotion.let_go(work, account_id, members(work, RENE))
    taking_over(work, email=NEW, password=NEW_PASSWORD)
    again(work, account_id)
    row = proved(work, in_waiting(work, reissued(work, ODILE), email="second@example.org"))
    work.db.execute(update(Takeover).values(state="waiting"))
    assert settled(work, begin, row)
    assert count(work, Takeover) == 0
    assert [each.email for each in waiting_ones(work)] == ["second@example.org"]


def test_a_closing_lets_nobody_go_before_the_day_is_over(work, clock, rene, account_id):
    work.db.execute(update(JoinedMember).values(closing_at=work.now))
    confirmed(work)
    clock.advance(hours=23)
    assert settled(work, erasure.erase_due) == 0
    clock.advance(hours=1)
    assert apply(work) == 1
    assert account_of(work, RENE).closing_at is None


def test_the_row_of_an_ended_one_goes_after_a_week(work, due, clock):
    settled(work, leaving.stop, due)
    clock.advance(days=6, hours=23)
    retention.purge(work)
    assert count(work, Leaving) == 1
    clock.advance(hours=1)
    retention.purge(work)
    assert count(work, Leaving) == 0


def test_eight_senders_at_once_apply_it_once(work, due, account_id):
    answers = at_once(work, 8, lambda own, _: effect.apply_due(own))
    assert sorted(answers) == [0] * 7 + [1]
    assert count(work, Account) == 2
    assert told(work, "leaving_done") == [ODILE.email]


@pytest.mark.parametrize("again", range(3))
def test_stopped_and_due_at_the_very_same_moment_exactly_one_wins(work, due, account_id, again):
    def act(own, which):
        return leaving.stop(own, due) if which % 2 else effect.apply_due(own)

    at_once(work, 8, act)
    outcome = len(journalled(work, "leaving.done")), len(journalled(work, "leaving.stopped"))
    assert outcome in ((1, 0), (0, 1))
    assert len(members_of(work, account_id)) == (1 if outcome == (1, 0) else 2)


def test_confirmed_twice_at_once_it_is_one(work, account_id):
    row = proved(work, in_waiting(work, reissued(work, RENE), email=NEW))
    at_once(work, 8, lambda own, _: begin(own, row))
    assert len(waiting_ones(work)) == 1
    assert len(journalled(work, "leaving.confirmed")) == 1


def test_two_who_leave_at_once_leave_the_third_alone(work, clock, account_id, luce):
    confirmed(work, ODILE, "odile.neuve@example.org")
    confirmed(work, RENE, NEW)
    clock.advance(hours=24)
    at_once(work, 4, lambda own, _: effect.apply_due(own))
    apply(work)
    assert members_of(work, account_id) == [LUCE.number]
    assert count(work, Account) == 3


def test_all_who_leave_have_a_space_each(work, clock, account_id):
    confirmed(work, ODILE, "odile.neuve@example.org")
    confirmed(work, RENE, NEW)
    clock.advance(hours=24)
    for _ in range(2):
        at_once(work, 4, lambda own, _: effect.apply_due(own))
    assert not waiting_ones(work)
    assert {account_of(work, each).email for each in (ODILE, RENE)} == {
        NEW, "odile.neuve@example.org",
    }  # fmt: skip


def test_joined_to_another_space_in_that_day_they_are_in_one(work, clock, account_id, due):
    """As who agrees finds it: whoever is in a space joins none."""
    promotion.let_go(work, account_id, members(work, RENE))
    theirs = with_account(work, LUCE)
    work.settle()
    again_in(work, theirs)
    assert apply(work) == 0
    assert members_of(work, theirs) == [LUCE.number, RENE.number]


def again_in(work, account_id):
    joined = JoinedMember.__table__.insert().values(
        account_id=account_id, roll_id=members(work, RENE), terms_version="", joined_at=work.now
    )
    work.db.execute(joined)
    more = update(Account).where(Account.id == account_id)
    work.db.execute(more.values(joined=Account.joined + 1))
    work.settle()


def test_who_asks_to_join_is_not_taken_for_somebody_who_registered_here(work, account_id, rene):
    """The statement asks of one registration, whatever others are stored."""
    newer = reissued(work, RENE)
    in_waiting(work, newer, email=ODILE.email, password=NEW_PASSWORD)
    assert last_mail(work).name == "already_there"
    on_the_roll(work, LUCE)
    in_waiting(work, LUCE, email=ODILE.email, password=NEW_PASSWORD)
    assert last_mail(work).name == "registration"
