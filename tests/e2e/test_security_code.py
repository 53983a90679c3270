"""The six digits: wrong, late, pasted, asked for again."""

import pytest

from player.members import ODILE
from player.screens.mailbox import SECURITY_CODE, Mailbox
from player.screens.sign_in import SecurityCode, SignIn
from player.screens.space import Space
from player.walk import walk
from webapp.rules.procedure import SIGN_IN


@pytest.fixture
def mailbox(stage):
    """Odile's."""
    return Mailbox(stage.post_office, ODILE.email)


@pytest.fixture
def screen(stage, page):
    """Odile has given her password."""
    stage.has_account_of(ODILE)
    walk(SIGN_IN, stage, page, until="password")
    return SecurityCode(page)


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_after_five_wrong_codes_it_starts_again_at_the_password_and_says_why(
    screen, stage, mailbox
):
    wrong = other_than(mailbox.security_code())
    for _ in range(4):
        screen.enter(wrong)
        screen.refuses("Ce code n’est pas le bon")
    screen.enter(wrong)
    SignIn(screen.page).refuses("Cinq codes faux")

    stage.clock.advance(seconds=61)
    walk(SIGN_IN, stage, screen.page)


def test_a_code_of_more_than_five_minutes_says_so_and_a_new_one_opens(screen, stage, mailbox):
    old = mailbox.security_code()
    stage.clock.advance(minutes=5, seconds=1)
    screen.enter(old)
    screen.refuses("Ce code a dépassé ses 5 minutes")
    screen.send_again()
    screen.shows("un nouveau message est parti", "Utilisable encore", "5 minutes")
    new = mailbox.security_code()
    screen.enter(old)
    screen.refuses("Ce code a dépassé ses 5 minutes")
    screen.enter(new)
    Space(screen.page).shows()


def test_a_mail_that_comes_late_is_still_good_after_another_was_asked_for(screen, stage, mailbox):
    first = mailbox.security_code()
    stage.clock.advance(seconds=61)
    screen.send_again()
    screen.shows("un nouveau message est parti")
    assert mailbox.security_code() != first
    screen.enter(first)
    Space(screen.page).shows()


def test_another_code_is_sent_once_a_minute(screen, stage):
    screen.send_again()
    screen.notes("Un instant", "Un message vient de partir")
    assert stage.mails(ODILE.email, SECURITY_CODE) == 1
    screen.page.reload()
    screen.page.goto(SecurityCode.path)
    screen.shows()


@pytest.mark.parametrize(
    "typed",
    [
        "  {a} {b}  ",
        "Voici votre code de sécurité : {a} {b}.",
    ],
)
def test_a_code_is_taken_with_its_spaces_or_its_sentence(stage, phone, mailbox, typed):
    stage.has_account_of(ODILE)
    walk(SIGN_IN, stage, phone, until="password")
    code = mailbox.security_code()
    SecurityCode(phone).enter(typed.format(a=code[:3], b=code[3:]))
    Space(phone).shows()


def test_who_gave_the_wrong_address_recognises_it_and_starts_again(stage, phone):
    stage.has_account_of(ODILE)
    walk(SIGN_IN, stage, phone, until="password")
    SecurityCode(phone).shows("o•••@e•••.org").follow("Recommencer avec une autre adresse")
    SignIn(phone).shows()
