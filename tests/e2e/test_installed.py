"""On the home screen: the page without network, nothing private kept, a new version at once."""

import pytest

from player.members import ODILE
from player.screens.home import Home
from player.screens.sign_in import SignIn
from player.screens.space import Space
from player.walk import walk
from webapp.rules.procedure import SIGN_IN

SETTLED = """(found) => new Promise((done) => {
  const worker = found.installing || found.waiting || found.active;
  const tell = () => ['activated', 'redundant'].includes(worker.state) && done(worker.state);
  worker.onstatechange = tell;
  tell();
})"""
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


def test_a_proxy_s_own_page_is_never_kept_as_the_page_without_network(phone):
    """While the portal is away, the worker is not installed; it is at the next visit."""
    bad = {"status": 502, "content_type": "text/html", "body": "<h1>502 Bad Gateway</h1>"}
    phone.context.route("**/hors-ligne", lambda route: route.fulfill(**bad))
    SignIn(phone).open()
    refused = phone.evaluate(f"navigator.serviceWorker.register('/sw.js').then({SETTLED})")
    assert refused == "redundant"
    phone.context.unroute("**/hors-ligne")
    SignIn(phone).open()
    phone.evaluate(READY)
    assert "/hors-ligne" in phone.evaluate(KEPT)
