"""An answer that takes seconds: the pressed button says so at once, a screen reader once."""

import pytest
from playwright.sync_api import Page, expect

from player.members import ODILE
from player.screens.sign_in import SecurityCode, SignIn

SEEN = """() => new Promise((done) => {
  const [button, begun] = [document.querySelector('[type=submit]'), performance.now()];
  const words = [];
  new MutationObserver(() => words.push(document.getElementById('busy').textContent))
    .observe(document.getElementById('busy'), { childList: true });
  let seen = 0;
  const look = () => {
    const { opacity, content } = getComputedStyle(button, '::after');
    if (!seen && opacity === '1' && content.includes('Envoi')) seen = performance.now() - begun;
    const turning = getComputedStyle(button, '::before').animationName.includes('turn');
    if (performance.now() - begun < 1500) requestAnimationFrame(look);
    else done({ seen, words, turning, size: button.getBoundingClientRect().width });
  };
  button.click();
  requestAnimationFrame(look);
})"""


@pytest.fixture
def slow(stage, phone: Page) -> Page:
    """The sign-in page filled in, on a network that answers after two seconds and a half."""
    stage.has_account_of(ODILE)
    SignIn(phone).open().fill(ODILE.email)

    def late(route) -> None:
        phone.wait_for_timeout(2_500)
        route.continue_()

    phone.route("**/connexion", late, times=1)
    return phone


def test_a_form_sent_before_our_script_is_there_leaves_as_without_scripts(stage, phone):
    stage.has_account_of(ODILE)
    asked = []

    def never_answer(route) -> None:
        asked.append(route)

    phone.route("**/portal.js", never_answer, times=1)
    phone.goto("/connexion", wait_until="domcontentloaded")
    SignIn(phone).fill(ODILE.email).go_on()
    SecurityCode(phone).shows()
    assert asked


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_the_pressed_button_says_so_within_300_milliseconds(slow, motion):
    slow.emulate_media(reduced_motion=motion)
    width = slow.get_by_role("button", name="Je me connecte").bounding_box()["width"]
    found = slow.evaluate(SEEN)
    assert 0 < found["seen"] <= 300, "told too late, or never"
    assert found["words"] == ["Envoi en cours…"]
    assert found["turning"] == (motion == "no-preference")
    assert found["size"] == width, "nothing moves under the finger"
    SecurityCode(slow).shows()
    expect(slow.locator("#busy")).to_have_text("")
