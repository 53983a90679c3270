"""Pages that belong to nobody."""

import pytest

from tests.checked_client import TOKEN, CheckedClient, tree
from tests.visitors import Progress, Town
from webapp.rules.procedure import PROCEDURES


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
    assert [each.get("href") for each in footer.iter("a")] == ["/aide", "/cgu", "/accessibilite"]


def test_the_help_page_tells_the_steps_as_on_paper(client: CheckedClient) -> None:
    text = client.get("/aide").text.replace("\u00a0", " ")
    for procedure in PROCEDURES:
        for step in procedure:
            assert step.do in text
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
        "/accessibilite$", "/static/",
    }  # fmt: skip
    assert told[0] == "User-agent: *"
    assert told[-1] == "Disallow: /"


def test_a_forgotten_password_is_answered_the_same_for_everybody(town: Town) -> None:
    pages = [town.browser(stage).get("/mot-de-passe-oublie").text for stage in Progress]
    texts = {TOKEN.sub("", page) for page in pages}
    assert len(texts) == 1


def test_whoever_found_a_weakness_is_told_where_to_write(client: CheckedClient) -> None:
    answer = client.get("/.well-known/security.txt")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    fields = dict(line.split(": ", 1) for line in answer.text.splitlines())
    assert fields["Contact"] == "mailto:adherents@example.org"
    assert fields["Expires"] == "2027-05-30T00:00:00Z"
    assert fields["Canonical"] == "http://localhost/.well-known/security.txt"
