"""Faults that others' sign-ins had to mend in 2025 and 2026 (docs/security/scenarios.md), tried as
browsers meet them: what is spelled otherwise is the same, and what was left serves nobody else."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from player.members import ODILE, Letter, with_account
from tests import own_steps
from tests.authenticator import Phone
from tests.checked_client import CheckedClient, tree
from tests.journeys import signed_in
from tests.visitors import Progress, Town, about_me
from webapp.models import Device
from webapp.services.kernel import sessions

PAULE = Letter("0013579", "7B4N9KXM2T6C", "paule@example.org")
STEPS = "/espace/securite/deuxieme-etape"
Spelling = Callable[[str], str]
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")

spelled_codes = pytest.mark.parametrize(
    "spelled",
    [
        lambda code: f" {code[:3]} {code[3:]} ",
        lambda code: f"{code[:3]}-{code[3:]}",
        lambda code: f"{code[:3]}\u202f{code[3:]}",
        lambda code: code.translate(FULL_WIDTH),
        lambda code: f"Votre code : {code}.",
        lambda code: code.replace("0", "O").replace("1", "l"),
    ],
    ids=["spaces", "dash", "narrow no-break space", "full width", "sentence", "look-alikes"],
)
spelled_recovery_codes = pytest.mark.parametrize(
    "spelled",
    [
        str.lower,
        lambda code: code.replace("-", ""),
        lambda code: " ".join(code.replace("-", "–")),
        lambda code: code.replace("0", "o").replace("1", "I"),
        lambda code: code.translate(FULL_WIDTH),
    ],
    ids=["small letters", "no dash", "spaces and a long dash", "look-alikes", "full width"],
)


def later(town: Town, **span: float) -> None:
    town.work.world.clock.advance(**span)  # type: ignore[attr-defined]


def at_step(town: Town) -> CheckedClient:
    browser = town.browser()
    town.give_password(browser)
    return browser


@pytest.fixture
def codes(town: Town) -> tuple[str, ...]:
    """Odile has an app whose next code was not used yet; its recovery codes."""
    found = own_steps.with_app(town.work, own_steps.member(town.work))
    later(town, seconds=30)
    return found


@pytest.fixture
def phone(town: Town) -> Phone:
    """Paule's, who has an account too, and a passkey on it."""
    with_account(town.work, PAULE)
    town.work.settle()
    session = sessions.find(town.work, signed_in(town.work, email=PAULE.email).token)
    assert session is not None
    own = Phone()
    own_steps.with_passkey(town.work, session, own)
    return own


def press_passkey(browser: CheckedClient, path: str, phone: Phone) -> TestResponse:
    """The page's button pressed, and answered by this phone."""
    page = tree(browser.get(path).text)
    form = next(each for each in page.iter("form") if each.get("data-passkey"))
    given = {each.get("name"): each.get("value", "") for each in form.iter("input")}
    given["answer"] = phone.sign(form.get("data-passkey"))
    return browser.post(form.get("action"), data=given)


def whose(browser: CheckedClient) -> str:
    """The address whose space this browser shows."""
    text = browser.get("/espace/securite/email").text
    return next(each.email for each in (ODILE, PAULE) if each.email in text)


def devices(town: Town) -> int:
    rows = town.work.db.execute(select(Device.id)).all()
    town.work.settle()
    return len(rows)


@spelled_codes
def test_an_app_s_code_spelled_otherwise_is_the_same_and_used(
    town: Town, codes: tuple[str, ...], spelled: Spelling
) -> None:
    code = own_steps.app_code(town.work)
    fields = {"app_code": spelled(code)}
    answer = at_step(town).submit("/connexion/application", fields)
    assert answer.headers["Location"] == "/espace"
    for again in (fields, {"app_code": code}):
        answer = at_step(town).submit("/connexion/application", again)
        assert answer.status_code == 422
        assert "Ce code a déjà servi" in answer.text


@spelled_recovery_codes
def test_a_recovery_code_spelled_otherwise_is_the_same_and_used(
    town: Town, codes: tuple[str, ...], spelled: Spelling
) -> None:
    fields = {"recovery_code": spelled(codes[3])}
    answer = at_step(town).submit("/connexion/secours", fields)
    assert answer.headers["Location"] == f"{STEPS}?fait=secours"
    for again in (fields, {"recovery_code": codes[3]}):
        answer = at_step(town).submit("/connexion/secours", again)
        assert answer.status_code == 422
        assert "il a déjà servi" in answer.text


ODILES = ["odile@exämple.example", "ODILE@EXÄMPLE.example", " odile@xn--exmple-cua.EXAMPLE "]
ODILES += ["odile@exa\u0308mple。example", "Odile@ｅｘämple.example"]


def test_wrong_passwords_are_counted_together_however_the_address_is_spelled(town: Town) -> None:
    fields = [{"email": each, "password": "un mot de passe deviné"} for each in ODILES]
    tries = [town.browser().submit("/connexion", each).status_code for each in [*fields, *fields]]
    assert tries == [422] * 5 + [429] * 5


NUMBERS = ["0067890", "00 67-890", "OO6789O", "００６７８９０", "00.678/90"]


def test_wrong_access_codes_are_counted_together_however_the_number_is_spelled(
    town: Town,
) -> None:
    letter = Letter("0067890", "AAAAAAAAAAAA", "rene@example.org")
    fields = [about_me(letter, number=each) for each in [*NUMBERS, *NUMBERS]]
    tries = [town.browser().submit("/inscription", each).status_code for each in fields]
    assert tries == [422] * 5 + [429] * 5


def test_links_to_a_new_password_are_counted_together_however_it_is_asked(town: Town) -> None:
    before = len(town.mails())
    for number, email in [
        ("0012345", "odile@example.org"),
        ("00-12 345", "ODILE@example.org"),
        ("OOl2345", " odile@EXAMPLE.org "),
        ("００１２３４５", "odile@ｅｘａｍｐｌｅ.org"),
        ("00.12.345", "Odile@example。org"),
    ]:
        town.forget_password(town.browser(), ODILE, number=number, email=email)
    assert len(town.mails()) - before == 3


def test_a_sign_in_left_for_a_passkey_of_somebody_else_leaves_nothing(
    town: Town, phone: Phone
) -> None:
    browser = town.browser()
    town.give_password(browser, remember=True)
    code = town.code_in_mail()
    assert press_passkey(browser, "/connexion/cle/directe", phone).headers["Location"] == "/espace"
    assert whose(browser) == PAULE.email
    assert devices(town) == 0
    token = browser.csrf("/espace")
    answer = browser.post("/connexion/code", data={"security_code": code, "csrf_token": token})
    assert answer.headers["Location"] == "/espace"
    assert whose(browser) == PAULE.email
    browser.submit("/deconnexion", {}, page="/espace")
    assert browser.get("/connexion/code").headers["Location"].startswith("/connexion")


@pytest.mark.parametrize("left", ["as it was", "signed out"])
def test_what_was_ticked_at_a_sign_in_that_was_left_is_not_ticked_for_the_next(
    town: Town, phone: Phone, left: str
) -> None:
    browser = town.browser()
    town.give_password(browser, remember=True)
    code = town.code_in_mail()
    if left == "signed out":
        browser.submit("/deconnexion", {}, page="/connexion/code")
    town.give_password(browser, PAULE)
    browser.submit("/connexion/renvoyer", {}, page="/connexion/cle")
    own = town.code_in_mail()
    assert town.give_code(browser, code).status_code == 422
    assert town.give_code(browser, own).headers["Location"] == "/espace"
    assert (whose(browser), devices(town)) == (PAULE.email, 0)


def test_somebody_else_s_passkey_is_no_second_step_of_a_sign_in_under_way(
    town: Town, codes: tuple[str, ...], phone: Phone
) -> None:
    session = own_steps.at_own_step(town.work)
    own_steps.with_passkey(town.work, session, Phone())
    browser = at_step(town)
    answer = press_passkey(browser, "/connexion/cle", phone)
    assert answer.status_code == 422
    assert browser.get("/espace").headers["Location"] == "/connexion/code"


def test_codes_still_on_the_screen_of_one_member_are_not_shown_to_the_next(
    town: Town, codes: tuple[str, ...], phone: Phone
) -> None:
    browser = at_step(town)
    fields = {"app_code": own_steps.app_code(town.work)}
    browser.submit("/connexion/application", fields)
    browser.submit(f"{STEPS}/codes", {}, page=STEPS)
    assert "codes de secours" in browser.get(f"{STEPS}/codes").text
    browser.submit("/deconnexion", {}, page="/espace")
    later(town, seconds=1)
    press_passkey(browser, "/connexion/cle/directe", phone)
    assert browser.get(f"{STEPS}/codes").headers["Location"] == STEPS


def test_an_address_that_is_only_opened_signs_nobody_out(town: Town) -> None:
    browser = town.browser(Progress.MEMBER)
    for verb in (browser.get, browser.head):
        assert verb("/deconnexion").status_code == 405
    assert browser.get("/espace").status_code == 200


def test_asking_for_more_time_is_no_proof(town: Town) -> None:
    browser = town.browser(Progress.MEMBER)
    for _ in range(2):
        later(town, minutes=6)
        browser.submit("/espace/prolonger", {}, page="/espace")
    asked = browser.get(f"{STEPS}/cle").headers["Location"]
    assert asked == "/espace/preuve?suite=adding_factor.passkey"


@pytest.mark.parametrize("path", ["/inscription", "/espace/securite/mot-de-passe"])
def test_a_manager_of_passwords_fills_a_new_one_in_twice(town: Town, path: str) -> None:
    page = tree(
        town.browser(Progress.MEMBER if "espace" in path else Progress.STREET).get(path).text
    )
    fields = {each.get("name"): each.get("autocomplete") for each in page.iter("input")}
    assert fields["password"] == fields["password_repeat"] == "new-password"
