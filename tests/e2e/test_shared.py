"""A browser that registers is shared with others: the next person finds little there, moves nothing
without the paper letter, and may start clean."""

from dataclasses import replace

from player.members import LUCE, ODILE
from player.screens.mailbox import CONFIRMATION
from player.screens.registration import AboutMe, Finished, InProgress, Recorded, Terms, Waits
from player.screens.sign_in import SignIn
from player.scripts.paper import press_the_link
from player.walk import registered, walk
from player.world import NEW_PASSWORD
from webapp.rules.procedure import REGISTRATION, SIGN_IN

THEIRS = "quelqu.un@example.org"


def test_the_next_person_gets_nothing_of_what_the_first_one_began(stage, page):
    stage.sends_letter_to(ODILE)
    mail = registered(stage, page).open_mail(CONFIRMATION)

    Recorded(page).change_address(THEIRS)
    Recorded(page).refuses("Saisissez votre code d’accès")
    Recorded(page).change_address(THEIRS, LUCE.access_code)
    Recorded(page).refuses("n’est pas celui de votre courrier")
    Waits(page).open()
    assert not any(each in page.content() for each in (ODILE.number, ODILE.email))
    screen = AboutMe(page)
    page.goto("/inscription?autre")
    screen.shows().is_empty()
    screen.fill(replace(ODILE, email=THEIRS), NEW_PASSWORD, access_code="").go_on()
    screen.refuses("Saisissez votre code d’accès")
    screen.says("Vous changez d’adresse ou de mot de passe")
    screen.fill(replace(ODILE, email=THEIRS), NEW_PASSWORD, access_code=LUCE.access_code).go_on()
    screen.refuses("ne vont pas ensemble")
    assert stage.mails(THEIRS) == 0

    press_the_link(page, mail)
    Finished(page).follow("Je me connecte")
    walk(SIGN_IN, stage, page, letter=ODILE)


def test_with_the_letter_another_password_is_chosen_after_retour(stage, page, scripts):
    stage.sends_letter_to(ODILE)
    walk(REGISTRATION, stage, page, until="about_me")
    Terms(page).follow("Retour")
    AboutMe(page).fill(ODILE, NEW_PASSWORD, access_code="").go_on()
    AboutMe(page).refuses("Saisissez votre code d’accès")
    AboutMe(page).write("Code d’accès", ODILE.access_code)
    AboutMe(page).go_on()
    if not scripts:  # no page sends a password back: the browser alone has it still
        AboutMe(page).refuses("Saisissez votre mot de passe")
        AboutMe(page).fill(ODILE, NEW_PASSWORD).go_on()
    Terms(page).shows().accept().go_on()
    mail = stage.post_office.wait_for(ODILE.email, CONFIRMATION)
    press_the_link(page, mail)
    Finished(page).follow("Je me connecte")
    walk(SIGN_IN, stage, page, password=NEW_PASSWORD)


def test_a_couple_registers_one_after_the_other_on_one_device(stage, page):
    stage.sends_letter_to(ODILE)
    stage.sends_letter_to(LUCE)
    first = registered(stage, page, letter=ODILE).open_mail(CONFIRMATION)
    Recorded(page).for_another_person()
    AboutMe(page).shows().is_empty()

    second = walk(REGISTRATION, stage, page, letter=LUCE, until="recorded").open_mail(CONFIRMATION)
    press_the_link(page, second)
    Finished(page).for_another_person()
    AboutMe(page).shows().is_empty()
    page.go_back()
    assert LUCE.email not in page.content()

    page.goto(first.link)
    page.get_by_role("button", name="Je valide mon inscription").click()
    Finished(page).shows()


def test_who_closed_the_page_finds_their_registration_again_and_the_next_one_starts_clean(
    stage, page
):
    stage.sends_letter_to(ODILE)
    stage.sends_letter_to(LUCE)
    registered(stage, page, letter=ODILE)
    Waits(page).open().says("o•••@e•••.org", "heure de Paris")
    Waits(page).see()
    Recorded(page).shows(ODILE.email, "De : SMIE", "Demande de confirmation d’inscription")
    Waits(page).open().for_another_person()
    AboutMe(page).shows().is_empty()
    AboutMe(page).fill(LUCE).go_on()
    Terms(page).shows().accept().go_on()
    Recorded(page).shows(LUCE.email)
    assert stage.mails(ODILE.email, CONFIRMATION) == 1


def test_who_finds_somebody_else_s_page_starts_clean(stage, page):
    stage.sends_letter_to(ODILE)
    walk(REGISTRATION, stage, page, until="about_me")
    AboutMe(page).open().for_another_person()
    AboutMe(page).shows().is_empty()


def test_who_signed_in_to_a_registration_leaves_it(stage, page, open_browser):
    stage.sends_letter_to(ODILE)
    registered(stage, open_browser())
    SignIn(page).open().fill(ODILE.email).go_on()
    InProgress(page).shows().leave()
    SignIn(page).shows("Vous êtes déconnecté")
    page.goto(InProgress.path)
    SignIn(page).shows()
