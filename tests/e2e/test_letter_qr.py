"""The letter's QR code: number and code are filled in, the member types the rest."""

from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from player.browsers import DESKTOP, PHONE
from player.members import LUCE, ODILE
from player.screens.mailbox import CONFIRMATION
from player.screens.registration import TAKEN, AboutMe, AlreadyMember, Finished, Recorded, Terms
from player.screens.space import Space
from player.scripts.paper import press_the_link
from player.walk import registered, signed_in, walk
from player.world import PASSWORD
from tests.e2e.test_small_screens import MOVED, SMALL
from webapp.rules.credentials import grouped
from webapp.rules.procedure import REGISTRATION, SIGN_IN

PRINTED = grouped(ODILE.access_code)
COUNT_KEYS = """window.keys = 0;
document.addEventListener('keydown', () => { window.keys += 1; }, true);"""


@pytest.fixture
def letter(stage):
    """Odile has her letter in hand."""
    stage.sends_letter_to(ODILE)
    return ODILE


def address(page: Page) -> str:
    """All of it, without the host."""
    return str(page.evaluate("location.href.slice(location.origin.length)"))


@pytest.mark.parametrize("device", [PHONE, DESKTOP], ids=["phone", "computer"])
def test_it_opens_the_registration_with_number_and_code(letter, open_browser, device):
    page = open_browser(device)
    AboutMe(page).open_by_qr(letter).has_taken(letter)
    assert address(page) == "/inscription"
    assert page.evaluate("[history.state, history.length, scrollY]") == [None, 2, 0]
    expect(page.get_by_text(TAKEN)).to_be_in_viewport()
    number = AboutMe(page).field("Numéro d’adhérent")
    expect(number).to_have_accessible_description(TAKEN)


def test_with_scripts_off_the_form_is_empty_as_ever(letter, open_browser):
    page = open_browser(scripts=False)
    AboutMe(page).open_by_qr(letter).is_empty()
    expect(page.get_by_text(TAKEN)).to_be_hidden()
    AboutMe(page).fill(letter).go_on()
    Terms(page).shows()


@pytest.mark.parametrize("device", [SMALL, PHONE, DESKTOP], ids=["small", "phone", "computer"])
def test_nothing_moves_on_the_page_when_they_come_late(letter, open_browser, device):
    page = open_browser(device)
    page.route("**/portal.js", lambda route: (page.wait_for_timeout(600), route.continue_()))
    AboutMe(page).open_by_qr(letter).has_taken(letter)
    assert page.evaluate(MOVED) == []
    page.unroute_all(behavior="wait")


def comes_in(stage, phone, letter):
    """From screen 5, which the letter has filled in, to the space."""
    AboutMe(phone).has_taken(letter).fill_the_rest(letter).go_on()
    Terms(phone).shows().accept().go_on()
    press_the_link(phone, stage.post_office.wait_for(letter.email, CONFIRMATION))
    Finished(phone).follow("Je me connecte")
    walk(SIGN_IN, stage, phone)
    Space(phone).shows(letter.number)


def test_from_the_letter_to_the_space(stage, letter, phone):
    AboutMe(phone).open_by_qr(letter)
    comes_in(stage, phone, letter)


def test_it_takes_at_most_six_tenths_of_the_keys(letter, open_browser, capsys):
    typed, read = open_browser(), open_browser()
    AboutMe(typed).open()
    for label, words in (
        ("Numéro d’adhérent", letter.number),
        ("Code d’accès", PRINTED),
        ("Email", letter.email),
        ("Mot de passe", PASSWORD),
        ("Répétez votre mot de passe", PASSWORD),
    ):
        _types(typed, label, words)

    AboutMe(read).open_by_qr(letter).has_taken(letter)
    read.get_by_role("button", name="Afficher le mot de passe").first.tap()
    for label, words in (("Email", letter.email), ("Mot de passe", PASSWORD)):
        _types(read, label, words)

    counts = [page.evaluate("keys") for page in (typed, read)]
    for page in (typed, read):
        AboutMe(page).go_on()
        Terms(page).shows()
    with capsys.disabled():
        print(f"\nkeys of a registration: typed {counts[0]}, by QR code {counts[1]}")
    assert counts[1] <= 0.6 * counts[0]


def _types(page: Page, label: str, words: str) -> None:
    """Tap the field, then a key a sign."""
    page.evaluate(f"window.keys === undefined && (() => {{ {COUNT_KEYS} }})()")
    AboutMe(page).field(label).tap()
    page.keyboard.type(words)


def test_a_password_that_is_shown_needs_no_repeating(letter, phone):
    form = AboutMe(phone).open_by_qr(letter)
    first, second = form.field("Mot de passe"), form.field("Répétez votre mot de passe")
    first.fill("un début")
    expect(second).to_have_value("")
    phone.get_by_role("button", name="Afficher le mot de passe").first.click()
    expect(second).to_have_value("un début")
    expect(phone.get_by_text("Recopié dans le champ suivant.")).to_be_visible()
    first.fill(PASSWORD)
    expect(second).to_have_value(PASSWORD)
    phone.get_by_role("button", name="Masquer le mot de passe").click()
    first.fill("autre chose")
    expect(second).to_have_value(PASSWORD)


def test_a_wrong_code_is_refused_as_if_typed(letter, phone, open_browser):
    wrong, typed = replace(letter, access_code="AAAABBBBCCCC"), open_browser()
    AboutMe(typed).open().fill(wrong).go_on()
    AboutMe(phone).open_by_qr(wrong).fill_the_rest(letter).go_on()
    told = [AboutMe(page).refuses("ne vont pas ensemble").summary for page in (typed, phone)]
    assert told[0].inner_text() == told[1].inner_text()
    expect(AboutMe(phone).field("Code d’accès")).to_have_value("AAAA-BBBB-CCCC")
    expect(phone.get_by_text(TAKEN)).to_be_hidden()


def test_a_used_letter_leads_to_the_space_that_is_there(stage, phone):
    stage.has_account_of(ODILE)
    AboutMe(phone).open_by_qr(ODILE).fill_the_rest(ODILE).go_on()
    AlreadyMember(phone).shows()


def test_after_back_nothing_is_filled_in_and_the_address_stays_clean(letter, phone):
    AboutMe(phone).open_by_qr(letter).follow("Annuler")
    phone.go_back()
    AboutMe(phone).shows().is_empty()
    assert address(phone) == "/inscription"
    phone.reload()
    AboutMe(phone).shows().is_empty()


def test_after_back_from_the_terms_the_code_is_not_there_again(letter, phone):
    AboutMe(phone).open_by_qr(letter).fill_the_rest(letter).go_on()
    Terms(phone).shows()
    phone.go_back()
    AboutMe(phone).shows().is_filled_with(letter)
    expect(AboutMe(phone).field("Code d’accès")).to_have_value("")
    assert address(phone) == "/inscription"
    phone.go_forward()
    Terms(phone).shows()


def test_the_next_person_s_letter_starts_clean(stage, letter, phone):
    stage.sends_letter_to(LUCE)
    first = registered(stage, phone).open_mail(CONFIRMATION)
    form = AboutMe(phone).open_by_qr(LUCE).has_taken(LUCE)
    assert address(phone) == "/inscription?autre"
    expect(form.field("Email")).to_have_value("")
    assert letter.number not in phone.content() and letter.email not in phone.content()
    for label in ("Code d’accès", "Mot de passe", "Répétez votre mot de passe"):
        assert form.field(label).get_attribute("aria-required") == "true"
    phone.reload()
    AboutMe(phone).shows().is_empty()

    AboutMe(phone).open_by_qr(LUCE).has_taken(LUCE).fill_the_rest(LUCE).go_on()
    Terms(phone).shows().accept().go_on()
    Recorded(phone).shows(LUCE.email)
    phone.goto(first.link)
    phone.get_by_role("button", name="Je valide mon inscription").click()
    Finished(phone).shows()


def test_one_s_own_letter_again_starts_clean_while_its_registration_waits(stage, letter, phone):
    registered(stage, phone)
    AboutMe(phone).open_by_qr(letter).has_taken(letter)
    expect(AboutMe(phone).field("Email")).to_have_value("")


def test_what_is_missing_for_the_next_person_is_asked_of_them(stage, letter, phone):
    stage.sends_letter_to(LUCE)
    registered(stage, phone)
    AboutMe(phone).open_by_qr(LUCE).has_taken(LUCE).go_on()
    form = AboutMe(phone)
    form.refuses("Saisissez votre adresse e-mail", "Saisissez votre mot de passe")
    assert letter.email not in phone.content()
    expect(form.field("Numéro d’adhérent")).to_have_value(LUCE.number)


def test_one_s_own_letter_again_keeps_what_was_begun(stage, letter, phone):
    walk(REGISTRATION, stage, phone, until="about_me")
    AboutMe(phone).open_by_qr(letter).has_taken(letter).is_filled_with(letter)
    AboutMe(phone).go_on()
    Terms(phone).shows()


def test_a_second_letter_read_into_the_same_tab_takes_the_first_one_s_place(stage, letter, phone):
    """Only what follows « # » changes: no page is loaded, unless ours asks for it."""
    AboutMe(phone).open_by_qr(letter).fill_the_rest(letter)
    phone.evaluate("path => { location.href = path }", LUCE.qr_path)
    AboutMe(phone).shows().has_taken(LUCE)
    expect(AboutMe(phone).field("Mot de passe")).to_have_value("")
    assert address(phone) == "/inscription"


def test_who_is_signed_in_is_told_to_leave_first(stage, phone):
    stage.has_account_of(ODILE)
    signed_in(stage, phone)
    phone.goto(LUCE.qr_path)
    Space(phone).shows(ODILE.number, "Pour inscrire une autre personne, déconnectez-vous")
    assert "#" not in address(phone)


@pytest.mark.parametrize(
    ("told", "number", "code"),
    [
        ("n=00%2B12&c=4F7K%2D9QXM-2T6B", "00+12", "4F7K-9QXM-2T6B"),
        ("c=4F7K-9QXM-2T6B&n=00+12&x=1", "00 12", "4F7K-9QXM-2T6B"),
        ("n=<b>1</b>&c=%22><img/src=x>", "<b>1</b>", '"><img/src=x>'),
        ("n=1&n=2&c=3&c=4", "1", "3"),
        ("n=12&c=" + 99 * "4", "", ""),
        ("n=" + 99 * "1" + "&c=4F7K-9QXM-2T6B", "", ""),
        ("c=4F7K-9QXM-2T6B", "", ""),
        ("n=&c=4F7K-9QXM-2T6B", "", ""),
    ],
)
def test_what_stands_after_the_sign_is_text_and_never_stays(phone, told, number, code):
    form = AboutMe(phone)
    phone.goto(f"/inscription#{told}")
    expect(form.shows().field("Numéro d’adhérent")).to_have_value(number)
    expect(form.field("Code d’accès")).to_have_value(code)
    assert address(phone) == "/inscription"
    assert phone.get_by_text(TAKEN).is_visible() == bool(number)
    assert phone.locator("#screen img, #screen b").count() == 1  # the line that tells of it


def test_any_other_fragment_is_left_alone(phone):
    phone.goto("/inscription#email")
    AboutMe(phone).shows().is_empty()
    assert address(phone) == "/inscription#email"
