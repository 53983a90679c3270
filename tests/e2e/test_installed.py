"""On the home screen: the page without network, nothing private kept, a new version at once."""

import pytest

from player.members import ODILE
from player.screens.home import Home
from player.screens.sign_in import SignIn
from player.screens.space import Space
from player.walk import walk
from webapp.rules.procedure import SIGN_IN

READY = "() => navigator.serviceWorker.ready.then((found) => found.active.state)"
KEPT = """async () => {
  const names = await caches.keys();
  const lists = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
  return lists.flat().map((request) => new URL(request.url).pathname);
}"""


@pytest.fixture
def at_home(phone):
    """A phone whose service worker is in place."""
    Home(phone).open()
    phone.evaluate(READY)
    return phone


def test_without_network_a_page_says_what_to_do_and_goes_on_when_it_is_back(at_home, watch):
    watch.excused.add("ERR_INTERNET_DISCONNECTED")
    at_home.context.set_offline(True)
    at_home.goto("/connexion")
    at_home.get_by_role("heading", level=1, name="Le site n’est pas joignable").wait_for()
    again = at_home.get_by_role("link", name="Réessayer")
    assert again.evaluate("link => getComputedStyle(link).borderRadius") != "0px", "no style sheet"
    at_home.context.set_offline(False)
    again.click()
    SignIn(at_home).shows()


def test_nothing_private_is_kept(stage, at_home):
    stage.has_account_of(ODILE)
    SignIn(at_home).open()
    walk(SIGN_IN, stage, at_home)
    Space(at_home).shows(ODILE.number)
    at_home.reload()
    kept = at_home.evaluate(KEPT)
    assert "/hors-ligne" in kept
    assert all(each.startswith("/static/") or each == "/hors-ligne" for each in kept)
