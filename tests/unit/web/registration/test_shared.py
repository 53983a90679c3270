"""A browser that registers is shared with others: it remembers little, and not for long, and what
it remembers moves nothing without the paper letter."""

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from player.members import LUCE, RENE
from player.world import NEW_PASSWORD, PASSWORD
from tests.checked_client import CheckedClient, tree
from tests.visitors import Progress, Town, about_me
from webapp.models import Account, StoredSession

THEIRS = "quelqu.un@example.org"
WRONG = "AAAABBBBCCCC"
RECORDED = "/inscription/confirmation"
SHAPES = pytest.mark.parametrize("partial", [False, True], ids=["plain", "partial"])
STAGES = pytest.mark.parametrize("stage", [Progress.DRAFT, Progress.RECORDED])
WHY = (
    "Vous changez d’adresse ou de mot de passe\u00a0: saisissez à nouveau le code d’accès de "
    "votre courrier."
)


def heading(answer: TestResponse) -> str:
    return next(tree(answer.text).iter("h1")).text or ""


def shown(answer: TestResponse) -> dict[str, str]:
    """What the fields of a page are filled in with."""
    fields = tree(answer.text).iter("input")
    return {each.get("name", ""): each.get("value", "") for each in fields}


def back(town: Town, browser: CheckedClient, **typed: str) -> TestResponse:
    """Screen 5 after « Retour »: what it shows, with what was typed over it."""
    kept = {"number": RENE.number, "email": RENE.email}
    return browser.submit("/inscription", kept | typed, partial=town.partial)


def passwords(password: str = NEW_PASSWORD) -> dict[str, str]:
    return {"password": password, "password_repeat": password}


def readdress(browser: CheckedClient, email: str = THEIRS, **code: str) -> TestResponse:
    """« Changer d’adresse », on screen 7."""
    return browser.submit("/inscription/adresse", {"email": email, **code}, page=RECORDED)


def accept_again(browser: CheckedClient) -> None:
    """« Continuer » below the terms, be there nothing to accept."""
    browser.submit("/inscription/cgu", {"accept": "y"}, page="/inscription")


def recipients(town: Town) -> set[str]:
    return {each.to for each in town.mails()}


def has_space(town: Town, email: str) -> bool:
    found = select(func.count()).select_from(Account).where(Account.email_key == email)
    count = town.work.db.execute(found).scalar_one()
    town.work.settle()
    return count == 1


@SHAPES
@STAGES
@pytest.mark.parametrize(
    "typed",
    [
        {"email": THEIRS} | passwords(),
        {"email": THEIRS},
        passwords(),
        passwords(PASSWORD),
        {"number": LUCE.number},
        {"number": LUCE.number, "email": THEIRS} | passwords(),
    ],
    ids=["both", "address", "password", "same password", "number", "all"],
)
def test_the_next_person_moves_nothing_without_the_letter(
    town: Town, stage: Progress, partial: bool, typed: dict[str, str]
) -> None:
    browser = town.browser(stage)
    before = [each.to for each in town.mails()]
    town.partial = partial
    answer = back(town, browser, **typed)
    assert answer.status_code == 422
    assert "Saisissez votre code d’accès" in answer.text
    accept_again(browser)
    after = [each.to for each in town.mails()]
    assert set(after[len(before) :]) <= {RENE.email}
    assert town.give_password(town.browser(), RENE, NEW_PASSWORD).status_code == 422


def test_the_attack_as_a_whole_opens_no_space(town: Town) -> None:
    browser = town.browser(Progress.RECORDED)
    link = town.mailed_link()
    stolen = {"number": RENE.number, "email": THEIRS} | passwords()
    for code in ({}, {"access_code": ""}, {"access_code": WRONG}):
        assert browser.submit("/inscription", stolen | code).status_code == 422
        assert readdress(browser, **code).status_code == 422
    accept_again(browser)
    assert recipients(town) == {RENE.email}
    browser.submit(link, {})
    assert has_space(town, RENE.email)
    assert not has_space(town, THEIRS)


@SHAPES
def test_the_refusal_says_why_and_keeps_what_was_typed_but_the_secrets(
    town: Town, partial: bool
) -> None:
    town.partial = partial
    browser = town.browser(Progress.DRAFT)
    answer = back(town, browser, email=THEIRS, **passwords())
    assert WHY in answer.text
    page = shown(answer)
    assert (page["number"], page["email"]) == (RENE.number, THEIRS)
    assert NEW_PASSWORD not in answer.text
    fields = tree(answer.text).iter("input")
    asked = {each.get("name") for each in fields if "aria-required" in each.attrib}
    assert {"access_code", "password", "password_repeat"} <= asked


def test_nothing_typed_anew_goes_on_without_the_code(town: Town) -> None:
    browser = town.browser(Progress.DRAFT)
    page = browser.get("/inscription")
    assert (shown(page)["number"], shown(page)["email"]) == (RENE.number, RENE.email)
    answer = back(town, browser)
    assert answer.headers["Location"] == "/inscription/cgu"
    town.accept_terms(browser)
    assert recipients(town) == {RENE.email}


def test_not_even_the_case_of_the_address_changes_without_the_code(town: Town) -> None:
    browser = town.browser(Progress.DRAFT)
    assert back(town, browser, email=RENE.email.upper()).status_code == 303
    town.accept_terms(browser)
    assert recipients(town) == {RENE.email}


@pytest.mark.parametrize("chosen", [{}, passwords()], ids=["kept password", "another password"])
@STAGES
def test_with_the_code_another_address_goes_on_as_the_first_time(
    town: Town, stage: Progress, chosen: dict[str, str]
) -> None:
    browser = town.browser(stage)
    answer = back(town, browser, email=THEIRS, access_code=RENE.access_code, **chosen)
    assert answer.headers["Location"] == "/inscription/cgu"
    town.accept_terms(browser)
    browser.submit(town.mailed_link(), {})
    assert has_space(town, THEIRS)
    fields = {"email": THEIRS, "password": chosen.get("password", PASSWORD)}
    assert town.browser().submit("/connexion", fields).headers["Location"] == "/connexion/code"


def test_a_password_typed_before_the_refusal_is_not_forgotten_in_silence(town: Town) -> None:
    browser = town.browser(Progress.DRAFT)
    refused = back(town, browser, **passwords())
    assert shown(refused)["changing"] == "y"
    again = back(town, browser, access_code=RENE.access_code, changing="y")
    assert again.status_code == 422
    assert "Saisissez votre mot de passe" in again.text
    done = back(town, browser, access_code=RENE.access_code, changing="y", **passwords())
    assert done.status_code == 303


def test_a_wrong_code_after_retour_is_counted_as_on_the_first_page(town: Town) -> None:
    browser = town.browser(Progress.RECORDED)
    answers = [back(town, browser, email=THEIRS, access_code=WRONG) for _ in range(3)]
    answers += [readdress(browser, access_code=WRONG) for _ in range(3)]
    assert [each.status_code for each in answers] == [422] * 5 + [429]
    assert town.prove_letter(town.browser(), RENE).status_code == 429
    assert recipients(town) == {RENE.email}


@SHAPES
def test_screen_7_asks_for_the_code_before_it_writes_elsewhere(town: Town, partial: bool) -> None:
    browser = town.browser(Progress.RECORDED)
    first = town.mailed_link()
    for code, words in (
        ({}, "Saisissez votre code d’accès"),
        ({"access_code": WRONG}, "n’est pas celui de votre courrier"),
        ({"access_code": LUCE.access_code}, "n’est pas celui de votre courrier"),
    ):
        fields = {"email": THEIRS, **code}
        answer = browser.submit("/inscription/adresse", fields, page=RECORDED, partial=partial)
        assert answer.status_code == 422
        assert words in answer.text
        assert shown(answer)["email"] == THEIRS
    assert recipients(town) == {RENE.email}
    assert heading(browser.get(first)) == "Validez votre inscription"
    assert readdress(browser, access_code=RENE.access_code.lower()).status_code == 303
    assert heading(browser.get(first)) == "Cette inscription n’est plus valable"
    assert town.mails()[-1].to == THEIRS


def test_who_gave_the_password_needs_no_code_for_another_address(town: Town) -> None:
    browser = town.browser(Progress.WAITING)
    page = "/inscription/en-cours"
    assert "access_code" not in shown(browser.get(page))
    answer = browser.submit("/inscription/adresse", {"email": THEIRS}, page=page)
    assert answer.headers["Location"] == "/inscription/en-cours?fait=adresse"
    assert town.mails()[-1].to == THEIRS


def test_who_gave_the_password_can_leave_and_the_screen_offers_it(town: Town) -> None:
    browser = town.browser(Progress.WAITING)
    assert "Me déconnecter" in browser.get("/inscription/en-cours").text
    browser.submit("/deconnexion", {}, page="/inscription/en-cours")
    assert browser.get("/inscription/en-cours").headers["Location"] == "/connexion"


def test_a_sign_in_to_a_registration_ends_after_thirty_minutes(town: Town) -> None:
    browser = town.browser(Progress.WAITING)
    town.work.world.clock.advance(minutes=30)  # type: ignore[attr-defined]
    assert browser.get("/inscription/en-cours").status_code == 303


def offers_another(answer: TestResponse) -> bool:
    forms = tree(answer.text).iter("form")
    return "/inscription/autre" in {each.get("action") for each in forms}


def test_another_person_is_offered_where_the_former_one_shows(town: Town) -> None:
    browser, stranger = town.browser(), town.browser()
    assert not offers_another(browser.get("/inscription"))
    town.prove_letter(browser)
    assert offers_another(browser.get("/inscription"))
    town.accept_terms(browser)
    assert offers_another(browser.get(RECORDED))
    link = town.mailed_link()
    browser.submit(link, {})
    for path in (link, RECORDED):
        answer = browser.get(path)
        assert heading(answer) == "Votre inscription est finalisée"
        assert offers_another(answer)
    assert not offers_another(stranger.get(link))
    town.register(stranger, LUCE)
    assert not offers_another(stranger.get(link)), "her registration is another one"


@SHAPES
@STAGES
def test_another_person_starts_clean(town: Town, stage: Progress, partial: bool) -> None:
    browser = town.browser(stage)
    answer = browser.submit("/inscription/autre", {}, page="/inscription", partial=partial)
    leads = answer.headers["HX-Redirect" if partial else "Location"]
    assert leads == "/inscription"
    assert browser.get_cookie("session") is None
    rows = town.work.db.execute(select(func.count()).select_from(StoredSession)).scalar_one()
    town.work.settle()
    assert rows == 0
    page = browser.get("/inscription")
    assert not set(shown(page).values()) & {RENE.number, RENE.email}
    assert not offers_another(page)
    assert RENE.email not in browser.get(RECORDED, follow_redirects=True).text
    assert town.register(browser, LUCE).status_code == 303
    assert LUCE.email in browser.get(RECORDED).text


def test_the_registration_of_the_person_before_stays_good(town: Town) -> None:
    browser = town.browser(Progress.RECORDED)
    link = town.mailed_link()
    browser.submit("/inscription/autre", {}, page=RECORDED)
    town.register(browser, LUCE)
    browser.submit(link, {})
    assert has_space(town, RENE.email)


def test_an_old_button_for_another_person_says_so_and_forgets_nothing(town: Town) -> None:
    browser = town.browser(Progress.DRAFT)
    answer = browser.post("/inscription/autre")
    assert answer.status_code == 422
    assert "Cette page était ouverte depuis longtemps" in answer.text
    assert shown(answer)["email"] == RENE.email


def test_the_next_person_may_type_over_what_the_page_remembers(town: Town) -> None:
    browser = town.browser(Progress.RECORDED)
    refused = browser.submit("/inscription", about_me(LUCE, password="", password_repeat=""))
    assert "Saisissez votre mot de passe" in refused.text
    assert "laissez vide" not in refused.text
    assert browser.submit("/inscription", about_me(LUCE)).status_code == 303
    town.accept_terms(browser)
    assert [each.to for each in town.mails()] == [RENE.email, LUCE.email]
