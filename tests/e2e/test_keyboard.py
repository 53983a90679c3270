"""Without a mouse: the skip link, the box of the terms, errors, the whole registration."""

from playwright.sync_api import expect

from player.keyboard import Keyboard
from player.members import ODILE
from player.screens.home import Home
from player.screens.mailbox import CONFIRMATION, Mailbox
from player.screens.registration import AboutMe, Finished, Recorded, Terms
from player.screens.sign_in import SecurityCode, SignIn
from player.screens.space import Space
from player.walk import registered, walk
from player.world import PASSWORD
from webapp.rules.procedure import REGISTRATION


def test_the_first_tab_offers_to_skip_to_the_content(stage, page):
    Home(page).open()
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Aller au contenu")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("main").get_by_role("link").first).to_be_focused()


def test_the_terms_scroll_with_the_keyboard(stage, page):
    stage.sends_letter_to()
    walk(REGISTRATION, stage, page, until="about_me")
    box = Terms(page).box
    Keyboard(page).reach(box)
    first = box.get_by_role("heading").first
    expect(first).to_be_in_viewport()
    page.keyboard.press("End")
    expect(first).not_to_be_in_viewport()


def test_the_whole_registration_and_the_first_sign_in(stage, desktop):
    stage.sends_letter_to()
    keys, mailbox = Keyboard(desktop), Mailbox(stage.post_office, ODILE.email)
    home = Home(desktop).open()
    keys.press(desktop.get_by_role("link", name="Espace adhérents SMIE"))
    keys.press(SignIn(desktop).shows().page.get_by_role("link", name="Je crée mon compte"))

    form = AboutMe(desktop).shows()
    keys.fill(form.field("Numéro d’adhérent"), ODILE.number)
    keys.fill(form.field("Code d’accès"), ODILE.access_code)
    keys.fill(form.field("Email"), ODILE.email)
    keys.fill(form.field("Mot de passe"), PASSWORD)
    keys.fill(form.field("Répétez votre mot de passe"), PASSWORD)
    keys.press(form.button("Continuer"))

    terms = Terms(desktop).shows()
    keys.is_at(terms.h1)
    keys.press(terms.field(Terms.tick), "Space")
    keys.press(terms.button("Continuer"))
    keys.is_at(Recorded(desktop).shows().h1)

    desktop.goto(mailbox.confirmation().link)
    keys.press(Finished(desktop).shows().page.get_by_role("link", name="Je me connecte"))
    sign_in = SignIn(desktop).shows()
    keys.fill(sign_in.field("Email"), ODILE.email)
    keys.fill(sign_in.field("Mot de passe"), PASSWORD + "\n")
    code = SecurityCode(desktop).shows()
    keys.is_at(code.h1)
    keys.fill(code.field("Code de sécurité"), mailbox.security_code() + "\n")
    keys.is_at(Space(desktop).shows().h1)
    assert home.heading


def test_after_a_refusal_the_focus_is_on_the_summary_whose_links_lead_to_the_fields(stage, page):
    form = AboutMe(page).open()
    form.go_on()
    form.refuses("Saisissez votre numéro d’adhérent", "Saisissez votre adresse e-mail")
    assert page.evaluate("document.activeElement.textContent").count("à saisir") == 5
    keys = Keyboard(page)
    keys.press(form.summary.get_by_role("link", name="Email"))
    keys.is_at(form.field("Email"))
    expect(form.field("Email")).to_have_accessible_description(
        "Nous y enverrons vos codes de connexion. "
        "Si elle sert déjà à l’espace d’un proche, son accord sera demandé."
        " Erreur : Saisissez votre adresse e-mail, par exemple nom@exemple.fr."
    )


def test_a_password_can_be_shown_and_hidden_again(stage, phone):
    form = AboutMe(phone).open()
    field = form.field("Répétez votre mot de passe")
    field.fill(PASSWORD)
    reveal = phone.get_by_role("button", name="le mot de passe").last
    expect(reveal).to_have_accessible_name("Afficher le mot de passe répété")
    expect(field).to_have_attribute("type", "password")
    reveal.click()
    expect(reveal).to_have_accessible_name("Masquer le mot de passe répété")
    expect(field).to_have_attribute("type", "text")
    expect(phone.get_by_text("Mot de passe visible.")).to_have_attribute("aria-live", "polite")
    reveal.click()
    expect(field).to_have_attribute("type", "password")
    expect(field).to_have_value(PASSWORD)
    expect(phone.get_by_text("Mot de passe masqué.")).to_have_attribute("aria-live", "polite")


def test_a_password_can_be_shown_in_a_page_that_the_browser_translated(stage, phone):
    """Translators put elements of their own around each text."""
    field = SignIn(phone).open().field("Mot de passe")
    reveal = phone.locator(".reveal")
    reveal.evaluate("""button => button.querySelectorAll('span').forEach((each) => {
      each.innerHTML = '<font><font>Show</font></font>';
    })""")
    reveal.click()
    expect(field).to_have_attribute("type", "text")
    expect(reveal).to_contain_text("Masquer")
    reveal.click()
    expect(field).to_have_attribute("type", "password")
    expect(reveal).to_contain_text("Afficher")


def test_without_scripts_no_button_promises_to_show_the_password(stage, open_browser):
    page = open_browser(scripts=False)
    SignIn(page).open()
    expect(page.get_by_role("button", name="Afficher le mot de passe")).to_have_count(0)


def test_a_mail_can_be_confirmed_without_a_mouse_on_another_device(stage, phone, desktop):
    stage.sends_letter_to()
    mail = registered(stage, phone).open_mail(CONFIRMATION)
    desktop.goto(mail.link)
    Keyboard(desktop).press(desktop.get_by_role("button", name="Je valide mon inscription"))
    Keyboard(desktop).is_at(Finished(desktop).shows().h1)
