"""A registration that went wrong is mended by its member, without calling anyone."""

from dataclasses import replace

from player.members import ODILE
from player.screens.mailbox import CONFIRMATION, Mailbox
from player.screens.registration import AboutMe, AlreadyMember, Over, Recorded, Terms, Waits
from player.scripts.paper import press_the_link
from player.walk import registered, walk
from webapp.rules.procedure import REGISTRATION, SIGN_IN

MISTYPED = replace(ODILE, email="odlie@example.org")


def test_a_mistyped_address_is_mended_by_registering_again_with_the_letter(stage, page):
    stage.sends_letter_to(ODILE)
    first = registered(stage, page, letter=MISTYPED)
    lost = first.open_mail(CONFIRMATION)

    Waits(page).open().for_another_person()
    walk(REGISTRATION, stage, page, letter=ODILE)
    walk(SIGN_IN, stage, page, letter=ODILE)

    page.goto(lost.link)
    Over(page).shows("une demande plus récente")


def test_a_mistyped_address_is_changed_on_screen_7(stage, page):
    stage.sends_letter_to(ODILE)
    registered(stage, page, letter=MISTYPED)
    lost = stage.post_office.wait_for(MISTYPED.email, CONFIRMATION)

    Recorded(page).change_address(ODILE.email)
    Recorded(page).refuses("Saisissez votre code d’accès")
    Recorded(page).change_address(ODILE.email, ODILE.access_code)
    Recorded(page).shows("le message est parti à la nouvelle adresse", ODILE.email)

    page.goto(lost.link)
    Over(page).shows()
    press_the_link(page, Mailbox(stage.post_office, ODILE.email).confirmation())


def test_the_same_address_again_is_no_change(stage, phone):
    stage.sends_letter_to()
    registered(stage, phone)
    Recorded(phone).change_address(ODILE.email, ODILE.access_code)
    Recorded(phone).refuses("l’adresse à laquelle nous avons déjà écrit")
    assert stage.mails(ODILE.email) == 1


def test_the_mail_is_sent_again_once_a_minute_and_the_first_one_stays_good(stage, page):
    stage.sends_letter_to()
    scene = registered(stage, page)
    first = scene.open_mail(CONFIRMATION)

    Recorded(page).send_again()
    Recorded(page).notes("Un instant", "Un message vient de partir")
    assert stage.mails(ODILE.email) == 1

    stage.clock.advance(seconds=61)
    Recorded(page).send_again()
    Recorded(page).shows("un nouveau message est parti")
    assert stage.mails(ODILE.email) == 2

    press_the_link(page, first)


def test_back_to_step_1_a_mistyped_address_is_mended_with_the_letter_alone(stage, page):
    stage.sends_letter_to()
    walk(REGISTRATION, stage, page, letter=MISTYPED, until="about_me")
    Terms(page).follow("Retour")
    AboutMe(page).shows().is_filled_with(MISTYPED)
    AboutMe(page).field("Email").fill(ODILE.email)
    AboutMe(page).go_on()
    AboutMe(page).refuses("Saisissez votre code d’accès").says("Vous changez d’adresse")
    AboutMe(page).write("Code d’accès", ODILE.access_code)
    AboutMe(page).go_on()
    Terms(page).shows().accept().go_on()
    Recorded(page).shows(ODILE.email)
    assert stage.mails(MISTYPED.email) == 0


def test_who_proves_the_letter_of_a_member_is_told_so(stage, phone):
    stage.has_account_of(ODILE)
    AboutMe(phone).open().fill(ODILE).go_on()
    AlreadyMember(phone).shows("Je me connecte", "Mot de passe oublié ?")
