"""Two letters and one mailbox: joining a space, changing person, leaving with a newer letter."""

from dataclasses import replace

import pytest

from player.camera import cameras
from player.households import GERARD
from player.members import ODILE
from player.scene import Scene
from player.screens.household import Asking, SharedSpace
from player.walk import give, play, signed_in, steps_of
from player.world import NEW_PASSWORD
from tests.e2e.ledger import OneRoundTrip, PlainForms
from webapp.rules.procedure import CARER, COUPLE, OWN_SPACE


@pytest.fixture
def film(scripts):
    return cameras(f"phone-{'htmx' if scripts else 'plain'}-household")


def played(procedure, stage, page, *witnesses) -> Scene:
    """The procedure as QA plays it, the first one's space being there already."""
    stage.has_account_of(ODILE)
    scene = Scene(stage, page)
    for step, given in steps_of(procedure):
        give(given, scene)
        play(step, scene)
        for witness in witnesses:
            witness(step, scene.page)
    return scene


def test_a_couple_shares_a_space_and_changes_person_with_one_tap(stage, page, scripts, film):
    witness = OneRoundTrip(page) if scripts else PlainForms(page)
    played(COUPLE, stage, page, witness, *film)
    space = SharedSpace(page)
    space.shows(GERARD.letter.number)
    space.change_to_another().shows(ODILE.number)


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_on_postgresql_too(stage, phone):
    played(COUPLE, stage, phone, OneRoundTrip(phone))


def test_a_daughter_joins_her_mother_s_letter_by_the_activation_code(stage, page, scripts):
    played(CARER, stage, page)


def test_a_refusal_leaves_the_letter_good(stage, phone, open_browser):
    stage.has_account_of(ODILE)
    scene = Scene(stage, phone, replace(GERARD.letter, email=ODILE.email), NEW_PASSWORD)
    stage.sends_letter_beside(ODILE)
    for step, _ in steps_of(COUPLE):
        play(step, scene)
        if step.key == "confirm":
            break
    owner = open_browser()
    signed_in(stage, owner)
    Asking(owner).open().refuse()
    SharedSpace(owner).shows("rien ne change pour vous")
    assert stage.mails(ODILE.email, "refusée") == 1


def test_who_shared_a_space_gets_an_own_one_a_day_after_a_newer_letter(stage, phone):
    played(COUPLE, stage, phone)
    scene = Scene(stage, phone, GERARD.letter, NEW_PASSWORD)
    SharedSpace(phone).leave()
    for step, given in steps_of(OWN_SPACE):
        give(given, scene)
        play(step, scene)
    assert scene.letter.email == GERARD.letter.other_email
