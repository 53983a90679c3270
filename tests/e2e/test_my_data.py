"""My data, closing the space and keeping it after all, new terms: played on a phone."""

import json

import pytest

from player.camera import cameras
from player.members import ODILE
from player.screens.my_data import (
    AllMyData,
    Close,
    CloseCode,
    Declined,
    MyData,
    NewTerms,
    Proof,
    TermsProof,
)
from player.screens.sign_in import SecurityCode, SignIn
from player.screens.space import Space
from player.scripts.my_data import CLOSING_CODE
from player.walk import signed_in, walk
from tests.e2e.ledger import OneRoundTrip, PlainForms
from webapp.rules.procedure import CLOSE, DECLINE_TERMS, KEEP, MY_DATA, NEW_TERMS

GOES, STAYS, GONE = "Votre espace va fermer", "Votre espace reste ouvert", "Votre espace est fermé"


@pytest.fixture(autouse=True)
def member(stage):
    stage.has_account_of(ODILE)


def sign_in(stage, page):
    """Both steps, wherever they lead."""
    SignIn(page).open().fill(ODILE.email).go_on()
    SecurityCode(page).shows().enter(
        stage.post_office.wait_for(ODILE.email, "Votre code de sécurité").security_code
    )


def witnesses(page, scripts, name):
    told = OneRoundTrip(page) if scripts else PlainForms(page)
    return (told, *cameras(f"phone-{'htmx' if scripts else 'plain'}-{name}"))


def test_a_member_reads_prints_and_takes_the_data_along(stage, page, scripts):
    signed_in(stage, page)
    film = cameras(f"phone-{'htmx' if scripts else 'plain'}-my-data")
    walk(MY_DATA, stage, page, *film)
    file = AllMyData(page).download()
    content = json.loads(file.path().read_text(encoding="utf-8"))
    assert content["account"]["email"] == ODILE.email
    assert content["journal"][-1]["event"] == "data.exported"  # the first one, just before


def test_later_the_password_is_asked_again_and_leads_back(stage, page):
    signed_in(stage, page)
    MyData(page).open()
    stage.clock.advance(minutes=11)
    MyData(page).press("Télécharger (JSON)")
    Proof(page).shows().give()
    assert AllMyData(page).shows().download().suggested_filename.startswith("mes-donnees-smie")


def test_the_proof_of_the_terms_can_be_read(stage, page):
    signed_in(stage, page)
    MyData(page).open()
    page.get_by_role("link", name="acceptée le").click()
    TermsProof(page).shows(ODILE.number, "son empreinte est la même")


def test_a_member_closes_the_space_and_changes_their_mind(stage, page, scripts):
    signed_in(stage, page)
    walk(CLOSE, stage, page, *witnesses(page, scripts, "close"))
    assert stage.mails(ODILE.email, GOES) == 1
    walk(KEEP, stage, page, *witnesses(page, scripts, "keep"))
    assert stage.mails(ODILE.email, STAYS) == 1
    stage.clock.advance(days=8)
    stage.purges()
    sign_in(stage, page)
    Space(page).shows()


def test_after_seven_days_the_space_is_gone(stage, page):
    signed_in(stage, page)
    walk(CLOSE, stage, page)
    stage.clock.advance(days=7, seconds=1)
    stage.purges()
    assert stage.mails(ODILE.email, GONE) == 1
    SignIn(page).open().fill(ODILE.email).go_on()
    SignIn(page).refuses("L’e-mail ou le mot de passe n’est pas le bon")


def test_slips_on_the_way_are_told(stage, page):
    signed_in(stage, page)
    Close(page).open().ask("pas le bon mot de passe")
    Close(page).refuses("Ce n’est pas votre mot de passe actuel").ask()
    code = stage.post_office.wait_for(ODILE.email, CLOSING_CODE).security_code
    CloseCode(page).shows().enter(f"{(int(code) + 1) % 10**6:06d}")
    CloseCode(page).refuses("Ce code n’est pas le bon").enter(code)
    Close(page).shows("Votre espace sera effacé le")


def test_new_terms_come_before_the_space(stage, page, scripts):
    stage.has_older_terms()
    sign_in(stage, page)
    walk(NEW_TERMS, stage, page, *witnesses(page, scripts, "new-terms"))


def test_who_declines_them_may_still_leave_with_the_data(stage, page, scripts):
    stage.has_older_terms()
    sign_in(stage, page)
    walk(DECLINE_TERMS, stage, page, *witnesses(page, scripts, "decline"))
    Declined(page).follow("Emporter mes données")
    AllMyData(page).shows(ODILE.email).press_first("link", "Retour à Mes données")
    MyData(page).shows().follow("Fermer mon espace")
    Close(page).shows().follow("Mon espace")
    NewTerms(page).shows().accept()
    Space(page).shows("Merci")


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_on_postgresql_too(stage, phone):
    stage.has_older_terms()
    sign_in(stage, phone)
    walk(NEW_TERMS, stage, phone, OneRoundTrip(phone))
    walk(MY_DATA, stage, phone)
    Space(phone).open()
    walk(CLOSE, stage, phone, OneRoundTrip(phone))
    stage.clock.advance(days=7, seconds=1)
    stage.purges()
    assert stage.mails(ODILE.email, GONE) == 1
