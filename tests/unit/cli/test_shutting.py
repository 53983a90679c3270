"""`flask members sign-out`: what is open in a member's name ends, on every host."""

from io import BytesIO

import pytest
from sqlalchemy import select

from player.mails import waiting
from player.members import ODILE, RENE, on_the_roll, with_account
from tests.authenticator import Phone
from tests.journeys import count, found, journalled, signed_in
from tests.own_steps import with_passkey
from webapp.models import Device, Passkey, StoredSession
from webapp.services.kernel import journal, sessions
from webapp.services.sign_in import devices


class Terminal(BytesIO):
    """What an operator types."""

    def isatty(self):
        return True


@pytest.fixture
def entered(work):
    """Odile inside, on a trusted device; René on the roll alone."""
    with_account(work)
    on_the_roll(work, RENE)
    entered = signed_in(work, remember=True)
    work.settle()
    return entered


@pytest.fixture
def run(app):
    """The command, in a script; `answer`: typed by an operator at a terminal."""

    def run(*args, yes=True, answer=None):
        args = ["members", "sign-out", *(["--yes"] if yes else []), *args]
        stdin = None if answer is None else Terminal(answer.encode())
        return app.test_cli_runner().invoke(args=args, input=stdin)

    return run


def test_sessions_and_devices_of_the_member_end_at_once(run, work, entered):
    result = run(f"00 {ODILE.number[2:]}", ODILE.number)
    assert result.exit_code == 0
    assert "déconnectés partout\u00a0: 1." in result.stdout
    assert sessions.find(work, entered.token) is None
    assert devices.remembered_email(work, entered.device_secret) is None
    assert count(work, StoredSession) == count(work, Device) == 0
    assert journalled(work, "session.shut_by_mutual") == [{}]


def test_nobody_else_is_put_out(run, work, entered):
    result = run(RENE.number)
    assert result.exit_code == 0
    assert "Sans espace" in result.stdout
    assert sessions.find(work, entered.token)


@pytest.mark.parametrize("unknown", ["0099999", "?!"])
def test_one_number_that_is_not_on_the_roll_and_nothing_ends(run, work, entered, unknown):
    result = run(ODILE.number, unknown)
    assert result.exit_code == 1
    assert "Rien n’a été changé" in result.stderr
    assert sessions.find(work, entered.token)


def test_it_names_the_member_as_the_roll_has_them_and_asks_first(run, work, entered):
    result = run(ODILE.number, yes=False, answer="oui\n")
    assert result.exit_code == 0
    assert result.stdout.startswith(f"{ODILE.number}\u00a0: Mme\u00a0Odile Exemple\n")
    assert "Fermer toutes les connexions de cet adhérent" in result.stderr
    assert sessions.find(work, entered.token) is None


@pytest.mark.parametrize("answer", ["\n", "non\n", "quoi ?\n"])
def test_without_a_yes_nothing_is_done(run, work, entered, answer):
    result = run(ODILE.number, yes=False, answer=answer)
    assert result.exit_code == 1
    assert "Rien n’a été changé." in result.stderr
    assert sessions.find(work, entered.token)


def test_an_answer_that_never_comes_is_no_yes(run, work, entered):
    result = run(ODILE.number, yes=False, answer="")
    assert result.exit_code == 130
    assert "Rien n’a été changé." in result.stderr
    assert sessions.find(work, entered.token)


def test_where_nobody_can_answer_one_line_says_so_and_nothing_is_done(run, work, entered):
    result = run(ODILE.number, yes=False)
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1
    assert "--yes" in result.stderr
    assert sessions.find(work, entered.token)


def test_the_reason_stays_in_the_journal(run, work, entered):
    run("--reason", "  Téléphone volé, appel du 1er décembre ", ODILE.number)
    kept = [{"reason": "Téléphone volé, appel du 1er décembre"}]
    assert journalled(work, "session.shut_by_mutual") == kept


@pytest.mark.parametrize("reason", ["x" * 201, "deux\nlignes", "\x1b[2J"])
def test_a_reason_is_one_short_line(run, work, entered, reason):
    result = run("--reason", reason, ODILE.number)
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1
    assert sessions.find(work, entered.token)


@pytest.fixture
def planted(work, entered):
    """A stranger added a passkey to Odile's space."""
    with_passkey(work, found(work, entered.token), Phone())


def passkeys(work):
    return count(work, Passkey)


@pytest.mark.usefixtures("planted")
def test_recent_second_steps_are_shown_and_stay_unless_told(run, work):
    result = run(ODILE.number)
    shown = result.stdout.replace("\u00a0", " ")
    assert "Deuxième étape récente : clé d’accès, ajoutée le 1er décembre 2026" in shown
    assert "Mon téléphone" not in shown  # a stranger's word may be made to mislead
    assert "laissées en place : 2." in shown
    assert "--remove-recent-steps" in shown
    assert passkeys(work) == 1


@pytest.mark.usefixtures("planted")
def test_recent_second_steps_go_too_when_told(run, work, entered):
    result = run("--remove-recent-steps", ODILE.number, RENE.number)
    assert "récentes retirées\u00a0: 2." in result.stdout
    assert passkeys(work) == 0
    assert waiting(work)[-1].to == ODILE.email
    kinds = [each["kind"] for each in journalled(work, "second_step.removed")]
    assert kinds == ["passkey", "codes"]
    assert sessions.find(work, entered.token) is None


@pytest.mark.usefixtures("planted")
def test_an_established_second_step_is_not_the_mutual_s_to_remove(run, work, clock):
    clock.advance(minutes=1)
    account = work.db.execute(select(Passkey.account_id)).scalar_one()
    journal.write(work, "sign_in.done", account_id=account, by="passkey", agent="")
    work.settle()
    clock.advance(days=8)
    result = run("--remove-recent-steps", ODILE.number)
    assert "Deuxième étape récente" not in result.stdout
    assert passkeys(work) == 1
