"""What the letter's QR code asks of the server: a page of one's own, whatever is under way."""

import re

import pytest

from player.members import LUCE, RENE
from player.statements import Statements
from tests.checked_client import tree
from tests.visitors import Progress, Town, about_me

BEGUN = pytest.mark.parametrize("stage", [Progress.DRAFT, Progress.RECORDED])


@BEGUN
def test_a_page_for_another_person_says_nothing_of_the_one_before(
    town: Town, stage: Progress
) -> None:
    browser = town.browser(stage)
    page = browser.get("/inscription?autre").text
    assert not any(each in page for each in (RENE.number, RENE.email, "autre personne", "Déjà"))
    fields = {each.get("name"): each for each in tree(page).iter("input")}
    names = ("number", "access_code", "email", "password", "password_repeat")
    assert all(
        "aria-required" in fields[each].attrib and not fields[each].get("value") for each in names
    )


@BEGUN
def test_it_changes_nothing_by_being_opened(town: Town, stage: Progress) -> None:
    browser = town.browser(stage)
    before = title_of(browser.get("/inscription").text)
    with Statements(town.work.db.engine) as statements:
        browser.get("/inscription?autre")
        assert statements.writing == []
    assert title_of(browser.get("/inscription").text) == before


def title_of(page: str) -> str:
    return next(tree(page).iter("title")).text or ""


@BEGUN
def test_all_that_the_other_person_left_out_is_asked_at_once(town: Town, stage: Progress) -> None:
    browser = town.browser(stage)
    letter = {"number": LUCE.number, "access_code": LUCE.access_code}
    refused = browser.submit("/inscription", letter, partial=town.partial)
    assert refused.status_code == 422
    for field in ("email", "password", "password_repeat"):
        assert f'id="{field}-error"' in refused.text
    assert RENE.email not in refused.text and "autre personne" not in refused.text


@BEGUN
def test_a_wrong_code_of_theirs_is_refused_for_itself(town: Town, stage: Progress) -> None:
    browser = town.browser(stage)
    typed = about_me(LUCE) | {"access_code": "AAAABBBBCCCC"}
    refused = browser.submit("/inscription", typed, partial=town.partial)
    assert refused.status_code == 422
    summary = next(each for each in tree(refused.text).iter("div") if each.get("id") == "errors")
    (told,) = ("".join(each.itertext()) for each in summary.iter("li"))
    assert "ne vont pas ensemble" in told


def test_a_member_who_opens_it_reads_in_the_space_what_to_do(town: Town) -> None:
    browser = town.browser(Progress.MEMBER)
    sent = browser.get("/inscription")
    assert (sent.status_code, sent.headers["Location"]) == (303, "/espace?fait=inscription")
    assert "déconnectez-vous, puis reprenez son courrier" in browser.get(sent.location).text


def test_the_worker_never_looks_at_a_whole_address(town: Town) -> None:
    """It would hold what follows « # », and keep it."""
    worker = town.browser().get("/sw.js").text
    assert re.findall(r".*request\.url.*", worker) == [
        next(line for line in worker.splitlines() if "{ pathname } = new URL(request.url)" in line)
    ]
    assert not re.search(r"put\(request|add\(request|match\(request|matchAll\(\{|console\.", worker)
