"""Pages that belong to nobody."""

import pytest

from tests.checked_client import TOKEN, CheckedClient, tree, words
from tests.visitors import Progress, Town
from webapp.rules import procedure as procedures
from webapp.rules.procedure import PROCEDURES
from webapp.rules.retention import SHOWN
from webapp.web.headers import FOUND
from webapp.web.home import conformity
from webapp.web.home import help as help_page


def test_the_home_page_leads_to_the_space_at_the_top(client: CheckedClient) -> None:
    page = tree(client.get("/").text)
    header = next(page.iter("header"))
    tabs = {each.text: each.get("href") for each in header.iter("a")}
    assert tabs["Espace adhérents SMIE"] == "/connexion"


@pytest.mark.parametrize("path", ["/", "/connexion", "/inscription", "/nulle-part", "/aide"])
def test_every_page_offers_the_same_help_at_the_same_place(
    client: CheckedClient, path: str
) -> None:
    footer = next(tree(client.get(path).text).iter("footer"))
    assert [each.get("href") for each in footer.iter("a")] == [
        *("tel:+33199001234", "/aide", "/cgu", "/accessibilite"),
        *("/mentions-legales", "/donnees-personnelles", "/plan-du-site"),
    ]
    words = " ".join("".join(footer.itertext()).split())
    assert "Une question ? 01 99 00 12 34, du lundi au vendredi, de 9 h à 18 h" in words


def test_the_home_page_alone_says_the_state_of_accessibility(client: CheckedClient) -> None:
    """As the law asks; elsewhere the link is enough."""
    state = conformity.read()["state"]
    said = {path: f"Accessibilité : {state}" in typed(client, path) for path in ("/", "/aide")}
    assert said == {"/": True, "/aide": False}


def typed(client: CheckedClient, path: str) -> str:
    """The page with plain spaces."""
    return client.get(path).text.replace("\u00a0", " ")


def test_who_is_signed_in_finds_the_space_and_the_way_out_on_every_page(town: Town) -> None:
    browser = town.browser(Progress.MEMBER)
    for path in ("/", "/aide", "/espace", "/espace/securite/email", "/plan-du-site"):
        header = next(tree(browser.get(path).text).iter("header"))
        links = [(each.text, each.get("href")) for each in header.iter("a")]
        assert ("Mon espace", "/espace") in links
        assert [each.text for each in header.iter("button")] == ["Me déconnecter"]
    assert "Je crée mon compte" not in browser.get("/").text
    answer = browser.submit("/deconnexion", {}, page="/aide")
    assert answer.headers["Location"].startswith("/connexion")
    assert "Me déconnecter" not in browser.get("/").text


def test_an_error_page_asks_nobody_who_is_there(town: Town) -> None:
    header = next(tree(town.browser(Progress.MEMBER).get("/nulle-part").text).iter("header"))
    assert "Espace adhérents SMIE" in "".join(header.itertext())


def test_the_site_map_leads_to_pages_that_are_there(town: Town) -> None:
    browser = town.browser(Progress.MEMBER)
    main = next(tree(browser.get("/plan-du-site").text).iter("main"))
    told = {each.get("href") for each in main.iter("a")}
    assert {*FOUND} - {"/plan-du-site"} <= told
    assert {browser.get(path).status_code for path in told} <= {200, 303}


def test_help_begins_with_how_to_reach_us_then_four_questions(client: CheckedClient) -> None:
    main = next(tree(client.get("/aide").text).iter("main"))
    titles = ["".join(each.itertext()) for each in main.iter("h2")]
    assert titles[:5] == [
        *("Nous joindre", "Créer mon espace", "Me connecter", "Le message n’arrive pas"),
        "Mot de passe ou boîte mail perdus",
    ]
    anchors = [each.get("href") for each in main.iter("a")][2:6]
    ids = {each.get("id") for each in main.iter("h2")}
    assert {each[1:] for each in anchors} < ids


def test_help_tells_each_procedure_once_and_no_steps_twice(client: CheckedClient) -> None:
    asked = [each for groups in help_page.ASKED.values() for group in groups for each in group]
    assert sorted(each.key for each in asked) == sorted(each.key for each in PROCEDURES)
    text = typed(client, "/aide")
    assert text.count(procedures.ACTIVATION.steps[3].do) == 1
    assert text.count("Étapes 1 à 7 : comme dans « Créer mon espace ».") == 1


def test_who_publishes_the_site_is_told_from_the_brand(client: CheckedClient) -> None:
    text = client.get("/mentions-legales").text
    for told in ("livre II", "SIREN 000 000 000", "Camille Exemple", "Hébergeur Exemple"):
        assert told in text


def test_what_is_kept_of_members_can_be_read_without_signing_in(client: CheckedClient) -> None:
    text = client.get("/donnees-personnelles").text
    read = words(text)
    assert SHOWN and all(" ".join(each.what.split()) in read for each in SHOWN)
    assert "dpo@example.org" in text


def test_the_help_page_tells_the_steps_as_on_paper(client: CheckedClient) -> None:
    text = client.get("/aide").text
    read = words(text)
    for procedure in PROCEDURES:
        for step in procedure:
            assert step.do in read
            assert f'<li value="{step.number}">' in text


def test_the_terms_can_be_read_without_registering(client: CheckedClient) -> None:
    assert "Conditions générales d’utilisation" in client.get("/cgu").text


def test_health_says_ok_and_nothing_else(client: CheckedClient) -> None:
    answer = client.get("/sante")
    assert (answer.status_code, answer.text, answer.mimetype) == (200, "ok", "text/plain")


def test_search_engines_are_told_what_is_before_the_space(client: CheckedClient) -> None:
    told = client.get("/robots.txt").text.splitlines()
    allowed = {line.removeprefix("Allow: ") for line in told if line.startswith("Allow: ")}
    assert allowed == {
        "/$", "/connexion$", "/inscription$", "/mot-de-passe-oublie$", "/aide$", "/cgu$",
        "/accessibilite$", "/mentions-legales$", "/donnees-personnelles$", "/plan-du-site$",
        "/static/",
    }  # fmt: skip
    assert told[0] == "User-agent: *"
    assert told[-1] == "Disallow: /"


def test_a_forgotten_password_is_answered_the_same_for_everybody(town: Town) -> None:
    pages = [town.browser(stage).get("/mot-de-passe-oublie").text for stage in Progress]
    screens = [page.split('<div id="screen">')[1].split("<footer")[0] for page in pages]
    texts = {TOKEN.sub("", screen) for screen in screens}
    assert len(texts) == 1


def test_whoever_found_a_weakness_is_told_where_to_write(client: CheckedClient) -> None:
    answer = client.get("/.well-known/security.txt")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    fields = dict(line.split(": ", 1) for line in answer.text.splitlines())
    assert fields["Contact"] == "mailto:adherents@example.org"
    assert fields["Expires"] == "2027-05-30T00:00:00Z"
    assert fields["Canonical"] == "http://localhost/.well-known/security.txt"


def test_a_password_manager_finds_where_a_password_is_changed(town: Town) -> None:
    address = "/.well-known/change-password"
    answer = town.browser(Progress.MEMBER).get(address)
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/espace/securite/mot-de-passe"
    changed = town.browser(Progress.MEMBER).get(address, follow_redirects=True)
    assert "Mot de passe" in changed.text
    stranger = town.browser().get(address, follow_redirects=True)
    assert "Connexion à mon compte" in stranger.text
    unknown = "/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200"
    assert town.browser().get(unknown).status_code == 404


def test_every_link_of_the_site_map_leads_a_member_to_a_page(town: Town) -> None:
    browser = town.browser(Progress.MEMBER)
    (main,) = tree(browser.get("/plan-du-site").text).iter("main")
    addresses = [link.get("href") for link in main.iter("a")]
    assert len(addresses) == 18
    answers = {each: browser.get(each, follow_redirects=True).status_code for each in addresses}
    assert set(answers.values()) == {200}, answers
