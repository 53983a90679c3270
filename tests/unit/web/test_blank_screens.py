"""Screens that are rendered once a process: nothing of one visitor comes to the next."""

import re

import pytest

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
SCREENS = ("/connexion", "/inscription")


@pytest.mark.parametrize("address", SCREENS)
def test_two_strangers_get_the_same_page_with_tokens_of_their_own(app, address):
    pages = [app.test_client().get(address).text for _ in range(3)]
    tokens = [TOKEN.findall(page) for page in pages]
    assert len({token for (token,) in tokens}) == 3
    assert len({page.replace(token, "") for page, (token,) in zip(pages, tokens, strict=True)}) == 1


@pytest.mark.parametrize("address", SCREENS)
def test_the_step_alone_is_another_page_than_the_document(app, address):
    whole = app.test_client().get(address).text
    part = app.test_client().get(address, headers={"HX-Request-Type": "partial"}).text
    assert "<html" in whole and "<html" not in part


def test_what_one_visitor_is_told_the_next_one_is_not(app):
    app.test_client().get("/connexion")
    told = app.test_client().get("/connexion?fait=deconnexion").text
    again = app.test_client().get("/connexion").text
    assert "déconnecté" in told and "déconnecté" not in again
