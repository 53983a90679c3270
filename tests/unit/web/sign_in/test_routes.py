"""Signing in, screens 10 to 12, and the way out, on both databases."""

import re

import pytest
from werkzeug.test import TestResponse

from player.members import LUCE, ODILE, Letter
from tests.checked_client import CHALLENGE, tree, words
from tests.visitors import Progress, Town

WRONG = "L’e-mail ou le mot de passe n’est pas le bon."
NOBODY = Letter("", "", "personne@example.org")


def shape(answer: TestResponse) -> tuple[object, ...]:
    """All that an observer can compare, without what differs for everybody: tokens, the e-mail."""
    text = CHALLENGE.sub(r"\1\2", answer.text)
    text = re.sub(r'(name="csrf_token" value=")[^"]+', r"\1", text)
    text = re.sub(r'(name="email" type="email" value=")[^"]+', r"\1", text)
    kept = {k: v for k, v in answer.headers if k not in ("Set-Cookie", "Content-Length")}
    cookies = [each.split("=")[0] for each in answer.headers.getlist("Set-Cookie")]
    return answer.status_code, text, kept, cookies


@pytest.mark.parametrize("partial", [False, True], ids=["plain", "partial"])
def test_an_unknown_e_mail_and_a_wrong_password_look_the_same(town: Town, partial: bool) -> None:
    town.partial = partial
    town.register(town.browser(), LUCE)
    letters = (ODILE, NOBODY, LUCE)
    answers = [town.give_password(town.browser(), each, "pas le bon du tout") for each in letters]
    assert shape(answers[0]) == shape(answers[1]) == shape(answers[2])
    assert answers[0].status_code == 422
    assert WRONG in words(answers[0].text)


def test_after_five_wrong_passwords_known_and_unknown_wait_alike(town: Town) -> None:
    for letter in (ODILE, NOBODY):
        browser = town.browser()
        tries = [town.give_password(browser, letter, "pas le bon du tout") for _ in range(6)]
        assert [each.status_code for each in tries] == [422] * 5 + [429]
        assert tries[-1].headers["Retry-After"] == "61"
        assert "1\u00a0minute" in tries[-1].text


def test_the_right_password_waits_too(town: Town) -> None:
    browser = town.browser()
    for _ in range(5):
        town.give_password(browser, ODILE, "pas le bon du tout")
    assert town.give_password(browser).status_code == 429
    town.work.world.clock.advance(minutes=1)  # type: ignore[attr-defined]
    assert town.give_password(browser).status_code == 303


def test_the_address_is_masked_where_the_code_is_asked(town: Town) -> None:
    text = town.browser(Progress.CODE).get("/connexion/code").text
    assert "o•••@e•••.org" in text
    assert ODILE.email not in text


@pytest.mark.parametrize("pasted", ["{0} {1}", " {0}{1} ", "{0}-{1}", "Votre code\u00a0: {0}{1}."])
def test_a_code_is_taken_as_it_is_pasted(town: Town, pasted: str) -> None:
    browser = town.browser(Progress.CODE)
    code = town.code_in_mail()
    answer = town.give_code(browser, pasted.format(code[:3], code[3:]))
    assert answer.headers["Location"] == "/espace"


def test_the_fifth_wrong_code_starts_again_at_the_password(town: Town) -> None:
    browser = town.browser(Progress.CODE)
    answers = [town.give_code(browser, "000000") for _ in range(5)]
    assert [each.status_code for each in answers] == [422] * 5
    assert "Cinq codes faux" in answers[-1].text
    assert "Connexion à mon compte" in answers[-1].text
    assert browser.get("/connexion/code").headers["Location"] == "/connexion"


def test_the_right_code_after_five_wrong_ones_opens_nothing(town: Town) -> None:
    browser, twin = town.browser(Progress.CODE), town.browser()
    code, held = town.code_in_mail(), browser.get_cookie("session")
    assert held is not None
    twin.set_cookie("session", held.value)
    token = twin.csrf("/connexion/code")
    for _ in range(5):
        town.give_code(browser, "000000")
    answer = twin.post("/connexion/code", data={"csrf_token": token, "security_code": code})
    assert answer.headers["Location"] == "/connexion?fait=session"


@pytest.mark.parametrize(("seconds", "status"), [(299, 303), (300, 422)])
def test_a_code_lives_five_minutes(town: Town, seconds: int, status: int) -> None:
    browser = town.browser(Progress.CODE)
    code = town.code_in_mail()
    town.work.world.clock.advance(seconds=seconds)  # type: ignore[attr-defined]
    answer = town.give_code(browser, code)
    assert answer.status_code == status
    assert status == 303 or "a dépassé ses 5 minutes" in answer.text


def test_a_code_is_used_once(town: Town) -> None:
    browser = town.browser(Progress.CODE)
    code = town.code_in_mail()
    form = {"csrf_token": browser.csrf("/connexion/code"), "security_code": code}
    assert browser.post("/connexion/code", data=form).headers["Location"] == "/espace"
    assert browser.post("/connexion/code", data=form).headers["Location"] == "/espace"
    other = town.browser()
    town.give_password(other)
    assert town.give_code(other, code).status_code == 422


def test_another_code_can_be_asked_once_a_minute_and_kills_none(town: Town) -> None:
    browser = town.browser(Progress.CODE)
    first = town.code_in_mail()
    soon = browser.submit("/connexion/renvoyer", {}, page="/connexion/code")
    assert (soon.status_code, soon.headers["Retry-After"]) == (429, "61")
    assert "Saisissez votre code de sécurité" in soon.text
    town.work.world.clock.advance(minutes=1)  # type: ignore[attr-defined]
    answer = browser.submit("/connexion/renvoyer", {}, page="/connexion/code")
    assert "un nouveau message est parti" in browser.get(answer.headers["Location"]).text
    assert town.code_in_mail() != first
    assert town.give_code(browser, first).headers["Location"] == "/espace"


def test_a_code_opens_only_the_sign_in_that_asked_for_it(town: Town) -> None:
    first, second = town.browser(Progress.CODE), town.browser()
    code = town.code_in_mail()
    town.give_password(second)
    assert town.give_code(second, code).status_code == 422
    assert town.give_code(first, code).headers["Location"] == "/espace"


def test_a_double_tap_on_the_password_sends_one_mail_and_keeps_both_pages_good(town: Town) -> None:
    browser = town.browser()
    fields = {"email": ODILE.email, "password": "quatre mots sans rapport"}
    form = fields | {"csrf_token": browser.csrf("/connexion")}
    held = browser.get_cookie("session")
    assert held is not None
    browser.post("/connexion", data=form)
    browser.set_cookie("session", held.value)
    browser.post("/connexion", data=form)
    assert len(town.mails()) == 1
    assert town.give_code(browser).headers["Location"] == "/espace"


def test_back_to_the_password_keeps_the_code_under_way(town: Town) -> None:
    browser = town.browser(Progress.CODE)
    code = town.code_in_mail()
    town.give_password(browser)
    assert len(town.mails()) == 1
    assert town.give_code(browser, code).headers["Location"] == "/espace"


def test_the_browser_that_registered_signs_in_at_once(town: Town) -> None:
    browser = town.browser(Progress.RECORDED)
    assert town.sign_in(browser).headers["Location"] == "/espace"


def test_a_signed_in_member_who_goes_back_is_led_to_the_space(town: Town) -> None:
    browser = town.browser(Progress.MEMBER)
    for path in ("/connexion", "/connexion/code"):
        assert browser.get(path).headers["Location"] == "/espace"
    assert browser.get("/inscription").headers["Location"].startswith("/espace?")  # and told why


def test_a_trusted_device_asks_for_the_password_alone(town: Town) -> None:
    browser = town.browser()
    town.sign_in(browser, remember=True)
    browser.submit("/deconnexion", {}, page="/espace")
    assert town.give_password(browser).headers["Location"] == "/espace"
    assert [each.name for each in town.mails()] == ["security_code", "new_device"]


def test_a_trusted_device_is_forgotten_after_thirty_days(town: Town) -> None:
    browser = town.browser()
    town.sign_in(browser, remember=True)
    town.work.world.clock.advance(days=30)  # type: ignore[attr-defined]
    assert town.give_password(browser).headers["Location"] == "/connexion/code"


def test_a_stranger_s_tries_do_not_keep_the_owner_s_device_out(town: Town) -> None:
    browser, stranger = town.browser(), town.browser()
    town.sign_in(browser, remember=True)
    browser.submit("/deconnexion", {}, page="/espace")
    for _ in range(7):
        town.give_password(stranger, ODILE, "pas le bon du tout")
    assert town.give_password(town.browser()).status_code == 429
    assert town.give_password(browser).headers["Location"] == "/espace"


def test_the_session_starts_fresh_at_every_sign_in(town: Town) -> None:
    browser = town.browser(Progress.CODE)
    assert "Set-Cookie" in town.give_code(browser).headers
    page = tree(browser.get("/espace").text)
    assert next(page.iter("h1")).text == "Mon espace"


def filled(answer: TestResponse) -> str | None:
    """The e-mail that the sign-in page comes with."""
    inputs = tree(answer.text).iter("input")
    return next(each.get("value") for each in inputs if each.get("name") == "email") or None


def test_the_browser_that_registered_types_its_e_mail_no_second_time(town: Town) -> None:
    browser = town.browser()
    town.register(browser, LUCE)
    assert filled(browser.get("/connexion")) == LUCE.email
    assert browser.submit(town.mailed_link(), {}).status_code == 303
    assert filled(browser.get("/connexion")) == LUCE.email
    assert filled(town.browser().get("/connexion")) is None


def test_nor_is_anybody_s_e_mail_shown_before_the_terms(town: Town) -> None:
    assert filled(town.browser(Progress.DRAFT).get("/connexion")) is None
