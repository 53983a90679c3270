"""A member's page opens for a reason, shows details once the caller answered, for ten minutes."""

import re

import pytest
from flask import Flask
from sqlalchemy import select

from player.households import GERARD, with_household
from player.members import ODILE
from player.world import StillClock
from tests.callers import ANSWERS, REASON, known, opens, page_of
from tests.checked_client import HX_PARTIAL, CheckedClient, words
from tests.operators import at_the_desk
from webapp.models import JournalEntry
from webapp.rules.roles import Role
from webapp.services.kernel.work import Work

WHY, ASKED = "Pourquoi ouvrir cette page", "Est-ce bien l’adhérent"
WRONG = {"birth_date": "08/03/1950", "postal_code": "38000"}


@pytest.fixture
def browser(desk: Flask) -> CheckedClient:
    return at_the_desk(desk)


def shown(browser: CheckedClient, roll_id: int) -> str:
    return words(browser.get(page_of(roll_id)).text)


def answers(browser: CheckedClient, roll_id: int, given: dict[str, str]) -> str:
    page = page_of(roll_id)
    token = browser.csrf(page)
    told = browser.post(
        f"{page}/reponses", data={"csrf_token": token, **given}, follow_redirects=True
    )
    return words(told.text)


def journal(work: Work) -> list[tuple[str, dict[str, object]]]:
    rows = work.db.execute(
        select(JournalEntry.event, JournalEntry.facts)
        .where(JournalEntry.event.like("desk.%"))
        .order_by(JournalEntry.id)
    )
    found = [(row.event, row.facts) for row in rows]
    work.settle()
    return found


def test_before_the_reason_nothing_of_the_member_shows_nor_whether_there_is_one(
    browser: CheckedClient, work: Work
) -> None:
    roll_id = known(work)
    there, nowhere = browser.get(page_of(roll_id)), browser.get(page_of(987654))
    assert (there.status_code, nowhere.status_code) == (200, 200)
    assert WHY in words(there.text)
    token = re.compile(r'value="[^"]*"|/adherent/\d+')
    assert token.sub("", there.text) == token.sub("", nowhere.text)
    assert "Exemple" not in there.text
    assert journal(work) == []


@pytest.mark.parametrize("address", ["987654", "9223372036854775807"])
def test_an_entry_that_is_not_there_costs_a_look_and_is_not_found(
    browser: CheckedClient, work: Work, address: str
) -> None:
    answer = browser.submit(f"/adherent/{address}", {"reason": REASON})
    assert answer.status_code == 404
    assert journal(work) == [("desk.sought", {"by": "page", "several": False})]


def test_a_number_that_no_entry_can_have_is_not_there(browser: CheckedClient) -> None:
    assert browser.get("/adherent/9223372036854775808").status_code == 404


@pytest.mark.parametrize("reason", ["", "  ", "x" * 201])
def test_without_a_reason_it_stays_closed(browser: CheckedClient, work: Work, reason: str) -> None:
    roll_id = known(work)
    assert browser.submit(page_of(roll_id), {"reason": reason}).status_code == 422
    assert WHY in shown(browser, roll_id)
    assert journal(work) == []


def test_with_a_reason_the_name_shows_and_the_questions_without_their_answers(
    browser: CheckedClient, work: Work
) -> None:
    roll_id = known(work)
    browser.submit(page_of(roll_id), {"reason": REASON})
    page = browser.get(page_of(roll_id))
    assert "Mme Odile Exemple" in words(page.text)
    assert "adhérent" in words(page.text)
    for hidden in ("1950-03", "7 mars", "38000", "GRENOBLE", "Santé", "RUE"):
        assert hidden not in page.text
    assert journal(work) == [("desk.looked", {"reason": REASON})]


def test_right_answers_open_the_rest(browser: CheckedClient, work: Work) -> None:
    roll_id = known(work, space=True)
    opens(browser, roll_id)
    told = shown(browser, roll_id)
    assert "Que faire" in told
    assert "o•••@e•••.org" in told
    assert f"Page ouverte pour : {REASON}" in told
    assert ODILE.email not in browser.get(page_of(roll_id)).text


def test_of_the_address_only_what_its_owner_can_be_asked_for_shows(
    browser: CheckedClient, work: Work
) -> None:
    roll_id = known(work)
    opens(browser, roll_id)
    told = shown(browser, roll_id)
    assert "12 R••• H•••, 38000 GRENOBLE" in told
    assert "HAUTE" not in told


@pytest.mark.parametrize(
    "wrong", [WRONG, {**ANSWERS, "postal_code": "38100"}, {**ANSWERS, "birth_date": "07/03/1951"}]
)
def test_one_wrong_answer_opens_nothing_and_is_not_named(
    browser: CheckedClient, work: Work, wrong: dict[str, str]
) -> None:
    roll_id = known(work)
    browser.submit(page_of(roll_id), {"reason": REASON})
    told = answers(browser, roll_id, wrong)
    assert "Une réponse au moins ne va pas" in told
    assert ASKED in shown(browser, roll_id)


def test_what_is_no_answer_counts_for_nothing(browser: CheckedClient, work: Work) -> None:
    roll_id = known(work)
    browser.submit(page_of(roll_id), {"reason": REASON})
    for _ in range(4):
        told = answers(browser, roll_id, {"birth_date": "mars", "postal_code": ""})
        assert "Cette date n’existe pas" in told
    assert "Que faire" in answers(browser, roll_id, ANSWERS)


def test_three_wrong_answers_close_the_page_and_the_member_reads_it(
    browser: CheckedClient, work: Work
) -> None:
    roll_id = known(work, space=True)
    browser.submit(page_of(roll_id), {"reason": REASON})
    for _ in range(2):
        assert ASKED in answers(browser, roll_id, WRONG)
    assert "la page est fermée" in answers(browser, roll_id, WRONG)
    assert WHY in shown(browser, roll_id)
    entry = select(JournalEntry).where(JournalEntry.event == "desk.answers_wrong")
    row = work.db.execute(entry).one()
    assert (row.roll_id, row.account_id is None, row.operator_id is None) == (
        roll_id, False, False,
    )  # fmt: skip


def test_the_right_answers_come_too_late_after_three_wrong_ones(
    browser: CheckedClient, work: Work
) -> None:
    roll_id = known(work)
    browser.submit(page_of(roll_id), {"reason": REASON})
    token = browser.csrf(page_of(roll_id))
    for given in (WRONG, WRONG, WRONG, ANSWERS):
        browser.post(f"{page_of(roll_id)}/reponses", data={"csrf_token": token, **given})
    assert WHY in shown(browser, roll_id)


def test_a_reload_costs_nothing_for_ten_minutes_and_then_the_reason_is_asked_again(
    browser: CheckedClient, work: Work, clock: StillClock
) -> None:
    roll_id = known(work)
    opens(browser, roll_id)
    clock.advance(minutes=9)
    assert "Que faire" in shown(browser, roll_id)
    clock.advance(minutes=1)
    assert WHY in shown(browser, roll_id)
    assert [key for key, _ in journal(work)] == ["desk.looked"]


def test_answers_after_ten_minutes_ask_for_the_reason_again(
    browser: CheckedClient, work: Work, clock: StillClock
) -> None:
    roll_id = known(work)
    browser.submit(page_of(roll_id), {"reason": REASON})
    token = browser.csrf(page_of(roll_id))
    clock.advance(minutes=10)
    late = browser.post(
        f"{page_of(roll_id)}/reponses", data={"csrf_token": token, **ANSWERS},
        follow_redirects=True,
    )  # fmt: skip
    assert "plus de dix minutes" in words(late.text)


def test_what_one_operator_has_open_another_has_not(
    desk: Flask, browser: CheckedClient, work: Work
) -> None:
    roll_id = known(work)
    opens(browser, roll_id)
    assert WHY in shown(at_the_desk(desk, Role.SUPERVISOR), roll_id)


def test_where_only_one_thing_is_known_it_alone_is_asked(
    browser: CheckedClient, work: Work
) -> None:
    roll_id = known(work, address="12 RUE HAUTE\nBRUXELLES")
    browser.submit(page_of(roll_id), {"reason": REASON})
    told = shown(browser, roll_id)
    assert "date de naissance" in told
    assert "code postal" not in told
    assert "Que faire" in answers(browser, roll_id, {"birth_date": "07/03/1950"})


def test_where_nothing_is_known_an_adviser_reads_what_to_do(
    browser: CheckedClient, work: Work
) -> None:
    roll_id = known(work, birth_date=None, address="")
    browser.submit(page_of(roll_id), {"reason": REASON})
    assert "Passez l’appel à un superviseur" in shown(browser, roll_id)
    token = browser.csrf("/")
    for where in ("reponses", "sans-question"):
        fields = {"csrf_token": token, "reason": REASON, "sure": "y"}
        browser.post(f"{page_of(roll_id)}/{where}", data=fields)
    assert "Que faire" not in shown(browser, roll_id)


def test_where_nothing_is_known_a_supervisor_goes_on_and_says_how(desk: Flask, work: Work) -> None:
    roll_id, browser = known(work, birth_date=None, address=""), at_the_desk(desk, Role.SUPERVISOR)
    page = page_of(roll_id)
    browser.submit(page, {"reason": REASON})
    unsure = browser.submit(f"{page}/sans-question", {"reason": "rappelée"}, page=page)
    assert unsure.status_code == 422
    sure = {"reason": "rappelée au contrat", "sure": "y"}
    browser.submit(f"{page}/sans-question", sure, page=page)
    assert "Que faire" in shown(browser, roll_id)
    assert journal(work)[-1] == ("desk.unasked", {"reason": "rappelée au contrat"})


def test_a_supervisor_asks_what_can_be_asked(desk: Flask, work: Work) -> None:
    roll_id, browser = known(work), at_the_desk(desk, Role.SUPERVISOR)
    page = page_of(roll_id)
    browser.submit(page, {"reason": REASON})
    sure = {"reason": "je la connais", "sure": "y"}
    assert browser.submit(f"{page}/sans-question", sure, page=page).status_code == 404
    assert ASKED in shown(browser, roll_id)


def test_no_line_ends_before_a_question_mark_a_number_or_a_name(
    browser: CheckedClient, work: Work
) -> None:
    page = page_of(known(work))
    browser.submit(page, {"reason": REASON})
    asked = browser.get(page).text
    for unbroken in ("date de naissance\u00a0?", "n°\u00a0<", "Mme\u00a0Odile Exemple"):
        assert unbroken in asked


def test_htmx_gets_each_next_screen_in_the_same_answer(browser: CheckedClient, work: Work) -> None:
    roll_id = known(work)
    page = page_of(roll_id)
    found = browser.submit("/chercher/numero", {"number": ODILE.number}, page="/", partial=True)
    assert WHY in words(found.text)
    assert found.headers["HX-Push-Url"] == page
    asked = browser.submit(page, {"reason": REASON}, partial=True)
    assert ASKED in words(asked.text)
    told = browser.submit(f"{page}/reponses", ANSWERS, page=page, partial=True)
    assert "Que faire" in words(told.text)
    whole = browser.get(page).text
    part = browser.get(page, headers=HX_PARTIAL).text.split("</title>")[1]
    screen, _, bar = part.partition('<div id="parts" data-hx-swap-oob="innerHTML">')
    assert screen.strip() in whole
    assert bar.strip().removesuffix("</div>").strip() in whole


def test_no_line_ends_within_e_mail(browser: CheckedClient, work: Work) -> None:
    roll_id = known(work, space=True)
    opens(browser, roll_id)
    for headers in ({}, HX_PARTIAL):
        page = browser.get(page_of(roll_id), headers=headers).text
        assert 'Adresse <span class="nb">e-mail</span>' in page


@pytest.mark.parametrize("partial", [False, True])
def test_what_a_colleague_asked_shows_to_who_finds_the_member(
    browser: CheckedClient, desk: Flask, work: Work, partial: bool
) -> None:
    roll_id = known(work, space=True)
    opens(browser, roll_id)
    for deed in ("suspendre", "remettre-en-service"):
        browser.submit(f"{page_of(roll_id)}/faire/{deed}", {"reason": REASON})
    colleague = at_the_desk(desk, Role.ADVISER, "b.durand")
    opens(colleague, roll_id)
    number = {"number": ODILE.number}
    found = colleague.submit(
        "/chercher/numero", number, page="/", partial=partial, follow_redirects=True
    )
    assert "demandé par conseiller.un" in words(found.text)


def test_the_page_of_one_of_a_shared_space_opens_nobody_else_s(
    browser: CheckedClient, work: Work
) -> None:
    odile, gerard = with_household(work, GERARD).roll_ids
    work.settle()
    browser.submit(page_of(gerard), {"reason": REASON})
    assert words(GERARD.name) in shown(browser, gerard)
    assert ODILE.number not in shown(browser, gerard)
    assert WHY in shown(browser, odile)


def test_what_a_member_called_themselves_is_escaped(browser: CheckedClient, work: Work) -> None:
    roll_id = known(work, last_name="<script>alert(1)</script>")
    opens(browser, roll_id)
    assert "<script>alert" not in browser.get(page_of(roll_id)).text
