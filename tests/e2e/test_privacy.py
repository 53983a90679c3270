"""Nobody learns who is a member or who has an account."""

from dataclasses import replace

from player.members import ODILE, RENE
from player.screens.mailbox import CONFIRMATION, HAS_A_SPACE
from player.screens.sign_in import SignIn
from player.walk import walk
from webapp.rules.procedure import REGISTRATION


def test_nobody_learns_from_the_screens_that_an_address_has_an_account(stage, phone, open_browser):
    stage.has_account_of(RENE)
    stage.sends_letter_to(ODILE)
    other = open_browser()
    walk(REGISTRATION, stage, other, letter=ODILE, until="recorded")
    honest = told(other, ODILE.email)
    walk(REGISTRATION, stage, phone, letter=replace(ODILE, email=RENE.email), until="recorded")
    assert told(phone, RENE.email) == honest

    assert stage.mails(RENE.email, HAS_A_SPACE) == 0
    assert stage.mails(RENE.email, CONFIRMATION) == 1, "it says whose space is there already"


def told(page, email) -> list[str]:
    """What the page says, but for the address and the times of day."""
    words = page.get_by_role("main").inner_text().replace(email, "…").split()
    return [word for word in words if not any(sign.isdigit() for sign in word)]


def test_an_unknown_address_and_a_wrong_password_are_refused_in_the_same_words(stage, page):
    stage.has_account_of(ODILE)
    said = []
    for email in (ODILE.email, RENE.email):
        SignIn(page).open().fill(email, "pas le bon mot de passe").go_on()
        SignIn(page).refuses("L’e-mail ou le mot de passe n’est pas le bon")
        said.append((page.title(), page.get_by_role("main").inner_text()))
    assert said[0] == said[1]


def test_no_other_site_shows_it_in_a_frame(stage, page):
    """A click on what lies below somebody else's page would be a click of the member's."""
    SignIn(page).open()
    page.goto("data:text/html,<title>Autre site</title>")
    page.set_content(f'<iframe src="{stage.url}/connexion"></iframe>')
    page.frame_locator("iframe").locator("body").wait_for(state="attached")
    inside = page.frames[1]
    assert inside.url.startswith("chrome-error:")
    assert inside.get_by_label("Mot de passe").count() == 0
