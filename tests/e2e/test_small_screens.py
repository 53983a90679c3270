"""At 320 pixels, and there with letters twice as large: nothing runs out of the screen."""

import pytest
from playwright.sync_api import Page, expect

from player.members import ODILE
from player.screens.home import Accessibility, Help, Home, NotFound, TermsToPrint
from player.screens.mailbox import CONFIRMATION
from player.screens.recovery import Forgotten, Sent
from player.screens.registration import AboutMe, AlreadyMember, InProgress, Link, Over, Recorded
from player.screens.sign_in import SecurityCode, SignIn
from player.screens.space import Space
from player.walk import registered, signed_in, walk
from webapp.rules.procedure import RECOVERY, REGISTRATION, SIGN_IN, Step

SMALL = {"viewport": {"width": 320, "height": 640}}
WIDE_THINGS = """() => [...document.querySelectorAll('body *')]
  .filter((each) => each.getBoundingClientRect().right > innerWidth + 1 && each.checkVisibility())
  .map((each) => each.outerHTML.slice(0, 80))"""

MOVED = """() => new Promise((told) => {
  const seen = [];
  new PerformanceObserver((list) => seen.push(...list.getEntries().map((each) =>
    each.sources.map(({ node }) => node && (node.id || node.nodeName)).join())))
    .observe({ type: 'layout-shift', buffered: true });
  setTimeout(() => told(seen), 200);
})"""


@pytest.fixture
def small(open_browser) -> Page:
    return open_browser(SMALL)


def fits(page: Page, name: str) -> None:
    """Nothing sticks out, at 100 % and at 200 %."""
    for percent in ("200%", "100%"):
        page.evaluate("size => { document.documentElement.style.fontSize = size }", percent)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 320, f"{name} at {percent}: {wide}, {page.evaluate(WIDE_THINGS)}"


def fits_after(step: Step, page: Page) -> None:
    """Witness of every step."""
    fits(page, step.key)


def test_the_screens_of_the_procedure(stage, small):
    stage.sends_letter_to()
    walk(REGISTRATION, stage, small, fits_after)
    walk(SIGN_IN, stage, small, fits_after, remember=True)
    small.reload()
    fits(small, "space with a device")
    small.context.clear_cookies()
    walk(RECOVERY, stage, small, fits_after)


@pytest.mark.parametrize(
    "screen",
    [Home, Help, Forgotten, Sent, Accessibility, TermsToPrint, NotFound],
    ids=lambda s: s.path,
)
def test_the_pages_that_belong_to_nobody(stage, small, screen):
    screen(small).open()
    fits(small, screen.path)


def test_the_refused_forms(stage, small):
    stage.has_account_of(ODILE)
    AboutMe(small).open().go_on()
    AboutMe(small).refuses()
    fits(small, "about me")
    SignIn(small).open().fill(ODILE.email, "pas le bon mot de passe").go_on()
    SignIn(small).refuses()
    fits(small, "sign in")
    walk(SIGN_IN, stage, small, until="password")
    SecurityCode(small).enter("")
    SecurityCode(small).refuses()
    fits(small, "security code")


def test_the_screens_beside_the_way(stage, small, open_browser):
    stage.sends_letter_to()
    mail = registered(stage, small).open_mail(CONFIRMATION)
    Recorded(small).page.get_by_text("L’adresse n’est pas la bonne ?").click()
    fits(small, "change of address")
    SignIn(small).open().fill(ODILE.email).go_on()
    InProgress(small).shows()
    fits(small, "in progress")
    other = open_browser(SMALL)
    other.goto(mail.link)
    Link(other).shows()
    fits(other, "link")
    Link(other).confirm()
    AboutMe(other).open().fill(ODILE).go_on()
    AlreadyMember(other).shows()
    fits(other, "already a member")


def test_a_link_too_late(stage, small):
    stage.sends_letter_to()
    mail = registered(stage, small).open_mail(CONFIRMATION)
    stage.clock.advance(hours=25)
    small.goto(mail.link)
    Over(small).shows()
    fits(small, "over")


def test_the_warning_of_a_session(stage, small):
    stage.has_account_of(ODILE)
    small.clock.install()
    signed_in(stage, small)
    Space(small).watches()
    small.clock.fast_forward(28 * 60_000)
    Space(small).warning.wait_for()
    fits(small, "session warning")


@pytest.mark.parametrize("screen", [SignIn, AboutMe], ids=lambda s: s.path)
def test_nothing_moves_when_scripts_come_late(small, screen):
    """On a slow network the page shows first; what a script then shows has its place already."""
    small.route("**/portal.js", lambda route: (small.wait_for_timeout(600), route.continue_()))
    screen(small).open()
    expect(small.get_by_role("button", name="Afficher").first).to_be_visible()
    assert small.evaluate(MOVED) == []
    small.unroute_all(behavior="wait")
