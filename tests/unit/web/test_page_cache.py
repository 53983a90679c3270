"""Screens that are rendered once a process: each visitor finds their own facts in them, and
nothing of another's."""

import re
from dataclasses import dataclass
from datetime import date

import pytest
from jinja2 import ChoiceLoader, DictLoader, Environment, StrictUndefined, UndefinedError
from sqlalchemy import update

from player.members import ODILE, RENE
from tests.visitors import Progress
from webapp.models import RollEntry
from webapp.rules.moments import day
from webapp.web import page_cache, screens, slots
from webapp.web.page_cache import PageCache
from webapp.web.slots import FactOutsideSlot, asked_anew, deferred

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
CHALLENGE = re.compile(r'challenge(?:" value="|&#34;:&#34;)([^"&]+)')
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
    return CHALLENGE.sub("", TOKEN.sub("", page))


def plainly(app, ask):
    """What `ask` answers when nothing is kept."""
    app.jinja_env.auto_reload = True
    try:
        return ask()
    finally:
        app.jinja_env.auto_reload = False


def call_odile(town, name):
    town.work.db.execute(
        update(RollEntry).where(RollEntry.number == ODILE.number).values(last_name=name)
    )
    town.work.settle()


@pytest.mark.parametrize("address", STRANGERS)
def test_two_strangers_get_the_same_page_with_tokens_of_their_own(app, address):
    pages = [app.test_client().get(address).text for _ in range(3)]
    tokens = [TOKEN.findall(page) for page in pages]
    assert len({token for each in tokens for token in each}) == 3
    challenges = [CHALLENGE.findall(page) for page in pages]
    assert len({each for found in challenges for each in found}) == sum(map(len, challenges))
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


@dataclass
class Member:
    """Somebody of whom a page says something."""

    name: str = "Odile"
    devices: int = 0
    closing_at: date | None = None
    factors: str = ""
    is_well: bool = True


class Cached:
    """A template shown from the cache, and how often it was rendered."""

    def __init__(self, source: str, **functions):
        environment = Environment(autoescape=True, undefined=StrictUndefined)
        environment.filters.update(slot=slots.slot, keyed=slots.keyed, day=deferred(day))
        environment.globals.update(functions)
        self._template = environment.from_string(source)
        self._pages, self.rendered = PageCache(), 0

    def shown(self, **context) -> str:
        def render(facts):
            self.rendered += 1
            return self._template.render(facts)

        return self._pages.page("page", context, render)


def test_a_fact_in_its_slot_is_the_visitor_s_own_and_the_page_is_rendered_once():
    page = Cached("{{ me.name|slot }}, {{ me.devices|slot }}!")
    assert page.shown(me=Member("Odile", 1)) == "Odile, 1!"
    assert page.shown(me=Member("<b>", 2)) == "&lt;b&gt;, 2!"
    assert page.rendered == 1


def test_a_filter_before_the_slot_is_applied_at_each_answer():
    page = Cached("{% if me.closing_at %}{{ me.closing_at|day|slot }}{% else %}open{% endif %}")
    shown = [page.shown(me=Member(closing_at=date(2026, 12, each))) for each in (1, 2)]
    assert shown == ["1er\u00a0décembre 2026", "2\u00a0décembre 2026"]
    assert page.shown(me=Member()) == page.shown(me=Member()) == "open" and page.rendered == 2


@pytest.mark.parametrize(
    ("condition", "yes", "no"),
    [
        ("me.devices", Member(devices=3), Member(devices=0)),
        ("me.devices == 1", Member(devices=1), Member(devices=2)),
        ("me.devices != 1", Member(devices=2), Member(devices=1)),
        ("'p' in me.factors", Member(factors="ap"), Member(factors="a")),
        ("me.closing_at is none", Member(), Member(closing_at=date(2026, 12, 1))),
        ("me.is_well", Member(is_well=True), Member(is_well=False)),
        ("me.name and not me.devices", Member(), Member(devices=1)),
    ],
)
def test_a_page_is_kept_for_those_of_whom_its_questions_have_the_same_answers(condition, yes, no):
    page = Cached(f"{{% if {condition} %}}yes{{% else %}}no{{% endif %}}")
    assert [page.shown(me=each) for each in (yes, no, yes, no)] == ["yes", "no", "yes", "no"]
    assert page.rendered == 2


def test_a_page_is_kept_for_each_value_that_is_keyed():
    page = Cached("{{ 'version ' ~ me.name|keyed }}")
    shown = [page.shown(me=Member(name)) for name in ("one", "two", "one")]
    assert shown == ["version one", "version two", "version one"] and page.rendered == 2


def test_a_function_of_templates_is_asked_at_each_answer():
    counter = iter(range(9))
    page = Cached("{{ late()|slot }}", late=asked_anew(lambda: str(next(counter))))
    assert len({page.shown() for _ in range(3)}) == 3


@pytest.mark.parametrize(
    "misuse",
    [
        "{{ me.name }}",
        "{{ 'Bonjour ' ~ me.name }}",
        "{{ me.name|upper }}",
        "{{ me.name|slot|upper }}",
        "{{ me.name|length }}",
        "{{ '%s' % me.name }}",
        "{{ me.name|slot ~ me.name }}",
        "{{ me.devices + 1 }}",
        "{% if me.devices > 1 %}yes{% endif %}",
        "{% for sign in me.name %}{{ sign }}{% endfor %}",
        "{% if me.name == other.name %}yes{% endif %}",
        "{{ [me.name]|join(', ') }}",
        "{{ names[me.name] }}",
        "{% for value in {'name': me.name}.values() %}{{ value }}{% endfor %}",
    ],
)
def test_a_fact_that_would_stay_in_the_next_visitor_s_page_is_refused(misuse):
    page = Cached(misuse, names={"Odile": 1})
    with pytest.raises((FactOutsideSlot, TypeError, UndefinedError)):
        page.shown(me=Member(), other=Member())


def with_screen(app, body):
    """The application with this screen in place of a cached one, and as one that is not cached."""
    screen = f"{{% extends layout %}}{{% block screen %}}<h1>{body}</h1>{{% endblock %}}"
    own = DictLoader({"space/page.html": screen, "rare/page.html": screen})
    app.jinja_env.loader = ChoiceLoader([own, app.jinja_loader])
    return app.test_request_context("/")


def test_a_cached_screen_that_forgets_a_slot_is_refused(own_app):
    with with_screen(own_app, "{{ email }}"):
        with pytest.raises(FactOutsideSlot, match="email"):
            screens.show("space/page.html", email=ODILE.email)
        assert ODILE.email in screens.show("rare/page.html", email=ODILE.email)


@pytest.mark.parametrize("name", ["g", "request", "session"])
def test_a_cached_screen_reads_nothing_of_the_request_by_itself(own_app, name):
    with with_screen(own_app, f"{{{{ {name} }}}}"):
        with pytest.raises(UndefinedError, match=name):
            screens.show("space/page.html")
        assert screens.show("rare/page.html")


def test_every_cached_screen_is_there(app):
    assert set(app.jinja_env.list_templates()) >= page_cache.CACHED


def test_no_more_are_kept_than_a_process_needs():
    page = Cached("{{ me.name|keyed }}")
    for name in range(page_cache.MOST + 1):
        page.shown(me=Member(str(name)))
    assert page.shown(me=Member("0")) == "0" and page.rendered == page_cache.MOST + 1
    last = str(page_cache.MOST)
    assert page.shown(me=Member(last)) == last and page.rendered == page_cache.MOST + 2
