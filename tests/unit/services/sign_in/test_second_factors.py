"""What a member has, and whether codes still leave by mail; nobody is left without a way."""

from dataclasses import replace

import pytest
from sqlalchemy import delete, select, update

from player.mails import waiting
from player.members import with_account
from tests.authenticator import Phone
from tests.journeys import again, code_in_mail, journalled, refused, resend
from tests.own_steps import at_own_step, member, with_app, with_passkey
from tests.threads import at_once
from webapp.models import Account, Passkey, RecoveryCode, StoredSession
from webapp.rules.ranks import Rank
from webapp.services.sign_in import authenticators, mailed_code, passkeys, second_factors


@pytest.fixture
def odile(work):
    with_account(work)
    return member(work)


def mail_off(work):
    off = work.db.execute(select(Account.mailed_code_off)).scalar()
    work.settle()
    return off


def test_the_overview_names_all(work, odile):
    assert second_factors.overview(work, odile) == second_factors.FactorFacts(False, 0, None, ())
    work.settle()
    with_passkey(work, odile, Phone())
    with_passkey(work, odile, Phone())
    with_app(work, odile)
    steps = second_factors.overview(work, odile)
    assert [key.name for key in steps.passkeys] == ["Mon téléphone"] * 2
    assert steps.app.name == "Mon appli"
    assert (steps.codes_left, steps.count, steps.mail_off) == (10, 3, False)


def test_without_a_step_of_one_s_own_the_mail_can_t_be_stopped(work, odile):
    with refused("mail_needed"):
        second_factors.stop_mail(work, odile)


def test_nor_without_recovery_codes(work, odile):
    with_app(work, odile)
    work.db.execute(update(RecoveryCode).values(used_at=work.now))
    with refused("mail_needed"):
        second_factors.stop_mail(work, odile)


def test_nor_with_an_app_that_was_never_confirmed(work, odile):
    authenticators.start(work, odile)
    work.settle()
    with refused("mail_needed"):
        second_factors.stop_mail(work, odile)


def test_stopped_no_code_is_mailed_and_sign_ins_under_way_begin_again(work, odile):
    with_app(work, odile)
    under_way = at_own_step(work)
    second_factors.stop_mail(work, odile)
    work.settle()
    assert waiting(work)[-1].name == "mailed_code"
    under = select(StoredSession.id).where(StoredSession.rank == Rank.CODE)
    assert work.db.execute(under).all() == []
    work.settle()
    assert under_way.ways == "amr"
    session = at_own_step(work)
    assert session.ways == "ar"
    with refused("mail_off"):
        resend(work, session)
    with refused("resend_soon"):  # as a page that was open before sends it
        resend(work, replace(session, ways="amr"))
    assert waiting(work)[-1].name == "mailed_code"


def test_asked_for_the_code_comes_by_mail(work, odile):
    with_app(work, odile)
    session = at_own_step(work)
    resend(work, session)
    session = again(work, session)
    code = code_in_mail(work)
    with refused("resend_soon"):
        resend(work, session)
    entered = mailed_code.enter(work, session, code=code, agent="Firefox, Linux")
    assert entered.rank is Rank.MEMBER


def test_taken_up_again(work, odile):
    with_app(work, odile)
    second_factors.stop_mail(work, odile)
    second_factors.resume_mail(work, odile)
    work.settle()
    assert at_own_step(work).ways == "amr"
    assert [each["off"] for each in journalled(work, "second_step.mail")] == [True, False]


def test_stopped_while_the_last_step_goes_away_nobody_is_left_without_a_way(work, odile):
    with_passkey(work, odile, Phone())
    (passkey_id,) = work.db.execute(select(Passkey.id)).scalars()
    work.settle()

    def act(own, which):
        if which % 2:
            return second_factors.stop_mail(own, odile)
        return passkeys.remove(own, odile, passkey_id)

    at_once(work, 8, act)
    assert mail_off(work) is False
    assert at_own_step(work).codes != ""


def test_two_last_steps_removed_at_once_take_the_codes_along(work, odile):
    with_passkey(work, odile, Phone())
    with_app(work, odile)
    second_factors.stop_mail(work, odile)
    (passkey_id,) = work.db.execute(select(Passkey.id)).scalars()
    work.settle()

    def act(own, which):
        if which % 2:
            return authenticators.remove(own, odile)
        return passkeys.remove(own, odile, passkey_id)

    assert sorted(at_once(work, 8, act)) == [False] * 6 + [True] * 2
    assert second_factors.overview(work, odile) == second_factors.FactorFacts(False, 0, None, ())


def test_stopped_mail_counts_for_nothing_once_no_step_is_left(work, odile):
    work.db.execute(update(Account).values(mailed_code_off=True))  # as a fault of ours would
    work.db.execute(delete(Passkey))
    work.settle()
    session = at_own_step(work)
    assert (session.ways, bool(session.codes)) == ("", True)
