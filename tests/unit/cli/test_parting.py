"""`flask members part`: a member out of the space that they share, at once."""

from io import BytesIO

import pytest

from player.mails import waiting
from player.members import LUCE, ODILE, RENE, on_the_roll, with_account
from tests.journeys import journalled
from tests.shared_spaces import joins, members_of


class Terminal(BytesIO):
    """What an operator types."""

    def isatty(self):
        return True


@pytest.fixture
def shared(work):
    """Odile's space, which René shares; Luce is on the roll alone."""
    account_id = with_account(work)
    joins(work, account_id, RENE)
    on_the_roll(work, LUCE)
    work.settle()
    return account_id


@pytest.fixture
def run(app):
    """A `members` command, in a script; `answer`: typed by an operator at a terminal."""

    def run(*args, answer=None, command="part"):
        stdin = None if answer is None else Terminal(answer.encode())
        return app.test_cli_runner().invoke(args=["members", command, *args], input=stdin)

    return run


def plain(text):
    return " ".join(text.replace("\u00a0", " ").split())


def test_it_parts_and_says_what_the_member_needs_now(run, work, shared):
    result = run(RENE.number, "--yes", "--reason", "appel du 1er décembre")
    assert (result.exit_code, result.stderr) == (0, "")
    assert f"flask members reissue {RENE.number}" in plain(result.stdout)
    assert members_of(work, shared) == [ODILE.number]
    assert journalled(work, "person.parted") == [{"reason": "appel du 1er décembre"}] * 2
    assert (waiting(work)[-1].name, waiting(work)[-1].to) == ("parted", ODILE.email)


def test_it_names_the_member_and_who_stays_and_asks_first(run, work, shared):
    result = run(ODILE.number, answer="oui\n")
    assert result.exit_code == 0
    said = plain(result.stdout)
    assert said.startswith(f"{ODILE.number} : Mme Odile Exemple")
    assert f"Partage l’espace avec {RENE.number} : M. Rene Exemple" in said
    assert "partage avec cette personne ?" in plain(result.stderr)
    assert members_of(work, shared) == [RENE.number]


@pytest.mark.parametrize("answer", ["\n", "non\n"])
def test_without_a_yes_nothing_is_done(run, work, shared, answer):
    result = run(RENE.number, answer=answer)
    assert result.exit_code == 1
    assert "Rien n’a été changé." in result.stderr
    assert members_of(work, shared) == [ODILE.number, RENE.number]


def test_where_nobody_can_answer_one_line_says_so(run, work, shared):
    result = run(RENE.number)
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1
    assert members_of(work, shared) == [ODILE.number, RENE.number]


@pytest.mark.parametrize("number", [LUCE.number, "0099999", "?!"])
def test_who_shares_no_space_is_refused_in_one_line(run, work, shared, number):
    result = run(number, "--yes")
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 1
    assert "Rien n’a été changé" in result.stderr
    assert members_of(work, shared) == [ODILE.number, RENE.number]


def test_once_parted_both_are_refused(run, work, shared):
    run(RENE.number, "--yes")
    for letter in (ODILE, RENE):
        result = run(letter.number, "--yes")
        assert result.exit_code == 1
        assert "ne partage aucun espace" in plain(result.stderr)


def test_a_number_written_otherwise_is_refused_with_yes(run, work, shared):
    result = run(RENE.number.lstrip("0"), "--yes")
    assert result.exit_code == 1
    assert members_of(work, shared) == [ODILE.number, RENE.number]


def test_show_names_who_shares_the_space(run, work, shared):
    first, joined = (plain(run(each.number, command="show").stdout) for each in (ODILE, RENE))
    assert "Partagé avec" in first and f"{RENE.number} : M. Rene Exemple" in first
    assert "Rejoint" not in first
    assert "Rejoint : le 1er décembre 2026" in joined
    assert f"{ODILE.number} : Mme Odile Exemple" in joined
    assert "a servi à ouvrir l’espace" in joined


def test_show_says_nothing_of_what_another_did_alone(run, work, shared):
    run(RENE.number, "--yes", "--reason", "motif de René")
    assert "motif de René" in plain(run(RENE.number, command="show").stdout)


def test_sign_out_says_who_is_signed_out_as_well(run, shared):
    result = run(RENE.number, "--yes", command="sign-out")
    assert result.exit_code == 0
    told = f"Partage son espace, déconnecté aussi : {ODILE.number}, Mme Odile Exemple"
    assert told in plain(result.stdout)


def test_show_says_since_when_the_first_one_is_there_who_joined_them(run, work, shared):
    run(ODILE.number, "--yes")
    said = plain(run(RENE.number, command="show").stdout)
    assert "Rejoint : le 1er décembre 2026" in said
    assert "Partagé avec" not in said
