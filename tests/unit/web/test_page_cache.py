"""Screens that are rendered once a process: each visitor finds their own words in them, and nothing
of another's."""

import re

import pytest
from sqlalchemy import update

from player.members import ODILE, RENE
from tests.visitors import Progress
from webapp.models import RollEntry
from webapp.web import page_cache
from webapp.web.page_cache import KeptPages, marks

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
STRANGERS = ("/connexion", "/inscription")
SCREENS = (
    (Progress.STREET, "/connexion"),
    (Progress.STREET, "/inscription"),
    (Progress.DRAFT, "/inscription/cgu"),
    (Progress.RECORDED, "/inscription/confirmation"),
    (Progress.WAITING, "/inscription/en-cours"),
    (Progress.CODE, "/connexion/code"),
    (Progress.MEMBER, "/espace"),
)


def asked(browser, address, partial=False):
    headers = {"HX-Request-Type": "partial"} if partial else {}
    answer = browser.get(address, headers=headers)
    assert answer.status_code == 200
    return answer.text


def like(page):
    """The page without its tokens, which no two answers share."""
    return TOKEN.sub("", page)


def plainly(app, ask):
    """What `ask` answers when nothing is kept."""
    app.jinja_env.auto_reload = True
    try:
        return ask()
    finally:
        app.jinja_env.auto_reload = False


def call_odile(town, name):
    town.work.db.execute(
        update(RollEntry).where(RollEntry.number == ODILE.number).values(first_name=name)
    )
    town.work.settle()


@pytest.mark.parametrize("address", STRANGERS)
def test_two_strangers_get_the_same_page_with_tokens_of_their_own(app, address):
    pages = [app.test_client().get(address).text for _ in range(3)]
    tokens = [TOKEN.findall(page) for page in pages]
    assert len({token for (token,) in tokens}) == 3
    assert len({like(page) for page in pages}) == 1


@pytest.mark.parametrize("partial", [False, True])
@pytest.mark.parametrize(("stage", "address"), SCREENS)
def test_a_kept_page_is_the_page_that_is_rendered(app, town, stage, address, partial):
    browser = town.browser(stage)
    first = asked(browser, address, partial)
    again = asked(browser, address, partial)
    plain = plainly(app, lambda: asked(browser, address, partial))
    assert like(first) == like(again) == like(plain)
    assert all(TOKEN.findall(page) for page in (first, again, plain))
    assert "\ue000" not in again and ("<html" in again) is not partial


def test_so_is_the_page_of_a_link_and_of_its_end(app, town):
    town.register(town.browser())
    browser, link = town.browser(), town.mailed_link()
    pages = [asked(browser, link) for _ in range(2)]
    pages.append(plainly(app, lambda: asked(browser, link)))
    assert len({like(page) for page in pages}) == 1 and f'action="{link}"' in pages[1]
    browser.submit(link, {})
    ends = [asked(browser, link) for _ in range(2)]
    assert len({*ends, plainly(app, lambda: asked(browser, link))}) == 1


def test_words_are_escaped_as_ever(app, town):
    browser = town.browser(Progress.MEMBER)
    asked(browser, "/espace")
    call_odile(town, "Odile <b>\"'& \ue000name\ue001")
    kept = asked(browser, "/espace")
    assert like(kept) == like(plainly(app, lambda: asked(browser, "/espace")))
    assert "Odile &lt;b&gt;&#34;&#39;&amp; \ue000name\ue001" in kept


def test_each_finds_their_own_words(town):
    first, second = town.browser(), town.browser()
    town.register(first, RENE)
    assert RENE.email in asked(first, "/inscription/confirmation")
    town.register(second, RENE, email="autre@example.org")
    page = asked(second, "/inscription/confirmation")
    assert "autre@example.org" in page and RENE.email not in page


def test_what_one_visitor_is_told_the_next_one_is_not(app):
    app.test_client().get("/connexion")
    told = app.test_client().get("/connexion?fait=deconnexion").text
    again = app.test_client().get("/connexion").text
    assert "déconnecté" in told and "déconnecté" not in again


def test_a_page_is_rendered_once_for_each_set_of_words():
    rendered, pages = [], KeptPages({})

    def page(words):
        def render():
            rendered.append(words)
            return "|".join(marks(words).values()) + "!"

        return pages.page("page", words, render)

    assert page({"a": "1", "b": "2"}) == "1|2!"
    assert page({"a": "<", "b": "3"}) == "&lt;|3!"
    assert page({"a": "4", "b": ""}) == "4|!"
    assert len(rendered) == 2


def test_late_words_are_asked_for_at_each_answer():
    counter = iter(range(9))
    pages = KeptPages({"late": lambda: str(next(counter))})
    answers = [pages.page("page", {}, lambda: page_cache.mark("late")) for _ in range(3)]
    assert answers == ["0", "1", "2"]


def test_no_more_are_kept_than_a_process_needs(monkeypatch):
    monkeypatch.setattr(page_cache, "MOST", 1)
    pages = KeptPages({})
    pages.page("first", {}, lambda: "first")
    pages.page("second", {}, lambda: "second")
    assert pages.page("first", {}, lambda: "anew") == "first"
    assert pages.page("second", {}, lambda: "anew") == "anew"
