"""`flask database restored`: what a backup brings back opens, sends and erases nothing."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from player import mails
from player.members import ODILE, RENE, on_the_roll, with_account
from tests.authenticator import Phone
from tests.journeys import (
    at_code,
    code_in_mail,
    count,
    found,
    give_code,
    in_waiting,
    journalled,
    reissued,
    signed_in,
    taking_over,
)
from tests.own_steps import with_passkey
from webapp.models import Account, Device, Passkey, Registration, StoredSession, Takeover
from webapp.rules import credentials
from webapp.rules.refusals import Refusal
from webapp.services.kernel import journal, sessions
from webapp.services.letters import posting
from webapp.services.roll.entries import entry_of_letter
from webapp.services.sign_in import devices

OTHER_CODE = "Z9Y8X7W6V5T4"


@pytest.fixture
def run(app):
    """The command, or another one, in a script."""

    def run(*args):
        args = args or ("database", "restored", "--yes")
        return app.test_cli_runner().invoke(args=[*map(str, args)], catch_exceptions=False)

    return run


@pytest.fixture
def of_the_printer(tmp_path):
    """The file of a letter that was made after the backup."""

    def written(letter):
        file = tmp_path / "courriers.csv"
        head, row = "numero_adherent;civilite;nom;prenom;code_acces", (letter.number, OTHER_CODE)
        file.write_text(f"{head}\n{row[0]};Mme;EXEMPLE;Rose;{row[1]}\n", "utf-8-sig")
        return file

    return written


def opens(work, letter, code):
    try:
        return bool(entry_of_letter(work, letter.number, code))
    except Refusal:
        return False


def test_a_stolen_phone_that_was_signed_out_since_is_out(run, work):
    with_account(work)
    entered = signed_in(work, remember=True)
    work.settle()
    result = run()
    assert result.exit_code == 0, result
    assert "Espaces déconnectés\u00a0: 1." in result.stdout
    assert sessions.find(work, entered.token) is None
    assert devices.remembered_email(work, entered.device_secret) is None
    assert count(work, StoredSession) == count(work, Device) == 0
    assert journalled(work, "database.restored") == [{"spaces": 1}]


def test_the_owner_signs_in_again_with_password_and_mailed_code(run, work):
    with_account(work)
    work.settle()
    assert run().exit_code == 0
    session = at_code(work)
    assert give_code(work, session, code_in_mail(work))


def test_a_link_of_before_opens_nothing_and_no_mail_leaves_twice(run, work):
    on_the_roll(work, RENE)
    in_waiting(work, RENE)
    assert mails.waiting(work)
    work.settle()
    assert run().exit_code == 0
    assert count(work, Registration) == 0
    assert mails.waiting(work) == []


def test_a_takeover_that_its_owner_may_have_stopped_never_takes_effect(run, work):
    with_account(work)
    taking_over(work)
    work.settle()
    assert run().exit_code == 0
    assert count(work, Takeover) == 0


@pytest.mark.parametrize(("asked", "left"), [(timedelta(days=-1), 7), (timedelta(days=9), 9)])
def test_a_closing_that_may_have_been_cancelled_leaves_a_week(run, work, asked, left):
    with_account(work)
    work.db.execute(update(Account).values(closing_at=work.now + asked))
    work.settle()
    assert run().exit_code == 0
    assert work.db.execute(select(Account.closing_at)).scalar() == work.now + timedelta(days=left)
    assert ODILE.email in str(work.db.execute(select(Account.email)).scalar())


def test_the_printer_s_file_opens_the_letters_made_since_and_ends_those_that_they_replaced(
    run, work, of_the_printer
):
    on_the_roll(work, RENE)
    work.settle()
    assert run().exit_code == 0
    assert opens(work, RENE, RENE.access_code) and not opens(work, RENE, OTHER_CODE), (
        "the lost one opens"
    )
    work.settle()
    assert run("members", "import", of_the_printer(RENE)).exit_code == 0
    assert opens(work, RENE, OTHER_CODE) and not opens(work, RENE, RENE.access_code)


def test_a_newer_letter_of_a_member_with_a_space_has_to_be_made_again(
    run, work, of_the_printer, tmp_path
):
    with_account(work)
    work.settle()
    assert run().exit_code == 0
    assert run("members", "import", of_the_printer(ODILE)).exit_code == 0
    assert not opens(work, ODILE, OTHER_CODE)
    work.settle()
    letters = tmp_path / "refaits.csv"
    assert run("members", "reissue", ODILE.number, "--letters", letters, "--yes").exit_code == 0
    code = letters.read_text("utf-8-sig").split(";")[-1].strip()
    assert opens(work, ODILE, credentials.access_code(code))


@pytest.mark.parametrize(("known_good_since", "left"), [(False, 0), (True, 1)])
def test_a_stolen_phone_s_passkey_goes_by_hand_where_it_is_recent(
    run, work, clock, known_good_since, left
):
    with_account(work)
    entered = signed_in(work)
    with_passkey(work, found(work, entered.token), Phone())
    work.settle()
    if known_good_since:
        clock.advance(minutes=1)
        account = work.db.execute(select(Passkey.account_id)).scalar_one()
        journal.write(work, "sign_in.done", account_id=account, by="passkey", agent="")
        work.settle()
    clock.advance(days=8)
    assert run().exit_code == 0
    assert count(work, Passkey) == 1, "a restore removes none"
    work.settle()
    assert run("members", "sign-out", ODILE.number, "--remove-recent-steps", "--yes").exit_code == 0
    assert count(work, Passkey) == left


def test_the_batches_that_may_have_left_since_are_named(run, work):
    on_the_roll(work)
    first, second = reissued(work), reissued(work)
    posting.posted(work, 1, on=None, operator="c.martin")
    work.settle()
    told = run().stdout
    assert "Lots de courriers à poster, selon elle\u00a0: 2." in told
    assert opens(work, ODILE, second.access_code) and not opens(work, ODILE, first.access_code)
