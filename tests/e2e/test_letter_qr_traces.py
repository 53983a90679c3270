"""What the letter's QR code leaves behind: the code is in the one form that sends it, and nowhere
else, but for the browser's own history (docs/security/threats.md)."""

import pytest
from playwright.sync_api import Page

from player.heard import Heard, holds_code
from player.members import LUCE, ODILE
from player.production import Production
from player.screens.home import Home
from player.screens.registration import AboutMe, Recorded, Terms, Waits
from player.screens.screen import Screen
from player.screens.space import Space
from player.walk import registered, signed_in
from webapp.rules.credentials import grouped

READY = "() => navigator.serviceWorker.ready.then((found) => found.active.state)"
# all that a page of ours could keep, and what the browser tells it of where it is
KEPT = """async () => {
  const caught = [];
  for (const name of await caches.keys()) {
    const store = await caches.open(name);
    for (const request of await store.keys()) {
      caught.push(request.url, await (await store.match(request)).text());
    }
  }
  return JSON.stringify([
    caught, { ...localStorage }, { ...sessionStorage }, await indexedDB.databases(),
    document.cookie, history.state, location.href, document.referrer, name,
    window.navigation ? navigation.entries().map((entry) => entry.url) : [],
  ]);
}"""
NO_NETWORK = "Le site n’est pas joignable"


@pytest.fixture
def heard(stage) -> Heard:
    """All that this stage is asked."""
    return Heard.by(stage)


@pytest.fixture
def letter(stage):
    """Odile has her letter in hand."""
    stage.sends_letter_to(ODILE)
    return ODILE


def _keeps(page: Page, letter) -> bool:
    """Whether the browser keeps the code anywhere that a page of ours can write to or read."""
    kept = page.evaluate(KEPT) + repr(page.context.storage_state(indexed_db=True))
    return holds_code(kept, letter)


@pytest.mark.parametrize("installed", [False, True], ids=["in a tab", "on the home screen"])
def test_the_code_is_in_the_one_form_and_nowhere_else(letter, heard, phone, installed):
    if installed:
        Home(phone).open()
        phone.evaluate(READY)
        phone.reload()
        assert phone.evaluate("!!navigator.serviceWorker.controller")
    AboutMe(phone).open_by_qr(letter).has_taken(letter)
    assert not _keeps(phone, letter)
    AboutMe(phone).fill_the_rest(letter).go_on()
    Terms(phone).shows().accept().go_on()
    Recorded(phone).shows()
    assert not _keeps(phone, letter)
    assert not holds_code(phone.content(), letter)
    phone.go_back()
    Recorded(phone).shows()
    assert not _keeps(phone, letter)

    assert heard.that_hold(letter) == ["POST /inscription body"]
    sent = [headers for asked, headers, _ in heard.requests if asked.startswith("POST")]
    assert len(sent) == 2 and all("HTTP_HX_CURRENT_URL" in headers for headers in sent)


def test_a_refused_form_does_not_carry_it_further(letter, heard, phone):
    AboutMe(phone).open_by_qr(letter).go_on()
    AboutMe(phone).refuses("Saisissez votre adresse e-mail").follow("Annuler")
    Screen(phone).says("Connexion à mon compte")
    assert heard.that_hold(letter) == ["POST /inscription body"]
    assert not _keeps(phone, letter)


def test_inscrire_une_autre_personne_starts_clean(stage, letter, heard, phone):
    stage.sends_letter_to(LUCE)
    registered(stage, phone)
    AboutMe(phone).open_by_qr(LUCE).has_taken(LUCE)
    AboutMe(phone).open_by_qr(letter).has_taken(letter)
    Waits(phone).open().for_another_person()
    AboutMe(phone).shows().is_empty()
    phone.go_back()
    AboutMe(phone).shows().is_empty()
    for each in (letter, LUCE):
        assert not heard.that_hold(each)
        assert not _keeps(phone, each)


def test_nor_does_the_space_to_which_a_member_is_sent(stage, heard, phone):
    """The address keeps what follows « # » when a page sends elsewhere."""
    stage.has_account_of(ODILE)
    signed_in(stage, phone)
    phone.goto(LUCE.qr_path)
    Space(phone).shows("Pour inscrire une autre personne").leave()
    Screen(phone).says("Vous êtes déconnecté")
    assert not heard.that_hold(LUCE)
    assert not _keeps(phone, LUCE)


def test_without_network_it_waits_in_the_address_for_the_next_try(letter, heard, phone, watch):
    watch.excused.add("ERR_INTERNET_DISCONNECTED")
    Home(phone).open()
    phone.evaluate(READY)
    phone.context.set_offline(True)
    phone.goto(letter.qr_path)
    phone.get_by_role("heading", level=1, name=NO_NETWORK).wait_for()
    phone.get_by_role("link", name="Réessayer").click()
    phone.get_by_role("heading", level=1, name=NO_NETWORK).wait_for()
    phone.context.set_offline(False)
    phone.get_by_role("link", name="Réessayer").click()
    AboutMe(phone).shows().has_taken(letter)
    assert not heard.that_hold(letter)
    assert not _keeps(phone, letter)


def test_what_the_browser_itself_remembers_no_page_can_take_back(letter, phone):
    """Told in docs/security/threats.md; the day it fails, tell it there."""
    AboutMe(phone).open_by_qr(letter).has_taken(letter)
    timing = "performance.getEntriesByType('navigation')[0].name"
    assert holds_code(phone.evaluate(timing), letter)
    assert holds_code(phone.evaluate("navigation.activation.entry.url"), letter)


def test_the_server_of_production_writes_it_nowhere(browser, watch, tmp_path):
    """gunicorn as the README starts it, and a browser that names the whole address in a header,
    as one would whose page was not cleaned."""
    with Production(tmp_path) as server:
        context = watch.open(browser, server.url, {}, scripts=True)
        whole = server.url + ODILE.qr_path
        context.set_extra_http_headers({"HX-Current-URL": whole, "Referer": whole})
        page = context.new_page()
        AboutMe(page).open_by_qr(ODILE).has_taken(ODILE).fill_the_rest(ODILE).go_on()
        Terms(page).shows()
        page.goto("/nulle-part")
        context.close()
        log = server.log
    assert '"registration.prove_letter"' in log
    assert not holds_code(log, ODILE)
    assert grouped(ODILE.access_code)[:4] not in log
