"""What a browser sends is bounded before the database, which on PostgreSQL would refuse it."""

import json

import pytest

from player.members import RENE
from tests.authenticator import Phone
from tests.checked_client import tree
from tests.databases import each_database as engine  # noqa: F401 - PostgreSQL counts signs
from tests.unit.web.blank_forms import FACTORS, FORMS, blank_form
from tests.visitors import Progress, Town, about_me
from webapp.models import Passkey

LONG = {
    "an address": "a" * 64 + "@" + ".".join(["b" * 60] * 4) + ".fr",  # 311 signs
    "an address in letters": "a@" + ".".join(["é" * 50] * 5) + ".fr",
    "a name": "é" * 61,
    "marks": "e\u0301" * 60 + "\u0344" * 60,
    "ligatures": "\ufdfa" * 60,
    "digits": "9" * 200,
    "a thousand": "a" * 1_000,
    "JSON": json.dumps({"id": "a" * 12_000, "rawId": "a" * 12_000, "type": "public-key"}),
    "nothing": "a\x00b",
}
HEADERS = {
    "User-Agent": "Firefox/" + "9" * 4_000,
    "X-Forwarded-For": "fe80::1%" + "a" * 400,
    "Accept-Language": "fr" * 900,
    "HX-Current-URL": "/" + "a" * 4_000,
    "Cookie": "device=" + "a" * 3_000,
}


@pytest.mark.parametrize("path", FORMS)
def test_a_text_too_long_is_no_fault_on_either_database(town: Town, path: str) -> None:
    form = blank_form(town, path)
    whole = about_me(RENE) if path == "/inscription" else {}
    whole |= {"csrf_token": form.token}
    for what, text in LONG.items():
        for name in form.names:
            answer = form.browser.post(form.action, data={**whole, name: text})
            assert answer.status_code < 500, (name, what)


@pytest.mark.parametrize("name", HEADERS)
def test_nor_is_a_header(town: Town, name: str) -> None:
    browser = town.browser()
    sent = {name: HEADERS[name]}
    fields = about_me(RENE) | {"csrf_token": browser.csrf("/inscription")}
    assert browser.post("/inscription", data=fields, headers=sent).status_code < 500
    assert town.give_password(town.browser()).status_code == 303
    for path in ("/connexion", "/espace", "/mot-de-passe-oublie"):
        assert town.browser(Progress.MEMBER).get(path, headers=sent).status_code < 500


def filled_in(page: str, phone: Phone) -> dict[str, str]:
    """The form to add a passkey, as the page's script sends it."""
    form = next(each for each in tree(page).iter("form") if each.get("data-passkey"))
    fields = {each.get("name"): each.get("value") or "" for each in form.iter("input")}
    return {**fields, "name": "Mon téléphone", "answer": phone.make(form.get("data-passkey"))}


def test_a_passkey_with_two_hundred_transports_is_added(town: Town) -> None:
    phone, browser = Phone(), town.browser(Progress.MEMBER)
    phone.transports = ["internal", "hybrid"] * 100
    page = browser.get(f"{FACTORS}/cle").text
    answer = browser.post(f"{FACTORS}/cle", data=filled_in(page, phone))
    assert answer.status_code == 303
    town.work.settle()
    [kept] = town.work.db.execute(Passkey.__table__.select()).all()
    assert kept.transports == "hybrid,internal"
