"""Registration, screens 5 to 9, with scripts and without, on both databases."""

import re

import pytest
from werkzeug.test import TestResponse

from player.members import LUCE, ODILE, RENE
from tests.checked_client import CheckedClient, tree
from tests.visitors import Progress, Town

SHAPES = pytest.mark.parametrize("partial", [False, True], ids=["plain", "partial"])


def heading(answer: TestResponse) -> str:
    """The screen's h1."""
    return next(tree(answer.text).iter("h1")).text or ""


def seen(browser: CheckedClient, answer: TestResponse) -> str:
    """The h1 that the member sees next: in the answer itself, or after the redirect."""
    if answer.status_code == 303:
        answer = browser.get(answer.headers["Location"])
    assert answer.status_code == 200
    return heading(answer)


def values(answer: TestResponse) -> dict[str | None, str | None]:
    return {each.get("name"): each.get("value") for each in tree(answer.text).iter("input")}


@SHAPES
def test_a_member_with_the_letter_gets_an_account(town: Town, partial: bool) -> None:
    town.partial = partial
    browser = town.browser()
    assert heading(browser.get("/inscription")) == "Inscription"
    terms = town.prove_letter(browser)
    assert seen(browser, terms) == "Conditions générales d’utilisation"
    recorded = town.accept_terms(browser)
    assert seen(browser, recorded) == "Votre inscription est prise en compte"
    link = town.mailed_link()
    assert "Je valide mon inscription" in browser.get(link).text
    finished = browser.submit(link, {}, partial=partial)
    assert seen(browser, finished) == "Votre inscription est finalisée"
    assert "Je me connecte" in browser.get(link).text
    assert seen(browser, town.give_password(browser, RENE)) == "Saisissez votre code de sécurité"
    assert seen(browser, town.give_code(browser)) == "Mon espace"


@SHAPES
def test_the_activation_code_is_the_second_way(town: Town, partial: bool) -> None:
    town.partial = partial
    town.register(town.browser(), LUCE)
    code = town.code_in_mail()
    browser = town.browser()
    assert seen(browser, town.give_password(browser, LUCE)) == "Inscription en cours"
    pasted = {"activation_code": f"Votre code : {code[:4]} {code[4:8]} {code[8:]}."}
    answer = browser.submit("/inscription/en-cours", pasted, partial=partial)
    assert seen(browser, answer) == "Votre inscription est finalisée"
    assert seen(browser, town.give_password(browser, LUCE)) == "Saisissez votre code de sécurité"


def test_five_wrong_activation_codes_close_the_hour(town: Town) -> None:
    browser = town.browser(Progress.WAITING)
    wrong = {"activation_code": "0" * 13}
    answers = [browser.submit("/inscription/en-cours", wrong) for _ in range(6)]
    assert [each.status_code for each in answers] == [422] * 5 + [429]
    assert int(answers[-1].headers["Retry-After"]) > 3_500


def test_retour_keeps_number_and_e_mail_and_the_password_may_stay_empty(town: Town) -> None:
    browser = town.browser(Progress.DRAFT)
    page = browser.get("/inscription")
    kept = values(page)
    assert (kept["number"], kept["email"]) == (RENE.number, RENE.email)
    assert kept["access_code"] in (None, "")
    assert kept["password"] is None
    assert "laissez vide pour le garder" in page.text
    other = {"email": "neuf@example.org", "access_code": RENE.access_code}
    answer = browser.submit("/inscription", {"number": RENE.number} | other)
    assert answer.headers["Location"] == "/inscription/cgu"
    town.accept_terms(browser)
    assert town.mails()[-1].to == "neuf@example.org"
    browser.submit(town.mailed_link(), {})
    rene = town.give_password(town.browser(), RENE)
    assert rene.status_code == 422, "the address before is no longer his"


def test_another_letter_needs_its_own_code(town: Town) -> None:
    browser = town.browser(Progress.DRAFT)
    answer = browser.submit("/inscription", {"number": LUCE.number, "email": RENE.email})
    assert answer.status_code == 422
    assert "Saisissez votre code d’accès" in answer.text


def test_a_stranger_s_secrets_may_not_stay_empty(town: Town) -> None:
    fields = {"number": RENE.number, "email": RENE.email}
    answer = town.browser().submit("/inscription", fields)
    assert answer.status_code == 422
    assert "laissez vide" not in answer.text


def test_secrets_are_asked_again_once_the_registration_is_over(town: Town) -> None:
    browser = town.browser(Progress.RECORDED)
    token = browser.csrf("/inscription")
    elsewhere = town.browser()
    elsewhere.submit(town.mailed_link(), {}, page="/inscription")
    fields = {"csrf_token": token, "number": RENE.number, "email": RENE.email}
    answer = browser.post("/inscription", data=fields)
    assert answer.status_code == 422
    assert "Saisissez votre code d’accès" in answer.text
    assert "laissez vide" not in answer.text
    asked = [each for each in tree(answer.text).iter("input") if each.get("type") == "password"]
    assert all("aria-required" in each.attrib for each in asked)


def test_the_right_letter_of_a_member_with_an_account_is_told_so(town: Town) -> None:
    answer = town.prove_letter(town.browser(), ODILE)
    assert heading(answer) == "Vous avez déjà un espace"
    links = {each.get("href") for each in tree(answer.text).iter("a")}
    assert {"/connexion", "/mot-de-passe-oublie"} <= links
    assert town.mails() == []


def test_a_known_address_is_told_to_its_owner_alone(town: Town) -> None:
    told_to_its_owner_alone(town, "registration")


def test_where_nobody_joins_a_known_address_is_told_to_its_owner_alone(apart: Town) -> None:
    told_to_its_owner_alone(apart, "address_taken")


def told_to_its_owner_alone(town: Town, name: str) -> None:
    """Pages and headers are those of an unknown address; the mail is this one."""
    free, taken = town.browser(), town.browser()
    posts = town.register(free, RENE), town.register(taken, LUCE, email=ODILE.email)
    assert posts[0].status == posts[1].status
    assert list(posts[0].headers) == list(posts[1].headers)
    first, second = (each.get("/inscription/confirmation") for each in (free, taken))
    assert without_token(first).replace(RENE.email, "") == (
        without_token(second).replace(ODILE.email, "")
    )
    same = {name: value for name, value in second.headers if name != "Content-Length"}
    assert dict(first.headers).items() >= same.items()
    assert [(each.name, each.to) for each in town.mails()] == [
        ("registration", RENE.email),
        (name, ODILE.email),
    ]


def test_nobody_learns_which_half_of_the_letter_is_wrong(town: Town) -> None:
    unknown = town.prove_letter(town.browser(), RENE, number="9999999")
    wrong = town.prove_letter(town.browser(), RENE, access_code="AAAABBBBCCCC")
    used = town.prove_letter(town.browser(), ODILE, access_code="AAAABBBBCCCC")
    texts = [_anonymous(each) for each in (unknown, wrong, used)]
    assert texts[0] == texts[1] == texts[2]
    assert {each.status_code for each in (unknown, wrong, used)} == {422}


def without_token(answer: TestResponse) -> str:
    return re.sub(r'(name="csrf_token" value=")[^"]+', "", answer.text)


def _anonymous(answer: TestResponse) -> str:
    page = tree(answer.text)
    for each in page.iter("input"):
        each.set("value", "")
    return "".join(page.itertext())


def test_terms_that_are_not_accepted_stop_there(town: Town) -> None:
    browser = town.browser(Progress.DRAFT)
    answer = browser.submit("/inscription/cgu", {})
    assert answer.status_code == 422
    assert "Cochez la case" in answer.text
    assert town.mails() == []


def test_accepting_twice_writes_one_mail(town: Town) -> None:
    browser = town.browser(Progress.DRAFT)
    token = browser.csrf("/inscription/cgu")
    form = {"csrf_token": token, "accept": "y"}
    answers = [browser.post("/inscription/cgu", data=form) for _ in range(2)]
    assert {each.headers["Location"] for each in answers} == {"/inscription/confirmation"}
    assert len(town.mails()) == 1


def test_the_mail_is_sent_again_once_a_minute(town: Town) -> None:
    browser, page = town.browser(Progress.RECORDED), "/inscription/confirmation"
    soon = browser.submit("/inscription/renvoyer", {}, page=page)
    assert (soon.status_code, soon.headers["Retry-After"]) == (429, "61")
    town.work.world.clock.advance(minutes=1)  # type: ignore[attr-defined]
    answer = browser.submit("/inscription/renvoyer", {}, page=page)
    assert "un nouveau message est parti" in browser.get(answer.headers["Location"]).text
    assert len(town.mails()) == 2


def test_changing_the_address_kills_the_first_link(town: Town) -> None:
    browser, page = town.browser(Progress.RECORDED), "/inscription/confirmation"
    first = town.mailed_link()
    letter = {"access_code": RENE.access_code}
    browser.submit("/inscription/adresse", {"email": "neuf@example.org"} | letter, page=page)
    assert heading(browser.get(first)) == "Cette inscription n’est plus valable"
    assert "neuf@example.org" in browser.get(page).text
    fields = {"email": "Neuf@example.org"} | letter
    same = browser.submit("/inscription/adresse", fields, page=page)
    assert same.status_code == 422


def test_registering_again_with_the_letter_replaces_the_one_in_waiting(town: Town) -> None:
    town.register(town.browser(), RENE, email="rnee@example.org")
    first = town.mailed_link()
    other = town.browser()
    town.register(other, RENE)
    assert heading(other.get(first)) == "Cette inscription n’est plus valable"
    assert heading(other.submit(town.mailed_link(), {}, partial=True)) == (
        "Votre inscription est finalisée"
    )


@SHAPES
def test_all_that_a_try_need_not_tell_is_told_in_the_first_answer(
    town: Town, partial: bool
) -> None:
    town.partial = partial
    browser = town.browser()
    shapes = {"number": "!", "access_code": "?", "email": "rené", "password": "six si"}
    for _ in range(7):  # none of them is a try with this number
        answer = town.prove_letter(browser, RENE, **shapes, password_repeat="autre")
        assert answer.status_code == 422
    fields = ["number", "access_code", "email", "password", "password_repeat"]
    links = [each.get("href", "") for each in tree(answer.text).iter("a")]
    assert [each[1:] for each in links if each[1:] in fields] == fields
    assert "trop court : 6 caractères sur 12." in answer.text
    assert seen(browser, town.prove_letter(browser)) == "Conditions générales d’utilisation"


def test_passwords_are_never_sent_back(town: Town) -> None:
    browser = town.browser()
    secret = "onze chevaux verts dansent"
    for changes in ({"number": ""}, {"access_code": "AAAABBBBCCCC"}, {"email": "x"}):
        fields = changes | {"password": secret, "password_repeat": secret}
        assert secret not in town.prove_letter(browser, RENE, **fields).text


def test_the_field_of_the_address_says_whether_it_may_be_a_relative_s(town: Town) -> None:
    assert "son accord sera demandé" in town.browser().get("/inscription").text


def test_where_nobody_joins_the_field_of_the_address_says_so(apart: Town) -> None:
    text = apart.browser().get("/inscription").text
    assert "Deux adhérents ne peuvent pas avoir la même adresse" in text
    assert "son accord" not in text
