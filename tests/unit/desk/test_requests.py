"""Whatever is sent to any route of the desk, by whomever: the door says no, or it is a 4xx or a
redirect; never a fault of ours. Routes and forms find themselves."""

from collections.abc import Iterator

import pytest
from flask import Flask
from hypothesis import HealthCheck, example, given, settings
from werkzeug.routing import Rule

from tests.checked_client import HX_PARTIAL, CheckedClient
from tests.desk_forms import Form, addresses, forms, routes
from tests.desk_town import GOOD, NAMES, Places, furnish
from tests.operators import at_the_desk
from tests.unit.web.test_requests import TEXT, send
from webapp.rules.roles import Role
from webapp.services.kernel.work import Work

NUMBERS = ("0", "9" * 10, "9" * 18, "9" * 19, "9" * 30, "-1", "1e9", "%31x")
RUBBISH = ("%00", "%ff%fe", "%ed%a0%80", "....", "..%2f..%2f", "a" * 1_500, "%7b%7b7*7%7d%7d")
# no page of one desk shows them all at once
ELSEWHERE = {
    "/connexion": "a stranger's: tests/unit/services/operators/test_keys.py",
    "/enrolement/<token>": "a newcomer's: tests/unit/services/operators/test_keys.py",
    "/imports/<upload_id>/alertes/<word>": "where a guard stops it: test_imports.py",
}


@pytest.fixture
def places(desk: Flask, work: Work) -> Places:
    return furnish(work)


def rubbish(rule: Rule) -> Iterator[str]:
    """Its address with a number that is no row's, a word that is none."""
    kinds = {name: kind.__class__.__name__ for name, kind in rule._converters.items()}
    for at in range(max(len(NUMBERS), len(RUBBISH))):
        number, word = NUMBERS[at % len(NUMBERS)], RUBBISH[at % len(RUBBISH)]
        parts = {n: (number if k == "IntegerConverter" else word,) for n, k in kinds.items()}
        yield from addresses(rule, parts)


def doors(desk: Flask, rule: Rule) -> tuple[Role, ...] | None:
    roles: tuple[Role, ...] | None = vars(desk.view_functions[rule.endpoint])["roles"]
    return roles


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_any_number_and_any_word_in_an_address(desk: Flask, role: Role, method: str) -> None:
    browser = at_the_desk(desk, role)
    token = {"csrf_token": browser.csrf("/"), "reason": "essai", "answer": "agree"}
    for rule in routes(desk, method):
        for address in rubbish(rule) if rule.arguments else ():
            status = browser.open(
                address, method=method, data=token if method == "POST" else None
            ).status_code
            assert status < 500, (method, address[:80])


@pytest.mark.parametrize("role", [None, *Role])
def test_no_header_opens_a_door(desk: Flask, places: Places, role: Role | None) -> None:
    """Neither of HTMX's nor of a proxy's; with the form's own token, and a page that is there."""
    forged = {
        **HX_PARTIAL,
        "HX-Current-URL": "http://localhost:8001/operateurs",
        "HX-Boosted": "true",
        "X-Original-URL": "/connexion",
        "X-Rewrite-URL": "/connexion",
        "X-HTTP-Method-Override": "GET",
        "X-Forwarded-User": "superviseur.un",
        "Authorization": "Bearer superviseur.un",
    }
    browser = at_the_desk(desk, role, NAMES[role]) if role else desk.test_client()
    assert isinstance(browser, CheckedClient)
    token = {"csrf_token": browser.csrf("/" if role else "/connexion")}
    for method in ("GET", "POST"):
        for rule in routes(desk, method):
            roles = doors(desk, rule)
            if roles is None or role in roles:
                continue
            for address in addresses(rule, places):
                data = token if method == "POST" else None
                answer = browser.open(address, method=method, data=data, headers=forged)
                told = (answer.status_code, answer.headers.get("HX-Redirect", "")[:10])
                assert told == ((403, "") if role else (200, "/connexion")), (method, address)
                assert role or not answer.data


def every_form(desk: Flask, places: Places, browser: CheckedClient) -> list[Form]:
    pages = [each for rule in routes(desk, "GET") for each in addresses(rule, places)]

    def page(address: str) -> str:
        answer = browser.get(address)
        return answer.text if answer.status_code == 200 else ""

    return forms(page, pages)


def test_every_form_is_found(desk: Flask, places: Places) -> None:
    supervisor = at_the_desk(desk, Role.SUPERVISOR, NAMES[Role.SUPERVISOR])
    actions = {each.action for each in every_form(desk, places, supervisor)}
    unseen = {
        rule.rule
        for rule in routes(desk, "POST")
        if not actions.intersection(addresses(rule, places))
    }
    assert unseen == {*ELSEWHERE}


def test_any_text_in_any_field_is_refused_or_leads_on(desk: Flask, places: Places) -> None:
    browser = at_the_desk(desk, Role.SUPERVISOR, NAMES[Role.SUPERVISOR])
    token = browser.csrf("/")
    found = [each for each in every_form(desk, places, browser) if each.action != "/deconnexion"]

    @settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @example("\x00")
    @example("\ud800")
    @example("9" * 10_000)
    @example("0001-01-01T00:00:00+23:59")
    @given(TEXT)
    def any_text(text: str) -> None:
        for form in found:
            for name in form.fields or ["a field of no form"]:
                good = {field: GOOD.get(field, said) for field, said in form.fields.items()}
                fields = good | {name: text, "csrf_token": token}
                assert send(browser, form.action, fields) < 500, (form.action, name, text[:50])

    any_text()
