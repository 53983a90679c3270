"""« Vouliez-vous écrire … ? », with HTMX and with scripts off."""

import pytest

from player.members import RENE
from player.screens.mailbox import CONFIRMATION
from player.screens.registration import AboutMe, Recorded, Terms
from player.world import PASSWORD

SLIP, MEANT = "rene@gmial.com", "rene@gmail.com"


@pytest.fixture(autouse=True)
def letter(stage):
    stage.sends_letter_to(RENE)


def asked(page) -> AboutMe:
    form = AboutMe(page).open().fill(RENE, email=SLIP)
    form.go_on()
    return form.notes("Une question", "Vouliez-vous écrire", MEANT)


def retype(form: AboutMe) -> None:
    form.write("Mot de passe", PASSWORD)
    form.write("Répétez votre mot de passe", PASSWORD)


def to_the_mail(stage, page, address: str) -> None:
    Terms(page).shows().accept().go_on()
    Recorded(page).shows(address)
    assert stage.post_office.wait_for(address, CONFIRMATION)


def test_what_was_typed_can_be_kept(stage, page):
    form = asked(page)
    retype(form)
    form.go_on()
    to_the_mail(stage, page, SLIP)


def test_enter_keeps_it_too(stage, page):
    form = asked(page)
    retype(form)
    with form.replaced():
        form.field("Répétez votre mot de passe").press("Enter")
    to_the_mail(stage, page, SLIP)


@pytest.mark.parametrize("retyped", [True, False], ids=["passwords typed", "passwords empty"])
def test_what_is_offered_can_be_taken(stage, page, scripts, retyped):
    """Without scripts the passwords have to be typed again: no page carries them."""
    form = asked(page)
    if retyped:
        retype(form)
    form.submit(f"Oui, prendre {MEANT}")
    if not retyped and not scripts:
        form.notes("C’est noté", "saisir de nouveau votre mot de passe")
        retype(form)
        form.go_on()
    to_the_mail(stage, page, MEANT)
