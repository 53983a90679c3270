"""Whatever is sent, malformed or oversized: a 4xx or a redirect, never a fault of ours."""

import re
from urllib.parse import quote_from_bytes

import pytest
from flask import Flask
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from player.members import RENE
from player.statements import Statements
from tests.checked_client import CheckedClient, tree
from tests.unit.web.blank_forms import ELSEWHERE, FORMS, HIDDEN, blank_form
from tests.visitors import Progress, Town, about_me, path_of, paths

SECURITY = "/espace/securite"
MANY = settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
TEXT = st.one_of(
    st.text(st.characters()),  # lone surrogates among them
    st.text(st.sampled_from("\x00\ud800\u202e\u2028é🜁'\"<>&%{}\\\r\n 0Oo@.-"), min_size=1),
    st.sampled_from(["9" * 10_000, "é" * 5_000, "a\u0301" * 3_000, "{{7*7}}", "' OR 1=1 --"]),
)


def encoded(fields: dict[str, str]) -> str:
    """The fields as a form's body; lone surrogates go as the bytes that they would be."""

    def quoted(text: str) -> str:
        return quote_from_bytes(text.encode("utf-8", "surrogatepass"))

    return "&".join(f"{quoted(name)}={quoted(value)}" for name, value in fields.items())


def send(browser: CheckedClient, path: str, fields: dict[str, str]) -> int:
    body = encoded(fields)
    kind = "application/x-www-form-urlencoded"
    answer = browser.post(path, data=body, content_type=kind)
    assert all("\n" not in value for _, value in answer.headers)
    return answer.status_code


@pytest.mark.parametrize("path", FORMS)
def test_any_text_in_any_field_is_refused_or_leads_on(town: Town, path: str) -> None:
    form = blank_form(town, path)

    @MANY
    @example("\x00")
    @example("\ud800")
    @example("\ufffe\ufdd0\U0010ffff\x9f")
    @example("9" * 10_000)
    @given(TEXT)
    def any_text(text: str) -> None:
        for name in form.names:
            fields = (about_me(RENE) if path == "/inscription" else {}) | {name: text}
            status = send(form.browser, form.action, fields | {"csrf_token": form.token})
            assert 300 <= status < 500, (name, text)

    any_text()


@MANY
@given(st.binary(max_size=300))
def test_any_bytes_at_all_are_no_fault_of_ours(town: Town, body: bytes) -> None:
    for kind in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "x/y", ""):
        answer = town.browser().post("/connexion", data=body, content_type=kind)
        assert 400 <= answer.status_code < 500


def test_every_form_is_tried(app: Flask) -> None:
    assert paths(app, "POST") == {*FORMS, *ELSEWHERE}
    assert not {*HIDDEN} - {*FORMS}


def test_any_text_as_a_new_password_is_refused_or_leads_on(town: Town) -> None:
    browser, link = town.browser(), town.recovery_link()
    token = browser.csrf("/connexion")

    @MANY
    @example("\x00")
    @example("\ud800")
    @given(TEXT)
    def any_text(text: str) -> None:
        fields = {"password": text, "password_repeat": text, "csrf_token": token}
        assert 300 <= send(browser, link, fields) < 500, text

    any_text()


@pytest.mark.parametrize("path", ["/connexion", "/inscription", "/deconnexion"])
def test_a_body_of_ten_megabytes_is_too_long(town: Town, path: str) -> None:
    with Statements(town.work.db.engine) as statements:
        answer = town.browser().post(path, data={"email": "a" * 10_000_000})
    assert answer.status_code == 413
    assert statements.seen == []


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("a=1&" * 10_000, "application/x-www-form-urlencoded"),
        ("&".join(f"field{n}=1" for n in range(10_000)), "application/x-www-form-urlencoded"),
        (
            "".join(
                f'--x\r\nContent-Disposition: form-data; name="f{n}"\r\n\r\n1\r\n'
                for n in range(10_000)
            )
            + "--x--\r\n",
            "multipart/form-data; boundary=x",
        ),
    ],
    ids=["the same", "different", "multipart"],
)
def test_ten_thousand_fields_are_too_many(town: Town, body: str, kind: str) -> None:
    answer = town.browser().post("/connexion", data=body, content_type=kind)
    assert answer.status_code == 413


@pytest.mark.parametrize("verb", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "GET", "BREW"])
def test_a_verb_that_an_address_does_not_know_is_405(town: Town, verb: str) -> None:
    browser = town.browser()
    known: dict[str, set[str]] = {}
    for rule in town.app.url_map.iter_rules():
        known.setdefault(re.sub(r"<\w+>", "1", path_of(rule)), set()).update(rule.methods or ())
    for path, verbs in known.items():
        if verb in verbs:
            continue
        address = path.replace("<acceptance_id>", "1").replace("<passkey_id>", "1")
        answer = browser.open(address, method=verb)
        assert answer.status_code == 405, path
        assert set(answer.headers["Allow"].split(", ")) <= verbs


@pytest.mark.parametrize(
    "path",
    [
        "/%ff",
        "/%00",
        "/%2500",
        "/%252e%252e/",
        "/%0d%0aSet-Cookie:%20a=b",
        "/%e2%80%ae",
        "/%ed%a0%80",
        "/inscription/validation/%00",
        "/inscription/validation/%ff%fe",
        "/inscription/validation/%ed%a0%80",
        "/inscription/validation/" + "a" * 5_000,
        "/inscription/validation/....",
        "/adresse/%00",
        "/adresse/retablir/%00",
        "/adresse/" + "a" * 5_000,
        "/mot-de-passe-oublie/nouveau/%00",
        "/mot-de-passe-oublie/nouveau/%ff%fe",
        "/mot-de-passe-oublie/nouveau/" + "a" * 5_000,
        "/nouveau-courrier/%00",
        "/nouveau-courrier/%ff%fe",
        "/nouveau-courrier/" + "a" * 5_000,
        "/inscription/validation/..%2f..%2fespace",
        "/espace/../admin",
    ],
)
def test_rubbish_in_an_address_is_a_page_that_does_not_exist(town: Town, path: str) -> None:
    answer = town.browser().get(path)
    assert answer.status_code == 404
    assert "Set-Cookie" not in answer.headers


@MANY
@example("/0")  # two slashes are one: a redirect, then nothing
@given(TEXT)
def test_any_text_as_a_link_s_token_is_not_ours(client: CheckedClient, text: str) -> None:
    token = quote_from_bytes(text.encode("utf-8", "surrogatepass"), safe="")[:3_000]
    places = ("/inscription/validation", "/mot-de-passe-oublie/nouveau")
    for place in (*places, "/adresse", "/adresse/retablir", "/nouveau-courrier"):
        answer = client.get(f"{place}/{token or '0'}", follow_redirects=True)
        assert answer.status_code == 404


@MANY
@given(TEXT)
def test_any_text_in_a_query_changes_no_page(client: CheckedClient, text: str) -> None:
    value = quote_from_bytes(text.encode("utf-8", "surrogatepass"))[:3_000]
    for name in ("fait", "next", "device_id"):
        assert client.get(f"/connexion?{name}={value}").status_code == 200


@pytest.mark.parametrize("number", ["0", "9" * 18, "9" * 19, "9" * 30, "-1", "1e9", "%31", "x"])
def test_any_number_as_a_device_is_refused_or_leads_on(town: Town, number: str) -> None:
    browser = town.browser(Progress.MEMBER)
    token = browser.csrf("/espace")
    path = f"{SECURITY}/appareils/{number}/oublier"
    assert browser.post(path, data={"csrf_token": token}).status_code in (303, 404, 405)


@pytest.mark.parametrize("number", ["0", "9" * 18, "9" * 19, "9" * 30, "-1", "1e9", "%31x", "x"])
def test_any_number_as_a_proof_of_terms_is_a_page_that_does_not_exist(
    town: Town, number: str
) -> None:
    browser = town.browser(Progress.MEMBER)
    assert browser.get(f"/espace/mes-donnees/conditions/{number}").status_code == 404


@pytest.mark.parametrize(
    "text", ['"><svg onload=a>', "{{7*7}}", "' autofocus onfocus=a", "</title>"]
)
def test_what_was_typed_is_shown_again_as_text(town: Town, text: str) -> None:
    fields = {"number": text, "email": text, "access_code": text}
    page = tree(town.browser().submit("/inscription", fields).text)
    values = {each.get("name"): each.get("value") for each in page.iter("input")}
    assert values["number"] == values["email"] == values["access_code"] == text
    assert not list(page.iter("svg"))
