"""A space of several: of whom a page speaks is in its address, and nothing of one shows on a page
of another."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit
from xml.etree.ElementTree import Element

import pytest
from flask import Flask
from sqlalchemy import insert, select
from werkzeug.routing import Rule

from player.households import GERARD, SUZANNE, Companion
from player.members import ODILE, Letter, becomes, with_account
from player.world import PASSWORD
from tests.checked_client import HX_PARTIAL, TOKEN, tree
from tests.visitors import Progress, Town
from webapp.models import JournalEntry, StoredSession, TermsAcceptance
from webapp.rules.ranks import ANYONE, Rank
from webapp.rules.statuses import DECEASED, LEFT
from webapp.rules.typography import french
from webapp.web import persons
from webapp.web.slots import FactOutsideSlot, recorded

HOME, DATA, SECURITY = "/espace", "/espace/mes-donnees", "/espace/securite"
ALONE = Letter("0091357", "2K8MX9KD4R8C", "seule@example.org")
FIRST = Companion(ODILE, "Mme", "Odile", "Exemple", "Santé Confort")
EVERYBODY = (FIRST, GERARD, SUZANNE)
BAR = re.compile(r'<div class="whose">.*?</div>\n(?:</nav>.*?</div>\n)?', re.DOTALL)
TITLE = re.compile("<title>(.*?)</title>", re.DOTALL)


@pytest.fixture
def ids(town: Town) -> tuple[int, ...]:
    """Of those who share Odile's space: she herself, Gérard, Suzanne."""
    return town.shared_by(GERARD, SUZANNE)


@pytest.fixture(params=[False, True], ids=["plain", "partial"])
def headers(request: pytest.FixtureRequest) -> dict[str, str]:
    return HX_PARTIAL if request.param else {}


def space_of(rule: Rule, app: Flask) -> bool:
    """Whether a route answers GET and is of the space alone."""
    ranks = vars(app.view_functions[rule.endpoint])["door"].ranks
    return "GET" in (rule.methods or ()) and ranks != ANYONE and Rank.MEMBER in ranks


def pages(app: Flask, rows: dict[str, int]) -> Iterator[str]:
    """The address of each page of the space, with these rows in it."""
    for rule in app.url_map.iter_rules():
        if space_of(rule, app):
            yield re.sub(r"<[^<>]*?(\w+)>", lambda found: str(rows.get(found[1], 1)), rule.rule)


def signed_by(town: Town, ids: tuple[int, ...]) -> list[tuple[int, str]]:
    """A proof of former terms for each, whose version nobody else has; and an event of theirs."""
    account = town.work.db.execute(select(TermsAcceptance.account_id)).scalars().first()
    told = []
    for at, roll_id in enumerate(ids):
        version, hashed = f"2025-1{at}", f"{at}" * 64
        values = {"account_id": account, "roll_id": roll_id, "origin": f"198.51.100.{at + 10}"}
        proof = insert(TermsAcceptance).values(
            version=version, text_hash=hashed, accepted_at=town.work.now, **values
        )
        found = town.work.db.execute(proof.returning(TermsAcceptance.id)).scalar_one()
        event = {"at": town.work.now, "event": "terms.accepted", "facts": {"terms": version}}
        town.work.db.execute(insert(JournalEntry).values(**event, **values))
        told.append((found, version))
    town.work.settle()
    return told


def is_of(href: str, roll_id: int) -> bool:
    return parse_qs(urlsplit(href).query).get("pour") == [str(roll_id)]


def current(bar: Element) -> list[str]:
    """Who is said to be shown."""
    return ["".join(each.itertext()) for each in bar.iter() if each.get("aria-current") == "true"]


def links(text: str) -> Iterator[str]:
    """Where the page's links and forms lead, but for the switch itself."""
    for each in tree(BAR.sub("", text)).iter():
        for name in ("href", "action", "data-hx-post"):
            if value := each.get(name):
                yield value


@pytest.mark.parametrize("at", range(3))
def test_nothing_of_one_shows_on_a_page_of_another(
    town: Town, ids: tuple[int, ...], headers: dict[str, str], at: int
) -> None:
    proofs, browser = signed_by(town, ids), town.browser(Progress.MEMBER)
    visit = select(JournalEntry.id).where(JournalEntry.event == "sign_in.done")
    sign_in = town.work.db.execute(visit).scalars().first()
    town.work.settle()
    rows, seen = {"acceptance_id": proofs[at][0], "entry_id": int(sign_in or 0)}, 0
    for path in sorted(set(pages(town.app, rows))):
        answer = browser.get(path, query_string={"pour": ids[at]}, headers=headers)
        there = answer.headers.get("Location") or answer.headers.get("HX-Redirect")
        if there:
            assert is_of(there, ids[at]), path
            continue
        assert answer.status_code == 200, path
        seen += 1
        text = BAR.sub("", answer.text)
        for other, (_, version) in zip(EVERYBODY, proofs, strict=True):
            strange = (other.letter.number, other.contract, other.first_name, version)
            shows = [each for each in strange if each in text]
            assert other is EVERYBODY[at] or not shows, (path, shows)
        assert EVERYBODY[at].name in TITLE.findall(answer.text)[0], path
        assert f"{EVERYBODY[at].name}</b>" in answer.text, path
    assert seen >= 14


def test_the_file_of_one_s_data_is_theirs(town: Town, ids: tuple[int, ...]) -> None:
    proofs, browser = signed_by(town, ids), town.browser(Progress.MEMBER)
    page, data = f"{DATA}?pour={ids[1]}", f"{DATA}/export.json?pour={ids[1]}"
    told = browser.submit(data, {}, page=page)
    assert told.status_code == 200 and told.json is not None
    assert told.json["member"]["number"] == GERARD.letter.number
    assert [each["version"] for each in told.json["terms"]][-1] == proofs[1][1]
    for other in (0, 2):
        assert proofs[other][1] not in told.text
        assert EVERYBODY[other].letter.number not in told.text
    written = select(JournalEntry.roll_id).where(JournalEntry.event == "data.exported")
    assert town.work.db.execute(written).scalars().all() == [ids[1]]


@pytest.mark.parametrize("at", range(3))
def test_every_link_of_the_space_keeps_the_person_and_no_other_tells_of_them(
    town: Town, ids: tuple[int, ...], at: int
) -> None:
    browser, known = town.browser(Progress.MEMBER), town.app.extensions["portal_space"]
    bind = town.app.url_map.bind("localhost")
    for path in sorted(set(pages(town.app, {}))):
        answer = browser.get(path, query_string={"pour": ids[at]})
        if answer.status_code != 200:
            continue
        for link in links(answer.text):
            inside = False
            if link.startswith("/") and not link.startswith("/static/"):
                method = "POST" if "POST" in bind.allowed_methods(urlsplit(link).path) else "GET"
                inside = bind.match(urlsplit(link).path, method=method)[0] in known
            assert is_of(link, ids[at]) if inside else "pour=" not in link, (path, link)


def test_who_is_shown_is_said_and_another_is_one_tap_away(town: Town, ids: tuple[int, ...]) -> None:
    browser = town.browser(Progress.MEMBER)
    bar = tree(BAR.findall(browser.get(HOME).text)[0])
    found = {"".join(each.itertext()): each.get("href", "") for each in bar.iter("a")}
    assert list(found) == [GERARD.name, SUZANNE.name]
    assert current(bar) == [FIRST.name]
    there = browser.get(found[GERARD.name])
    assert GERARD.letter.number in there.text
    assert current(tree(BAR.findall(there.text)[0])) == [GERARD.name]


def test_signing_in_leads_to_the_first_person_by_name(town: Town, ids: tuple[int, ...]) -> None:
    browser = town.browser(Progress.CODE)
    assert is_of(town.give_code(browser).headers["Location"], ids[0])


@pytest.mark.parametrize("asked", ["999999", "0", "-1", "x", "", "9" * 5000, "²"])
def test_a_person_who_is_not_here_leads_to_the_same_page_without_them(
    town: Town, ids: tuple[int, ...], asked: str, headers: dict[str, str]
) -> None:
    browser = town.browser(Progress.MEMBER)
    answer = browser.get(SECURITY, query_string={"pour": asked, "avant": "3"}, headers=headers)
    there = answer.headers.get("Location") or answer.headers.get("HX-Redirect")
    assert answer.status_code == (200 if headers else 303)
    assert there == f"{SECURITY}?avant=3&fait=plus-ici"
    told = browser.get(there)
    assert "Cette personne n’est plus dans cet espace." in told.text
    assert f"{FIRST.name}</b>" in told.text


def test_a_form_of_a_person_who_is_not_here_does_nothing_and_says_so(
    town: Town, ids: tuple[int, ...], headers: dict[str, str]
) -> None:
    browser = town.browser(Progress.MEMBER)
    token = browser.csrf(f"{SECURITY}?pour={ids[1]}")
    becomes(town.work, LEFT, GERARD.letter)
    everywhere = f"{SECURITY}/deconnecter-partout?pour={ids[1]}"
    answer = browser.post(everywhere, data={"csrf_token": token}, headers=headers)
    there = answer.headers.get("Location") or answer.headers.get("HX-Redirect")
    assert there == f"{HOME}?fait=plus-ici&pour={ids[0]}"
    assert "Cette personne n’est plus dans cet espace." in browser.get(there).text
    assert town.work.db.execute(select(StoredSession.id)).all()


def test_a_space_of_one_s_own_asks_for_nobody(town: Town) -> None:
    browser = town.browser(Progress.MEMBER)
    for path in sorted(set(pages(town.app, {}))):
        text = browser.get(path, follow_redirects=True).text
        assert "pour=" not in text and "whose" not in text, path
    assert browser.get(f"{HOME}?pour=999").headers["Location"] == f"{HOME}?fait=plus-ici"
    own = town.work.db.execute(select(TermsAcceptance.roll_id)).scalar_one()
    town.work.settle()
    assert browser.get(f"{HOME}?pour={own}").status_code == 200  # a bookmark of a former household


@pytest.mark.parametrize(
    ("status", "words"), [(LEFT, "a noté son départ"), (DECEASED, "a noté un décès")]
)
def test_who_is_gone_is_gone_from_the_switch_and_the_home_says_it(
    town: Town, ids: tuple[int, ...], status: str, words: str
) -> None:
    browser = town.browser(Progress.MEMBER)
    becomes(town.work, status, GERARD.letter)
    page = browser.get(HOME).text
    assert GERARD.name not in BAR.findall(page)[0]
    assert french(f"{GERARD.name} n’est plus dans cet espace : votre mutuelle {words}") in page
    becomes(town.work, status, SUZANNE.letter)
    alone = BAR.findall(browser.get(HOME).text)[0]
    assert FIRST.name in alone and "<nav" not in alone


def test_two_tabs_of_two_persons_each_do_what_they_show(
    town: Town, ids: tuple[int, ...], headers: dict[str, str]
) -> None:
    browser = town.browser(Progress.MEMBER)
    tokens = {each: browser.csrf(f"{DATA}?pour={each}") for each in ids[1:]}
    for each, token in reversed(tokens.items()):
        path = f"{DATA}/export.json?pour={each}"
        assert browser.post(path, data={"csrf_token": token}).status_code == 200
    written = select(JournalEntry.roll_id).where(JournalEntry.event == "data.exported")
    assert town.work.db.execute(written.order_by(JournalEntry.id)).scalars().all() == [
        ids[2],
        ids[1],
    ]
    town.work.settle()
    kept = f"{SECURITY}/email/annuler?pour={ids[2]}"
    answer = browser.post(kept, data={"csrf_token": tokens[ids[2]]}, headers=headers)
    there = answer.headers.get("Location") or answer.headers.get("HX-Push-Url")
    assert there is not None and is_of(there, ids[2])
    assert not headers or f"{SUZANNE.name}</b>" in answer.text


def test_a_proof_asked_again_leads_back_to_the_same_person(
    town: Town, ids: tuple[int, ...], headers: dict[str, str]
) -> None:
    browser = town.browser(Progress.MEMBER)
    town.work.world.clock.advance(minutes=11)  # type: ignore[attr-defined]
    asked = browser.get(f"{DATA}/export?pour={ids[1]}").headers["Location"]
    assert is_of(asked, ids[1])
    proof = {"csrf_token": browser.csrf(asked), "present_password": PASSWORD}
    back = browser.post(asked, data=proof, headers=headers)
    there = back.headers.get("Location") or back.headers.get("HX-Push-Url")
    assert there == f"{DATA}/export?pour={ids[1]}"


def test_the_page_cache_stores_nothing_of_a_space_of_several(town: Town) -> None:
    ids = town.shared_by(GERARD)
    with_account(town.work, ALONE)
    town.work.settle()
    several, alone = town.browser(Progress.MEMBER), town.browser()
    town.give_password(alone, ALONE)
    town.give_code(alone)
    first = TOKEN.sub("", alone.get(HOME).text)
    for each in ids * 2:
        shown = several.get(f"{HOME}?pour={each}").text
        assert ALONE.number not in shown
        assert f"{HOME}?pour={each}" in shown
        for open_to_all in ("/inscription/terminee", "/"):
            several.get(open_to_all)
        again = TOKEN.sub("", alone.get(HOME).text)
        assert again == first and "pour=" not in again
    assert "pour=" not in alone.get("/").text


def test_a_page_that_is_cached_for_all_can_t_have_an_address_of_one(
    town: Town, ids: tuple[int, ...]
) -> None:
    browser = town.browser(Progress.MEMBER)
    with browser:
        browser.get(HOME)
        with recorded({}), pytest.raises(FactOutsideSlot):
            persons.in_space(HOME)


def test_what_everybody_shares_is_said_on_the_pages_of_security(
    town: Town, ids: tuple[int, ...]
) -> None:
    browser = town.browser(Progress.MEMBER)
    words = "Ces réglages valent pour tout l’espace"
    for path in (SECURITY, f"{SECURITY}/mot-de-passe", f"{SECURITY}/deuxieme-etape"):
        page = browser.get(f"{path}?pour={ids[1]}").text
        assert words in page
        assert f"{FIRST.name}, {GERARD.name} et {SUZANNE.name}." in page
    assert words not in browser.get(f"{DATA}?pour={ids[1]}").text


def test_namesakes_are_told_apart_by_their_numbers(town: Town) -> None:
    namesake = Companion(
        Letter("0099887", "2K8MX9KD4R8C", ODILE.email), "Mme", "Odile", "Exemple", ""
    )
    town.shared_by(namesake)
    bar = BAR.findall(town.browser(Progress.MEMBER).get(HOME).text)[0]
    assert f"{namesake.name} ({ODILE.number})" in bar
    assert f"{namesake.name} ({namesake.letter.number})" in bar


def test_an_error_in_the_space_keeps_the_person(town: Town, ids: tuple[int, ...]) -> None:
    browser = town.browser(Progress.MEMBER)
    lost = browser.get(f"{DATA}/conditions/999?pour={ids[1]}")
    assert lost.status_code == 404
    assert f"{GERARD.name}</b>" in lost.text
    assert f'href="{HOME}?pour={ids[1]}"' in lost.text


def test_staying_signed_in_is_asked_on_the_page_of_anyone(
    town: Town, ids: tuple[int, ...], headers: dict[str, str]
) -> None:
    browser = town.browser(Progress.MEMBER)
    page = f"{HOME}?pour={ids[1]}"
    answer = browser.post(
        f"{HOME}/prolonger?pour={ids[1]}",
        data={"csrf_token": browser.csrf(page)},
        headers=headers,
    )
    assert answer.status_code == (204 if headers else 303)
    assert headers or answer.headers["Location"] == page
