"""A space that the roll closes: what its member, or a relative, meets in a browser."""

import pytest

from player.members import ODILE, RENE
from player.screens.mailbox import SECURITY_CODE
from player.screens.sign_in import SecurityCode, Shut, SignIn
from player.screens.space import Space
from player.walk import walk
from webapp.rules.procedure import SIGN_IN
from webapp.rules.statuses import ACTIVE, DECEASED, LEFT


@pytest.fixture(autouse=True)
def member(stage):
    stage.has_account_of(ODILE)


def sign_in(stage, page):
    SignIn(page).open().fill(ODILE.email).go_on()
    code = stage.post_office.wait_for(ODILE.email, SECURITY_CODE).security_code
    SecurityCode(page).shows().enter(code)


def test_a_relative_reads_whom_to_call_and_leaves_for_the_next_person(stage, page):
    stage.says(DECEASED)
    sign_in(stage, page)
    Shut(page).shows("nous vous présentons nos condoléances", "du lundi au vendredi").leave()
    SignIn(page).shows("Vous êtes déconnecté")
    stage.has_account_of(RENE)
    walk(SIGN_IN, stage, page, letter=RENE)


def test_who_left_reads_it_at_the_next_press_and_finds_all_again(stage, page):
    walk(SIGN_IN, stage, page)
    stage.says(LEFT)
    page.get_by_role("link", name="Sécurité", exact=True).click()
    Shut(page).shows("vous n’êtes plus adhérent", "retrouverez votre espace")
    stage.says(ACTIVE)
    page.goto("/espace")
    Space(page).shows("Santé Confort")
