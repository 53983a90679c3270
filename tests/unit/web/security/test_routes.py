"""The page « Sécurité »: password, devices, open sessions, on both databases."""

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from player.members import LUCE, ODILE, with_account
from player.statements import Statements
from player.world import NEW_PASSWORD, PASSWORD
from tests.checked_client import CheckedClient, tree
from tests.visitors import Progress, Town
from webapp.models import Account, Device, RollEntry
from webapp.rules.delivery_reports import Outcome, Report
from webapp.services.mail import bounces, notices
from webapp.services.sign_in import devices

PAGE, PASSWORD_PAGE = "/espace/securite", "/espace/securite/mot-de-passe"
DONE = f"{PASSWORD_PAGE}/fait"


def change(
    browser: CheckedClient, present: str = PASSWORD, new: str = NEW_PASSWORD, repeat: str = ""
) -> TestResponse:
    fields = {"present_password": present, "password": new, "password_repeat": repeat or new}
    return browser.submit(PASSWORD_PAGE, fields)


def test_this_device_is_told_from_the_others_at_once(town: Town) -> None:
    browser = town.browser()
    town.sign_in(browser, remember=True)
    assert "(cet appareil)" in browser.get(PAGE).text
    assert "(cet appareil)" not in town.browser(Progress.MEMBER).get(PAGE).text


def test_a_forgotten_device_needs_the_security_code_again(town: Town) -> None:
    browser = town.browser()
    town.sign_in(browser, remember=True)
    answer = browser.submit(f"{PAGE}/appareils/1/oublier", {}, page=PAGE)
    assert "cet appareil est oublié" in browser.get(answer.headers["Location"]).text
    browser.submit("/deconnexion", {}, page="/espace")
    assert town.give_password(browser).headers["Location"] == "/connexion/code"


def test_nobody_forgets_somebody_else_s_device(town: Town) -> None:
    luce = _device_of_another(town)
    browser = town.browser(Progress.MEMBER)
    assert "Le navigateur de Luce" not in browser.get(PAGE).text
    browser.submit(f"{PAGE}/appareils/{luce}/oublier", {}, page=PAGE)
    assert town.work.db.execute(select(Device.id)).scalars().all() == [luce]


def _device_of_another(town: Town) -> int:
    town.work.db.execute(RollEntry.__table__.delete().where(RollEntry.number == LUCE.number))
    device, _ = devices.remember(town.work, with_account(town.work, LUCE), "Le navigateur de Luce")
    town.work.settle()
    return device


def test_leaving_everywhere_ends_every_session_and_device(town: Town) -> None:
    here, there = town.browser(), town.browser(Progress.MEMBER)
    town.sign_in(here, remember=True)
    answer = here.submit(f"{PAGE}/deconnecter-partout", {}, page=PAGE)
    assert answer.headers["Location"] == "/connexion?fait=partout"
    assert "déconnecté partout" in here.get(answer.headers["Location"]).text
    assert there.get("/espace").headers["Location"] == "/connexion?fait=session"
    assert town.give_password(here).headers["Location"] == "/connexion/code"


def test_the_page_asks_twice_at_most(town: Town) -> None:
    browser = town.browser(Progress.MEMBER)
    with Statements(town.work.db.engine) as statements:
        browser.get(PAGE)
    assert len(statements.seen) == 2  # the session, and all that it shows


def test_a_changed_password_keeps_this_browser_alone(town: Town) -> None:
    here, there = town.browser(), town.browser(Progress.MEMBER)
    town.sign_in(here, remember=True)
    before = here.get_cookie("session")
    assert change(here).headers["Location"] == DONE
    after = here.get_cookie("session")
    assert before is not None and after is not None and before.value != after.value
    assert "Votre mot de passe est changé" in here.get(DONE).text
    assert there.get("/espace").headers["Location"] == "/connexion?fait=session"
    here.submit("/deconnexion", {}, page="/espace")
    assert town.give_password(here).status_code == 422
    answer = town.give_password(here, password=NEW_PASSWORD)
    assert answer.headers["Location"] == "/connexion/code"


def test_the_former_session_id_opens_nothing(town: Town) -> None:
    browser = town.browser(Progress.MEMBER)
    former = browser.get_cookie("session")
    change(browser)
    thief = town.browser()
    assert former is not None
    thief.set_cookie("session", former.value)
    assert thief.get("/espace").status_code == 303


@pytest.mark.parametrize(
    ("present", "new", "repeat", "words"),
    [
        ("", NEW_PASSWORD, "", "Saisissez votre mot de passe"),
        ("ce n’est pas lui", NEW_PASSWORD, "", "Ce n’est pas votre mot de passe actuel"),
        (PASSWORD, "trop court", "", "Ce mot de passe est trop court"),
        (PASSWORD, NEW_PASSWORD, "autre chose", "Les deux mots de passe sont différents"),
        (PASSWORD, PASSWORD, "", "C’est déjà votre mot de passe actuel"),
        (PASSWORD, f"c’est moi {ODILE.number}", "", "Ce mot de passe contient votre nom"),
    ],
)
def test_a_slip_is_told_and_changes_nothing(
    town: Town, present: str, new: str, repeat: str, words: str
) -> None:
    browser = town.browser(Progress.MEMBER)
    hashes = select(Account.password_hash)
    before = town.work.db.execute(hashes).all()
    town.work.settle()
    answer = change(browser, present, new, repeat)
    assert (answer.status_code, words in answer.text) == (422, True)
    assert all(not each.get("value") for each in _passwords(answer))
    assert town.work.db.execute(hashes).all() == before


def _passwords(answer: TestResponse) -> list:
    return [each for each in tree(answer.text).iter("input") if each.get("type") == "password"]


def test_five_wrong_ones_bring_a_wait(town: Town) -> None:
    browser = town.browser(Progress.MEMBER)
    for _ in range(5):
        assert change(browser, "ce n’est pas lui").status_code == 422
    answer = change(browser)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "61")


def test_a_session_is_closed_from_another(town: Town) -> None:
    there = town.browser(Progress.MEMBER)
    here = town.browser(Progress.MEMBER)
    assert here.get(PAGE).text.count("(cette connexion)") == 1
    answer = here.submit(f"{PAGE}/connexions/1/fermer", {}, page=PAGE)
    assert "cette connexion est fermée" in here.get(answer.headers["Location"]).text
    assert there.get("/espace").headers["Location"] == "/connexion?fait=session"
    answer = here.submit(f"{PAGE}/connexions/1/fermer", {}, page=PAGE)
    assert "Cette connexion était déjà fermée" in here.get(answer.headers["Location"]).text


def test_all_others_are_closed_at_once(town: Town) -> None:
    others = [
        town.browser(Progress.MEMBER),
        town.browser(Progress.MEMBER),
        town.browser(Progress.CODE),
    ]
    here = town.browser(Progress.MEMBER)
    here.submit(f"{PAGE}/connexions/fermer", {}, page=PAGE)
    assert all(each.get("/espace").status_code == 303 for each in others)
    assert "Vous n’êtes connecté nulle part ailleurs" in here.get(PAGE).text


def test_nobody_closes_somebody_else_s_session(town: Town) -> None:
    browser = town.browser(Progress.MEMBER)
    town.work.db.execute(RollEntry.__table__.delete().where(RollEntry.number == LUCE.number))
    with_account(town.work, LUCE)
    town.work.settle()
    luce = town.browser()
    town.give_password(luce, LUCE)
    town.give_code(luce)
    luce.submit(f"{PAGE}/connexions/1/fermer", {}, page=PAGE)
    assert browser.get("/espace").status_code == 200


def test_a_button_reopened_by_the_browser_leads_to_the_page(town: Town) -> None:
    browser = town.browser(Progress.MEMBER)
    for path in ("connexions/1/fermer", "connexions/fermer", "appareils/1/oublier"):
        assert browser.get(f"{PAGE}/{path}").headers["Location"] == PAGE


def test_mails_that_come_back_are_told_beside_the_address(town: Town) -> None:
    browser = town.browser(Progress.MEMBER)
    mail_id = notices.tell(town.work, "password_changed", to=ODILE.email)
    town.work.settle()
    assert "nous reviennent" not in browser.get(PAGE).text
    bounces.note(town.work, Report((mail_id,), Outcome.FAILED, "5.2.2"))
    town.work.settle()
    assert "Nos messages à cette adresse nous reviennent" in browser.get(PAGE).text


def test_an_empty_form_tells_its_fields_apart(town: Town) -> None:
    fields = {"present_password": "", "password": "", "password_repeat": ""}
    page = tree(town.browser(Progress.MEMBER).submit(PASSWORD_PAGE, fields).text)
    summary = next(each for each in page.iter("div") if each.get("id") == "errors")
    said = ["".join(each.itertext()) for each in summary.iter("a")]
    assert len(said) == len(set(said)) == 3, said
