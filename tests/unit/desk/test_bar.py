"""The bar of parts says where the operator is and how many wait, after a step as on a page."""

import pytest
from flask import Flask

from tests.callers import known, opens, page_of
from tests.checked_client import HX_PARTIAL, tree, words
from tests.operators import at_the_desk
from webapp.desk.layout import PARTS, WITHIN
from webapp.rules.roles import Role
from webapp.services.kernel.work import Work

WHY = {"reason": "rappelée chez elle"}


def bar(text: str) -> dict[str, str | None]:
    """The words of each part and its `aria-current`."""
    [found] = [each for each in tree(text).iter() if each.get("id") == "parts"]
    links = (each for each in found.iter("a"))
    return {"".join(each.itertext()): each.get("aria-current") for each in links}


def here(text: str) -> dict[str, str]:
    return {name: mark for name, mark in bar(text).items() if mark}


@pytest.mark.parametrize("role", Role)
def test_every_page_has_the_same_bar_whole_and_in_part(desk: Flask, role: Role) -> None:
    browser = at_the_desk(desk, role)
    for rule in desk.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.arguments:
            continue
        whole = browser.get(rule.rule)
        if whole.status_code not in (200, 403) or whole.mimetype != "text/html":
            continue
        part = browser.get(rule.rule, headers=HX_PARTIAL)
        assert bar(whole.text) == bar(part.text), rule.rule
        assert 'id="parts" data-hx-swap-oob="innerHTML"' in part.text
        assert len(here(whole.text)) == (whole.status_code == 200), rule.rule


def test_a_step_into_a_part_marks_it_and_no_other(desk: Flask, work: Work) -> None:
    supervisor, roll_id = at_the_desk(desk, Role.SUPERVISOR), known(work)
    asked = supervisor.submit("/journal/jour", {"on": "01/12/2026"}, page="/journal", partial=True)
    assert "Journal du" in asked.text
    assert here(asked.text) == {"Journal": "true"}
    opens(supervisor, roll_id)
    found = supervisor.submit("/chercher/numero", {"number": "0"}, page="/", partial=True)
    assert here(found.text) == {"Chercher un adhérent": "true"}
    assert here(supervisor.get(page_of(roll_id)).text) == {"Chercher un adhérent": "true"}


def test_who_answers_reads_at_once_that_one_less_waits(desk: Flask, work: Work) -> None:
    roll_id = known(work, space=True)
    adviser = at_the_desk(desk, Role.ADVISER, "a.petit")
    opens(adviser, roll_id)
    for address in ("suspendre", "remettre-en-service"):
        adviser.submit(f"{page_of(roll_id)}/faire/{address}", WHY)
    supervisor = at_the_desk(desk, Role.SUPERVISOR, "s.chef")
    assert "Demandes à deux (1)" in bar(supervisor.get("/").text)
    answer = {"answer": "agree", **WHY}
    done = supervisor.submit("/a-deux/1", answer, partial=True)
    assert "Accepté, et fait." in words(done.text)
    assert here(done.text) == {"Demandes à deux": "page"}


def test_a_stranger_s_step_has_no_bar(desk: Flask) -> None:
    browser = desk.test_client()
    assert 'id="parts"' not in browser.get("/connexion", headers=HX_PARTIAL).text


def test_every_page_of_the_desk_is_within_a_part(desk: Flask) -> None:
    parts = {endpoint.partition(".")[0] for endpoint, _ in PARTS}
    outside = {"sign_in", "demo"}  # before anybody is at work
    for endpoint in desk.view_functions:
        name, dot, _ = endpoint.partition(".")
        assert not dot or WITHIN.get(name, name) in parts | outside, endpoint
