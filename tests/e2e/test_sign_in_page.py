"""The sign-in page sends everybody the right way, on the first screen of a phone."""

from playwright.sync_api import Page

from player.browsers import DESKTOP, PHONE
from player.screens.registration import AboutMe
from player.screens.sign_in import SignIn

FIRST, AGAIN = "Je crée mon compte", "Je me connecte"


def boxes(page: Page) -> tuple[dict[str, float], dict[str, float]]:
    """Where the page's two main buttons stand."""
    first = page.get_by_role("link", name=FIRST, exact=True).bounding_box()
    again = page.get_by_role("button", name=AGAIN, exact=True).bounding_box()
    assert first and again
    return first, again


def test_both_main_buttons_are_on_the_first_screen_of_a_phone(stage, page):
    SignIn(page).open()
    first, again = boxes(page)
    email = SignIn(page).field("Email").bounding_box()
    assert first["y"] < email["y"] < again["y"]
    assert again["y"] + again["height"] <= PHONE["viewport"]["height"]


def test_a_desktop_has_them_side_by_side(stage, desktop):
    SignIn(desktop).open()
    first, again = boxes(desktop)
    email = SignIn(desktop).field("Email").bounding_box()
    assert first["x"] >= email["x"] + email["width"]
    assert again["y"] + again["height"] <= DESKTOP["viewport"]["height"]
    assert first["height"] < 60  # its words stand on one line


def test_a_member_number_typed_as_e_mail_leads_to_the_registration(stage, page):
    form = SignIn(page).open().fill("00123456")
    form.go_on()
    form.refuses("C’est votre numéro d’adhérent ?").follow(FIRST)
    AboutMe(page).shows()


def test_show_stands_beside_its_field_on_a_narrow_phone_even_when_it_is_refused(stage, phone):
    form = AboutMe(phone).open()
    form.go_on()
    form.refuses("Saisissez votre mot de passe")
    field = form.field("Mot de passe").bounding_box()
    show = phone.get_by_role("button", name="Afficher").first.bounding_box()
    assert abs(field["y"] - show["y"]) < 5
