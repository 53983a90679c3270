"""The personal space, screen 13, on both databases."""

from player.members import ODILE
from tests.checked_client import HX_PARTIAL, tree
from tests.visitors import Progress, Town
from webapp.models import RollEntry


def test_it_says_who_i_am_and_what_contract_i_have(town: Town) -> None:
    text = town.browser(Progress.MEMBER).get("/espace").text
    for word in (
        "Mon espace",
        ODILE.number,
        ODILE.email,
        "Santé Confort",
        "Bonjour Madame Exemple.",
    ):
        assert word in text
    assert "C’est votre première connexion" in text


def test_it_tells_the_sign_in_before_this_one(town: Town) -> None:
    town.browser(Progress.MEMBER)
    town.work.world.clock.advance(hours=3)  # type: ignore[attr-defined]
    text = town.browser(Progress.MEMBER).get("/espace").text
    assert "Votre connexion précédente" in text
    assert "10\u00a0h\u00a000" in text


def test_it_says_that_all_is_well_and_how_many_devices_are_trusted(town: Town) -> None:
    browser = town.browser()
    town.sign_in(browser, remember=True)
    text = browser.get("/espace").text
    assert "Votre espace est bien protégé" in text
    assert "Un appareil de confiance." in text
    assert 'href="/espace/securite"' in text


def test_wrong_passwords_since_the_sign_in_before_are_told(town: Town) -> None:
    for _ in range(2):
        town.give_password(town.browser(), password="pas le bon mot de passe")
    text = town.browser(Progress.MEMBER).get("/espace").text
    assert "À regarder" in text
    assert "2 mots de passe faux ont été saisis" in text
    assert 'href="/espace/securite/mot-de-passe"' in text
    assert 'href="/espace/securite/historique"' in text
    town.work.world.clock.advance(minutes=1)  # type: ignore[attr-defined]
    town.browser(Progress.MEMBER)
    town.work.world.clock.advance(minutes=1)  # type: ignore[attr-defined]
    assert "bien protégé" in town.browser(Progress.MEMBER).get("/espace").text


def test_a_change_of_address_that_waits_is_told(town: Town) -> None:
    browser = town.browser(Progress.MEMBER)
    town.ask_address(browser)
    text = browser.get("/espace").text
    assert "neuf@example.org" in text
    assert 'href="/espace/securite/email/confirmation">Saisir le code<' in text


def test_nothing_is_said_of_devices_where_there_are_none(town: Town) -> None:
    assert "de confiance" not in town.browser(Progress.MEMBER).get("/espace").text


def test_the_mutual_s_own_services_and_telephone_are_there(town: Town) -> None:
    page = tree(town.browser(Progress.MEMBER).get("/espace").text)
    main = next(page.iter("main"))
    links = {each.get("href"): " ".join(each.itertext()) for each in main.iter("a")}
    said = links["https://remboursements.example.org/"]
    assert "Mes remboursements" in said and "remboursements.example.org" in said
    assert "Autre site" in said
    assert "tel:+33199001234" in links and "mailto:adherents@example.org" in links


def test_the_header_follows_a_sign_in_without_a_new_page(town: Town) -> None:
    """HTMX brings the space into the page that a visitor had: its header comes along."""
    town.partial = True
    browser = town.browser()
    assert "way-in" not in town.give_password(browser).text
    answer = town.give_code(browser).text
    header = answer.split('<div id="way-in" data-hx-swap-oob="innerHTML">')[1]
    assert "Me déconnecter" in header and 'name="csrf_token"' in header
    assert "way-in" not in browser.get("/espace", headers=HX_PARTIAL).text


def test_staying_signed_in_starts_the_idle_time_afresh(town: Town) -> None:
    browser = town.browser(Progress.MEMBER)
    clock = town.work.world.clock
    clock.advance(minutes=29)  # type: ignore[attr-defined]
    browser.submit("/espace/prolonger", {}, page="/espace")
    clock.advance(minutes=29)  # type: ignore[attr-defined]
    assert browser.get("/espace").status_code == 200


def test_the_page_knows_when_the_session_ends(town: Town) -> None:
    browser = town.browser(Progress.MEMBER)
    for _ in range(35):
        town.work.world.clock.advance(minutes=20)  # type: ignore[attr-defined]
        page = tree(browser.get("/espace").text)
    box = next(each for each in page.iter("div") if each.get("id") == "session-end")
    assert (box.get("data-idle"), box.get("data-warn")) == ("1800", "120")
    assert box.get("data-left") == str(20 * 60)
    assert box.get("role") == "dialog"


def test_every_private_page_can_be_left(town: Town) -> None:
    forms = list(tree(town.browser(Progress.MEMBER).get("/espace").text).iter("form"))
    assert "/deconnexion" in {each.get("action") for each in forms}


def test_nothing_private_is_shown_after_signing_out(town: Town) -> None:
    browser = town.browser(Progress.MEMBER)
    browser.submit("/deconnexion", {}, page="/espace")
    for path in ("/", "/connexion", "/espace", "/aide"):
        text = browser.get(path, follow_redirects=True).text
        assert ODILE.email not in text
        assert ODILE.number not in text


def test_what_the_roll_says_is_shown_as_text(town: Town) -> None:
    payload = '"><svg onload=a>{{7*7}}'
    table = RollEntry.__table__
    town.work.db.execute(
        table.update().where(table.c.number == ODILE.number).values(last_name=payload)
    )
    town.work.settle()
    page = tree(town.browser(Progress.MEMBER).get("/espace").text)
    assert payload in "".join(page.itertext())
    assert not [each for each in page.iter("svg") if each.get("onload")]
