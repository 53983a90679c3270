"""The desk behind its proxy's sample: who is let in, what they see when the proxy itself answers,
what reaches the desk of where they come from, what is logged."""

import re
import ssl
from collections.abc import Iterator
from html import unescape
from http.client import RemoteDisconnected
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import BrowserContext, Page, expect, sync_playwright
from sqlalchemy import select

from player.browsers import ARGUMENTS, DESKTOP, launch
from player.virtual_authenticator import VirtualAuthenticator
from tests.authenticator import Phone
from tests.checked_client import HX_PARTIAL
from tests.faults.desk_proxy import (
    CALL_CENTRE,
    DESK,
    STRANGER,
    VPN,
    Operator,
    behind_nginx,
    desk_of,
)
from tests.faults.portal import Host, Portal
from tests.faults.proxy import MISSING, NAME, installed
from tests.faults.relay import HOST
from tests.faults.visitor import Answer
from webapp.models import JournalEntry
from webapp.rules.roles import Role

pytestmark = [pytest.mark.long, pytest.mark.skipif(not installed(), reason=MISSING)]
MB = 1024 * 1024
_PARTS = re.compile(r'<li><a href="([^"]+)"')


class Place(NamedTuple):
    """A desk, and where its proxy listens."""

    portal: Portal
    desk: Host
    port: int

    def at_work(self, role: Role, source: str = CALL_CENTRE) -> Operator:
        return Operator(self.portal, self.port, source).comes_to_work(role)


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[Portal]:
    """A portal whose desk alone is started."""
    url = f"sqlite:///{tmp_path / 'portal.sqlite3'}"
    made = Portal(tmp_path, url, WEB_CONCURRENCY="1", PUBLIC_URL=f"https://{NAME}")
    yield made
    made.close()


@pytest.fixture
def desk(portal: Portal) -> Host:
    made = desk_of(portal)
    made.start()
    return made


@pytest.fixture
def place(portal: Portal, desk: Host) -> Iterator[Place]:
    """Both samples, as where the portal's machine has the desk too."""
    with behind_nginx(portal, desk) as port:
        yield Place(portal, desk, port)


@pytest.fixture
def window(place: Place) -> Iterator[BrowserContext]:
    """A workstation's browser, of the VPN's address; it speaks HTTP/2."""
    leads = f"--host-resolver-rules=MAP {DESK}:443 {HOST}:{place.port}"
    with sync_playwright() as playwright:
        browser = launch(playwright, [*ARGUMENTS, leads])
        yield browser.new_context(**DESKTOP, base_url=f"https://{DESK}", ignore_https_errors=True)
        browser.close()


def is_a_page(answer: Answer, status: int, title: str) -> None:
    assert answer.status == status
    assert f"<h1>{title}</h1>" in answer.text and 'lang="fr"' in answer.text
    assert "<script" not in answer.text and "tel:" not in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert "HX-Retarget" not in answer.headers


def is_a_notice(answer: Answer, status: int, title: str) -> None:
    assert answer.status == status
    assert title in answer.text and "<h1" not in answer.text
    assert answer.headers["HX-Retarget"] == "#notice"


def logged(place: Place) -> str:
    return (place.portal.folder / "nginx" / "desk.log").read_text()


@pytest.mark.parametrize("role", Role)
def test_each_role_reaches_its_parts_by_the_proxy(place: Place, role: Role) -> None:
    browser = place.at_work(role)
    parts = _PARTS.findall(browser.get("/").text)
    assert parts
    every = _PARTS.findall(place.at_work(Role.SUPERVISOR).get("/").text)
    for part in {*parts, *every, "/lots/nouveau"}:
        allowed = part in parts or (part == "/lots/nouveau" and "/lots" in parts)
        assert browser.get(part).status == (200 if allowed else 403), part


def test_a_key_enrols_and_opens_the_desk_and_the_journal_knows_from_where(place: Place) -> None:
    """TRUSTED_PROXIES=1: the address that nginx saw, whatever the browser claims."""
    told = place.portal.flask("operators", "add", "a.petit", "--role", "conseiller").stdout
    [link] = re.findall(rf"https://{DESK}(/enrolement/\S+)", told)
    browser = Operator(place.portal, place.port)
    phone = Phone(origin=f"https://{DESK}", host=DESK)
    page = browser.get(link).text
    done = browser.post(link, {"answer": phone.make(_options(page)), **_challenge(page)})
    assert done.leads_to.startswith("/connexion")
    page = browser.get("/connexion").text
    done = browser.post("/connexion", {"answer": phone.sign(_options(page)), **_challenge(page)})
    assert done.leads_to == "/"
    assert "a.petit, conseiller" in browser.get("/").text
    [cookie] = done.headers.get_all("Set-Cookie") or ()
    assert cookie.startswith("__Host-guichet=")
    assert {"Secure", "HttpOnly", "SameSite=Lax"} <= {each.strip() for each in cookie.split(";")}
    with place.portal.engine.connect() as connection:
        asked = select(JournalEntry.origin).where(JournalEntry.event == "operator.signed_in")
        assert connection.execute(asked).scalars().all() == [CALL_CENTRE]
    written = "".join(each.read_text() for each in place.portal.folder.glob("nginx/*.log"))
    assert CALL_CENTRE in written and link.rpartition("/")[2] not in written + place.portal.logs()


def _options(page: str) -> str:
    return unescape(re.findall(r'data-passkey="([^"]+)"', page)[0])


def _challenge(page: str) -> dict[str, str]:
    return {"challenge": re.findall(r'name="challenge" value="([^"]+)"', page)[0]}


def test_who_is_not_on_the_mutual_s_network_is_told_to_turn_the_vpn_on(place: Place) -> None:
    title = "Le guichet ne s’ouvre pas d’ici"
    stranger = place.at_work(Role.SUPERVISOR, STRANGER)
    for path in ("/", "/connexion", "/imports", "/sante"):
        is_a_page(stranger.get(path), 403, title)
    is_a_notice(stranger.post("/chercher/numero", **HX_PARTIAL), 403, title)
    is_a_page(stranger.uploads(b"a" * MB), 403, title)
    assert place.at_work(Role.SUPERVISOR, VPN).get("/").status == 200


def test_what_is_for_inside_is_not_for_operators(place: Place) -> None:
    assert place.at_work(Role.SUPERVISOR).get("/metrics").status == 404
    assert place.at_work(Role.SUPERVISOR).get("/desk.403.page.html").status == 404


def asked(place: Place, asks_by: str, names: str, source: str = CALL_CENTRE) -> object:
    """The status of the sign-in page, asked so (SNI, Host); how it failed."""
    browser = Operator(place.portal, place.port, source)
    browser.asks_by, browser.names = asks_by, names
    try:
        return browser.get("/connexion").status
    except ssl.SSLError as refused:
        return refused.reason
    except RemoteDisconnected:
        return "cut"


def test_on_the_portal_s_own_machine_each_name_leads_to_its_own(place: Place) -> None:
    """The portal is away (502): what it would have answered is no page of the desk's."""
    assert asked(place, DESK, DESK) == 200
    assert asked(place, DESK, NAME) == asked(place, NAME, NAME) == 502
    assert asked(place, NAME, DESK, STRANGER) == 403, "no way around the list by the other's name"
    assert asked(place, DESK, "127.0.0.1:8010") == "cut"
    assert asked(place, "localhost", DESK) == "TLSV1_UNRECOGNIZED_NAME"


def test_on_a_machine_of_its_own_the_desk_answers_to_its_name_alone(
    portal: Portal, desk: Host
) -> None:
    with behind_nginx(portal, desk, alone=True) as port:
        place = Place(portal, desk, port)
        assert asked(place, DESK, DESK) == 200
        for name in (NAME, "127.0.0.1:8010", "localhost"):
            assert asked(place, DESK, name) == 400
            assert asked(place, DESK, name, STRANGER) == 403


def test_a_roll_that_is_too_large_is_told_in_words(place: Place) -> None:
    browser = place.at_work(Role.LETTERS)
    browser.get("/imports")
    answer = browser.uploads(b"a" * (32 * MB))
    is_a_page(answer, 413, "Ce que vous avez envoyé est trop gros")
    assert "Un fichier des adhérents pèse 32" in answer.text


def test_a_roll_as_large_as_the_desk_takes_comes_through(place: Place) -> None:
    browser = place.at_work(Role.LETTERS)
    browser.get("/imports")
    filler = b"numero_adherent;nom\n" + b"a" * (32 * MB - 2_000)
    answer = browser.uploads(filler)
    assert answer.status == 422, "taken, read, and no roll"
    assert "Pourquoi ce fichier n’est pas lu" in answer.text


def test_a_roll_of_who_was_away_too_long_leads_to_the_sign_in(place: Place) -> None:
    """Straight to the desk as well, which must have read it: nginx does not read before it has sent
    the whole."""
    for port, asks_by in ((place.port, DESK), *[(place.desk.port, HOST)] * 5):
        browser = Operator(place.portal, port)
        browser.asks_by = asks_by
        assert browser.uploads(b"a" * (20 * MB)).leads_to.startswith("/connexion")


def test_any_other_form_is_as_small_as_the_portal_s(place: Place) -> None:
    browser = place.at_work(Role.LETTERS)
    for path in ("/imports/x/importer", "/lots/nouveau", "/chercher/numero"):
        answer = browser.request("POST", path, b"a" * 70_000)
        is_a_page(answer, 413, "Ce que vous avez envoyé est trop gros")


def test_too_much_at_once_is_told_too(place: Place) -> None:
    answers = Operator(place.portal, place.port, STRANGER).floods("/", 900)
    assert set(answers) == {403, 429}
    refused = answers[429]
    is_a_page(refused, 429, "Trop de demandes à la fois")
    assert refused.headers["Retry-After"] == "30"
    assert "limits=REJECTED" in logged(place)


def test_in_a_browser_a_key_opens_the_desk_and_nothing_typed_is_lost_while_it_restarts(
    place: Place, window: BrowserContext
) -> None:
    told = place.portal.flask("operators", "add", "a.petit", "--role", "conseiller").stdout
    page = window.new_page()
    VirtualAuthenticator(page)
    page.goto(re.findall(r"https://\S+/enrolement/\S+", told)[0])
    page.get_by_role("button", name="Enregistrer ma clé").click()
    page.get_by_role("button", name="Me connecter avec ma clé d’accès").click()
    page.get_by_text("a.petit, conseiller").wait_for()
    place.desk.stop()
    number = page.get_by_label("Numéro d’adhérent")
    number.fill("00200101")
    search = page.get_by_role("button", name="Chercher").first
    search.click()
    expect(page.get_by_text("Le guichet ne répond pas pour l’instant")).to_be_visible()
    expect(number).to_have_value("00200101")
    place.desk.start()
    search.click()
    expect(page.get_by_role("heading", level=1, name="Chercher un adhérent")).to_be_visible()
    expect(page.locator("#screen .errors")).to_be_visible()
    assert place.portal.events("desk.sought") == 1


def test_in_a_browser_too_large_a_roll_is_a_page_and_no_cut_connection(
    place: Place, window: BrowserContext, tmp_path: Path
) -> None:
    page = at_imports(place, window)
    large = tmp_path / "adherents.csv"
    large.write_bytes(b"a" * (32 * MB))
    page.get_by_label("Fichier des adhérents").set_input_files(large)
    page.get_by_role("button", name="Déposer et vérifier").click()
    expect(page.get_by_text("Un fichier des adhérents pèse 32")).to_be_visible()


def at_imports(place: Place, window: BrowserContext) -> Page:
    browser = place.at_work(Role.LETTERS)
    window.add_cookies(
        [{"name": name, "value": value, "url": f"https://{DESK}", "secure": True}
         for name, value in browser.cookies.items()]
    )  # fmt: skip
    page = window.new_page()
    page.goto("/imports")
    return page
