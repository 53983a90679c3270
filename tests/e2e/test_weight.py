"""What members' phones have to fetch, counted on the wire from the server of production.

A kB is 1,000 bytes, headers included (HTTP/1.1, without TLS) unless a test says otherwise.
"""

import os
import re
import urllib.request
from collections.abc import Iterator

import brotli
import pytest
from playwright.sync_api import Page

from player.browsers import Watch
from player.production import Production
from player.scene import Scene
from player.screens.home import Home
from player.screens.registration import AboutMe
from player.screens.sign_in import SignIn
from player.scripts import SCRIPTS
from player.wire import WEIGHED, Wire
from webapp.rules.procedure import ACTIVATION, SIGN_IN

KB = 1_000
FIRST_LOAD, FIRST_PAGE, PROCEDURE = 10 * KB, 6.5 * KB, 50 * KB
# Each step as HTMX gets it, in bytes. The terms' whole text is in the answer to the first.
STEPS = {"about_me": 6_255, "terms": 1_993, "activate": 1_886, "password": 1_688, "code": 2_000}
STYLES = 6 * KB  # compressed
OUR_SCRIPTS = {"br": 3 * KB, "gzip": 3.5 * KB}  # browsers take Brotli over TLS
OURS = ("portal", "passkey", "awake")
LOADER = 120  # what the page of who arrives fetches our script with, as Brotli
PAINT_AND_SCRIPT = """() => [
  performance.getEntriesByName('first-contentful-paint')[0].startTime,
  performance.getEntriesByType('resource').find(({ name }) => /portal.js$/.test(name)).startTime,
]"""


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Production]:
    with Production(tmp_path_factory.mktemp("production")) as server:
        yield server


@pytest.fixture
def fresh_phone(browser, production, watch: Watch) -> Iterator[Page]:
    context = watch.open(browser, production.url, WEIGHED, scripts=True)
    yield context.new_page()
    context.close()


def test_the_first_load_of_the_sign_in_page_is_light(fresh_phone, capsys):
    wire = Wire(fresh_phone)
    SignIn(fresh_phone).open()
    fresh_phone.wait_for_load_state("networkidle")
    answers = wire.take()
    told(capsys, "first load of /connexion", [(url, size) for _, url, size in answers])

    assert len(answers) <= 4
    assert sum(size for _, _, size in answers) <= FIRST_LOAD
    page = [size for kind, _, size in answers if kind in ("Document", "Stylesheet")]
    assert sum(page) <= FIRST_PAGE


def test_our_script_is_fetched_once_the_page_is_painted(production, fresh_phone):
    SignIn(fresh_phone).open()
    painted, asked = fresh_phone.evaluate(PAINT_AND_SCRIPT)
    assert painted < asked

    with urllib.request.urlopen(f"{production.url}/connexion", timeout=5) as answer:
        page = answer.read().decode()
    [loader] = re.findall("<script data-src=[^>]+>(.*)</script>", page)
    assert len(brotli.compress(loader.encode())) <= LOADER


def test_who_reads_and_follows_links_is_not_sent_htmx(fresh_phone):
    wire = Wire(fresh_phone)
    Home(fresh_phone).open().press_the_tab()
    SignIn(fresh_phone).shows().follow("Je crée mon compte")
    AboutMe(fresh_phone).shows()
    fresh_phone.wait_for_load_state("networkidle")
    assert not [url for _, url, _ in wire.take() if "htmx" in url]

    with fresh_phone.expect_response("**/htmx.min.js"):
        AboutMe(fresh_phone).field("Email").focus()


@pytest.mark.parametrize("coding", ["br", "gzip"])
def test_our_style_sheet_and_scripts_are_small(production, coding):
    """As they leave, headers left aside; scripts that only some pages ask for are counted too."""

    def size(address: str) -> int:
        asked = urllib.request.Request(address, headers={"Accept-Encoding": coding})
        with urllib.request.urlopen(asked, timeout=5) as answer:
            assert answer.headers["Content-Encoding"] == coding
            return len(answer.read())

    known = urllib.request.Request(f"{production.url}/connexion", headers={"Cookie": "session=x"})
    with urllib.request.urlopen(known, timeout=5) as answer:
        page = answer.read().decode()
    style = production.url + re.search(r'"(/static/[^"]+\.css)"', page)[1]
    script = production.url + re.search(r'"(/static/[^"]+/portal\.js)"', page)[1]
    assert size(style) <= STYLES
    ours = sum(size(script.replace("portal", name)) for name in OURS)
    assert ours <= OUR_SCRIPTS[coding]


def test_each_step_is_one_light_answer(production, fresh_phone, capsys):
    """Cold cache, mails left aside."""
    wire, sizes, total = Wire(fresh_phone), {}, 0
    scene = Scene(production, fresh_phone)  # type: ignore[arg-type] - it has the post office
    for step in (*ACTIVATION, *SIGN_IN):
        SCRIPTS[step.key](scene)
        fresh_phone.wait_for_load_state("networkidle")
        answers = wire.take()
        total += sum(size for _, _, size in answers)
        partials = [size for kind, _, size in answers if kind in ("Fetch", "XHR")]
        if partials:
            sizes[step.key] = max(partials)
    told(capsys, "step by step, as HTMX gets it", list(sizes.items()))
    told(capsys, "the whole procedure, all that was fetched", [("", total)])

    assert set(sizes) == set(STEPS)
    assert not {key: size for key, size in sizes.items() if size > STEPS[key]}
    assert total <= PROCEDURE


def told(capsys, title: str, rows: list[tuple[str, int]]) -> None:
    """A small table, for who asked (PICTURES or BENCH)."""
    if not (os.environ.get("PICTURES") or os.environ.get("BENCH")):
        return
    with capsys.disabled():
        print(f"\n{title}")
        for name, size in [*rows, ("total", sum(size for _, size in rows))]:
            print(f"{size:>8,} B  {name}")
