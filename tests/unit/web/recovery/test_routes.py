"""The screens of a forgotten password, whole and in part."""

import pytest
from werkzeug.test import TestResponse

from player.members import LUCE, ODILE, RENE
from player.statements import Statements
from player.world import NEW_PASSWORD
from tests.checked_client import HX_PARTIAL, TOKEN, CheckedClient, tree
from tests.visitors import Progress, Town
from webapp.models import Account, Recovery

ASK, SENT, DONE = "/mot-de-passe-oublie", "/mot-de-passe-oublie/envoi", "/mot-de-passe-oublie/fait"
CHOOSE, CHANGED = "Choisissez un nouveau mot de passe", "Votre mot de passe est changé"
OVER = "Ce lien n’est plus valable"
PAIRS = [
    {"email": ODILE.email, "number": ODILE.number},
    {"email": "personne@example.org", "number": "0099999"},
    {"email": ODILE.email, "number": RENE.number},
    {"email": LUCE.email, "number": LUCE.number},
]


@pytest.fixture(params=[False, True], ids=["plain", "partial"])
def town(town: Town, request: pytest.FixtureRequest) -> Town:
    """The town, in both shapes."""
    town.partial = request.param
    return town


@pytest.fixture
def link(town: Town) -> str:
    """Odile's link, as it was mailed."""
    return town.recovery_link()


def headings(answer: TestResponse) -> list[str]:
    return [(each.text or "").replace("\u00a0", " ") for each in tree(answer.text).iter("h1")]


def choose(
    town: Town, browser: CheckedClient, link: str, password: str = NEW_PASSWORD, repeat: str = ""
) -> TestResponse:
    """Type the new password twice and press « Enregistrer »."""
    token = browser.csrf("/connexion")
    fields = {"password": password, "password_repeat": repeat or password, "csrf_token": token}
    return browser.post(link, data=fields, headers=HX_PARTIAL if town.partial else {})


def leads_to(town: Town, answer: TestResponse, path: str) -> bool:
    """The next screen: told of by a 303, or there at once."""
    if town.partial:
        return answer.status_code == 200 and answer.headers["HX-Push-Url"] == path
    return answer.status_code == 303 and answer.headers["Location"] == path


def stored(town: Town) -> list[object]:
    """Everything that a link could change."""
    tables = (Account.__table__, Recovery.__table__)
    rows = [tuple(row) for table in tables for row in town.work.db.execute(table.select())]
    town.work.settle()
    return rows


def test_asking_leads_to_the_mailbox(town: Town) -> None:
    assert leads_to(town, town.forget_password(town.browser()), SENT)
    assert [each.name for each in town.mails()] == ["recovery"]


def test_the_answer_is_the_same_whatever_is_true(town: Town) -> None:
    answers = [town.forget_password(town.browser(), **pair) for pair in PAIRS]
    told = {(each.status, TOKEN.sub("", each.text), str(_without_cookie(each))) for each in answers}
    assert len(told) == 1
    assert len({len(each.headers) for each in answers}) == 1


def _without_cookie(answer: TestResponse) -> list[tuple[str, str]]:
    return sorted((name, text) for name, text in answer.headers if name != "Set-Cookie")


def test_beyond_three_links_the_answer_is_still_the_same(town: Town) -> None:
    browser = town.browser()
    assert all(leads_to(town, town.forget_password(browser), SENT) for _ in range(5))
    assert len(town.mails()) == 3


def test_too_many_requests_of_one_origin_are_told(town: Town) -> None:
    browser = town.browser()
    for each in range(20):
        town.forget_password(browser, email=f"personne{each}@example.org")
    answer = town.forget_password(browser)
    assert (answer.status_code, int(answer.headers["Retry-After"]) > 0) == (429, True)
    assert "Trop de demandes depuis votre connexion internet" in answer.text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"email": "", "number": "0012345"}, "0012345"),
        ({"email": "odile", "number": "0012345"}, "odile"),
        ({"email": "odile@example.org", "number": ""}, "odile@example.org"),
        ({"email": "odile@example.org", "number": "?!"}, "?!"),
    ],
)
def test_what_was_typed_is_kept(town: Town, fields: dict[str, str], words: str) -> None:
    answer = town.forget_password(town.browser(), **fields)
    assert answer.status_code == 422
    kept = [each.get("value") for each in tree(answer.text).iter("input")]
    assert words in kept
    assert town.mails() == []


def test_typing_is_forgiven(town: Town) -> None:
    town.forget_password(town.browser(), email=" Odile@Example.org ", number="00 123-45")
    assert [each.to for each in town.mails()] == [ODILE.email]


@pytest.mark.parametrize("verb", ["GET", "HEAD", "OPTIONS"])
def test_opening_the_link_three_times_changes_nothing(town: Town, link: str, verb: str) -> None:
    before = stored(town)
    with Statements(town.work.db.engine) as statements:
        for _ in range(3):
            answer = town.browser().open(link, method=verb, headers={"Purpose": "prefetch"})
            assert answer.status_code == 200
    assert statements.writing == []
    assert stored(town) == before
    assert leads_to(town, choose(town, town.browser(), link), DONE)


def test_the_link_s_address_is_told_to_nobody(town: Town, link: str) -> None:
    browser = town.browser()
    answers = [browser.get(link), browser.head(link), browser.post(link)]
    answers.append(choose(town, browser, link, "trop court"))
    choose(town, browser, link)
    answers += [choose(town, browser, link), browser.get(link)]
    for answer in answers:
        assert answer.headers["Referrer-Policy"] == "no-referrer", answer.status


def test_a_new_password_is_in_force_and_nobody_is_signed_in(town: Town, link: str) -> None:
    browser = town.browser()
    assert leads_to(town, choose(town, browser, link), DONE)
    assert headings(browser.get(DONE)) == [CHANGED]
    assert browser.get("/espace").status_code == 303
    assert town.give_password(browser).status_code == 422
    assert leads_to(town, town.give_password(browser, password=NEW_PASSWORD), "/connexion/code")


def test_who_was_signed_in_there_is_no_longer(town: Town) -> None:
    member = town.browser(Progress.MEMBER)
    link = town.recovery_link()
    token = member.csrf("/espace")
    fields = {"password": NEW_PASSWORD, "password_repeat": NEW_PASSWORD, "csrf_token": token}
    answer = member.post(link, data=fields, headers=HX_PARTIAL if town.partial else {})
    assert leads_to(town, answer, DONE)
    assert member.get("/espace").status_code == 303


@pytest.mark.parametrize(
    ("password", "repeat"), [("", ""), ("trop court", ""), (NEW_PASSWORD, "autre chose")]
)
def test_a_refused_password_is_not_sent_back(
    town: Town, link: str, password: str, repeat: str
) -> None:
    answer = choose(town, town.browser(), link, password, repeat)
    assert answer.status_code == 422
    assert headings(answer) == [CHOOSE]
    for each in tree(answer.text).iter("input"):
        assert each.get("type") != "password" or not each.get("value")
    assert leads_to(town, choose(town, town.browser(), link), DONE)


@pytest.mark.parametrize(("seconds", "title"), [(-1, CHOOSE), (0, OVER)])
def test_it_lives_thirty_minutes(town: Town, link: str, seconds: int, title: str) -> None:
    town.work.world.clock.advance(minutes=30, seconds=seconds)  # type: ignore[attr-defined]
    assert headings(town.browser().get(link)) == [title]


def test_past_its_time_it_offers_another(town: Town, link: str) -> None:
    town.work.world.clock.advance(minutes=31)  # type: ignore[attr-defined]
    browser = town.browser()
    assert leads_to(town, choose(town, browser, link), link)
    links = {each.text: each.get("href") for each in tree(browser.get(link).text).iter("a")}
    assert links["Demander un autre lien"] == ASK


def test_a_second_use_says_that_it_served(town: Town, link: str) -> None:
    browser = town.browser()
    choose(town, browser, link)
    before = stored(town)
    assert leads_to(town, choose(town, browser, link, "encore une autre phrase"), link)
    answer = browser.get(link)
    assert headings(answer) == [OVER]
    assert "déjà servi" in answer.text
    assert stored(town) == before


@pytest.mark.parametrize("token", ["x", "a.b.c", "not-ours", "a" * 3_000])
def test_rubbish_is_a_page_that_does_not_exist(town: Town, token: str) -> None:
    browser = town.browser()
    assert browser.get(f"{ASK}/nouveau/{token}").status_code == 404
    token = browser.csrf("/connexion")
    fields = {"password": NEW_PASSWORD, "password_repeat": NEW_PASSWORD, "csrf_token": token}
    answer = browser.post(f"{ASK}/nouveau/{token}", data=fields, follow_redirects=True)
    assert answer.status_code == 404


def test_who_lost_the_mailbox_too_is_told_to_ask_for_a_new_letter(town: Town) -> None:
    for path in (ASK, SENT):
        assert "Demandez un nouveau courrier" in town.browser().get(path).text


def test_no_page_holds_the_member_s_data(town: Town, link: str) -> None:
    browser = town.browser()
    town.forget_password(browser)
    for path in (link, SENT, DONE):
        for word in (ODILE.number, "Exemple"):
            assert word not in browser.get(path).text
    for path in (SENT, DONE):
        assert ODILE.email not in browser.get(path).text


def test_the_link_tells_the_address_it_was_mailed_to_and_only_to_who_keeps_passwords(
    town: Town, link: str
) -> None:
    text = town.browser().get(link).text
    unseen = f'<input type="email" value="{ODILE.email}" autocomplete="username" hidden>'
    assert text.count(ODILE.email) == text.count(unseen) == 1
