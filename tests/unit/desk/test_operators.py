"""A supervisor adds, resets and disables operators, and every supervisor is told."""

import re

import pytest
from flask import Flask

from player.world import StillClock
from tests.checked_client import words
from tests.operators import at_the_desk, working
from webapp.rules.roles import Role
from webapp.services.operators import staff
from webapp.services.operators.staff import OperatorRow

PAGE = "/operateurs"


def row(desk: Flask, name: str) -> OperatorRow:
    with working(*desk.extensions["portal"], "lecteur", Role.AUDITOR) as work:
        return next(each for each in staff.everybody(work) if each.name == name)


def test_only_a_supervisor_sees_the_operators(desk: Flask) -> None:
    for role in Role:
        expected = 200 if role is Role.SUPERVISOR else 403
        assert at_the_desk(desk, role).get(PAGE).status_code == expected


def test_who_is_added_gets_a_link_that_is_shown_once(desk: Flask) -> None:
    browser = at_the_desk(desk, Role.SUPERVISOR)
    answer = browser.submit(PAGE, {"name": "m.durand", "role": "conseiller"})
    link = re.findall(r"http://localhost:8001/enrolement/[\w.-]+", answer.text)
    assert len(link) == 1
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "/enrolement/" not in browser.get(PAGE).text
    opened = desk.test_client().get(link[0].removeprefix("http://localhost:8001"))
    assert "m.durand" in words(opened.text)


def test_a_name_that_is_taken_and_a_role_that_is_none_are_refused(desk: Flask) -> None:
    browser = at_the_desk(desk, Role.SUPERVISOR)
    again = browser.submit(PAGE, {"name": "superviseur.un", "role": "conseiller"})
    assert again.status_code == 422
    assert "Ce nom est déjà celui d’un opérateur" in words(again.text)
    wrong = browser.submit(PAGE, {"name": "", "role": "directeur"})
    assert wrong.status_code == 422
    assert "Choisissez un rôle dans la liste" in words(wrong.text)
    long = browser.submit(PAGE, {"name": "a" * 61, "role": "conseiller"})
    assert "60 signes au plus" in words(long.text)


def test_an_operator_is_named_before_anything_is_done(desk: Flask) -> None:
    at_the_desk(desk, Role.ADVISER, "a.petit")
    petit = row(desk, "a.petit")
    page = at_the_desk(desk, Role.SUPERVISOR).get(f"{PAGE}/{petit.id}")
    assert '<h1 tabindex="-1">a.petit</h1>' in page.text


def test_who_is_disabled_by_a_supervisor_is_out_at_once(desk: Flask) -> None:
    petit_s = at_the_desk(desk, Role.ADVISER, "a.petit")
    petit, browser = row(desk, "a.petit"), at_the_desk(desk, Role.SUPERVISOR)
    one = f"{PAGE}/{petit.id}"
    done = browser.submit(f"{one}/fermer", {}, page=one, follow_redirects=True)
    assert "n’entre plus au guichet" in words(done.text)
    assert petit_s.get("/").status_code == 303
    assert row(desk, "a.petit").disabled_at is not None
    assert browser.get(one).status_code == 303


def test_a_lost_key_is_a_new_link_and_the_sessions_are_over(desk: Flask) -> None:
    petit_s = at_the_desk(desk, Role.ADVISER, "a.petit")
    one = f"{PAGE}/{row(desk, 'a.petit').id}"
    answer = at_the_desk(desk, Role.SUPERVISOR).submit(f"{one}/cle", {}, page=one)
    assert "Lien de a.petit" in words(answer.text)
    assert "/enrolement/" in answer.text
    assert petit_s.get("/").status_code == 303


def test_nobody_resets_or_disables_themselves(desk: Flask) -> None:
    browser = at_the_desk(desk, Role.SUPERVISOR, "c.martin")
    me = row(desk, "c.martin")
    assert f"{PAGE}/{me.id}" not in browser.get(PAGE).text
    for deed in ("cle", "fermer"):
        answer = browser.submit(f"{PAGE}/{me.id}/{deed}", {}, page=PAGE)
        assert answer.status_code == 422
        assert "On ne remplace pas sa propre clé" in words(answer.text)
    assert browser.get(PAGE).status_code == 200


def test_who_is_gone_is_gone_for_both_of_two_supervisors(desk: Flask) -> None:
    at_the_desk(desk, Role.ADVISER, "a.petit")
    petit, browser = row(desk, "a.petit"), at_the_desk(desk, Role.SUPERVISOR)
    with working(*desk.extensions["portal"], "lecteur") as work:
        staff.disable(work, "a.petit", by="c.martin")
    for deed in ("cle", "fermer"):
        answer = browser.submit(f"{PAGE}/{petit.id}/{deed}", {}, page=PAGE)
        assert (answer.status_code, answer.headers["Location"]) == (303, PAGE)


def test_every_supervisor_is_told_until_each_has_seen_it(desk: Flask, clock: StillClock) -> None:
    first = at_the_desk(desk, Role.SUPERVISOR, "c.martin")
    second = at_the_desk(desk, Role.SUPERVISOR, "d.noel")
    first.submit(PAGE, {"name": "m.durand", "role": "conseiller"})
    told = "Opérateur ajouté : m.durand, conseiller, par c.martin"
    for browser in (first, second):
        for page in ("/", PAGE):
            assert told in words(browser.get(page).text)
    assert told not in words(at_the_desk(desk, Role.ADVISER).get("/").text)
    clock.advance(minutes=1)
    newest = re.findall(r'name="until" value="([^"]+)"', first.get("/").text)[0]
    seen = first.submit(f"{PAGE}/vu", {"until": newest}, page="/", follow_redirects=True)
    assert "vous avez vu ces changements" in words(seen.text)
    assert told not in words(first.get("/").text)
    assert told in words(second.get("/").text)


def test_what_came_after_the_page_stays_to_be_seen(desk: Flask, clock: StillClock) -> None:
    browser = at_the_desk(desk, Role.SUPERVISOR, "c.martin")
    newest = re.findall(r'name="until" value="([^"]+)"', browser.get("/").text)[0]
    clock.advance(minutes=1)
    with working(*desk.extensions["portal"], "lecteur") as work:
        staff.add(work, "m.durand", Role.LETTERS, by="root")
    browser.submit(f"{PAGE}/vu", {"until": newest}, page="/")
    assert "Opérateur ajouté : m.durand, courrier, par root" in words(browser.get("/").text)
    forged = browser.submit(f"{PAGE}/vu", {"until": "demain"}, page="/")
    assert forged.status_code == 422
    far = browser.submit(f"{PAGE}/vu", {"until": "2999-01-01T00:00:00+00:00"}, page="/")
    assert far.status_code == 303
    clock.advance(minutes=1)
    with working(*desk.extensions["portal"], "lecteur") as work:
        staff.disable(work, "m.durand", by="root")
    assert "Opérateur désactivé : m.durand, par root" in words(browser.get("/").text)


def test_a_month_later_nobody_is_told_any_more(desk: Flask, clock: StillClock) -> None:
    at_the_desk(desk, Role.SUPERVISOR, "c.martin")
    clock.advance(days=30, minutes=1)
    assert (
        "À voir par chaque superviseur"
        not in at_the_desk(desk, Role.SUPERVISOR, "c.martin").get("/").text
    )


@pytest.mark.parametrize("name", ["C.Martin", "c-martin", "ç.martin", "c martin", "cmartin"])
def test_nobody_is_added_under_a_name_that_reads_as_another_s(desk: Flask, name: str) -> None:
    at_the_desk(desk, Role.ADVISER, "c.martin")
    browser = at_the_desk(desk, Role.SUPERVISOR)
    answer = browser.submit(PAGE, {"name": name, "role": "superviseur"})
    assert answer.status_code == 422
    assert "n’en diffère que par" in words(answer.text)


@pytest.mark.parametrize("name", ["\u0441.martin", "c\uff0emartin", "a.p\u0435tit", "\U0001d41c.m"])
def test_nobody_is_added_in_letters_of_another_alphabet(desk: Flask, name: str) -> None:
    answer = at_the_desk(desk, Role.SUPERVISOR).submit(PAGE, {"name": name, "role": "conseiller"})
    assert answer.status_code == 422
    assert "en lettres latines" in words(answer.text)


def test_names_as_people_have_them_are_names(desk: Flask) -> None:
    browser = at_the_desk(desk, Role.SUPERVISOR)
    for name in ("Zoé d’Œuvre-Ødegård", "N. Çelik 2", "l'écuyer"):
        assert browser.submit(PAGE, {"name": name, "role": "conseiller"}).status_code == 200
