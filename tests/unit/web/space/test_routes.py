"""The personal space, screen 13, on both databases."""

from sqlalchemy import select

from tests.checked_client import tree
from tests.members import LUCE, ODILE, with_account
from tests.visitors import Stage, Town
from webapp.models import Device, RollEntry
from webapp.services import devices


def test_it_says_who_i_am_and_what_contract_i_have(town: Town) -> None:
    text = town.browser(Stage.MEMBER).get("/espace").text
    for word in ("Mon espace", ODILE.number, ODILE.email, "Santé Confort", "Mme Odile Exemple"):
        assert word in text
    assert "C’est votre première connexion" in text


def test_it_tells_the_sign_in_before_this_one(town: Town) -> None:
    town.browser(Stage.MEMBER)
    town.work.world.clock.advance(hours=3)  # type: ignore[attr-defined]
    text = town.browser(Stage.MEMBER).get("/espace").text
    assert "Votre connexion précédente" in text
    assert "10\u00a0h\u00a000" in text


def test_this_device_is_told_from_the_others_at_once(town: Town) -> None:
    browser = town.browser()
    town.sign_in(browser, remember=True)
    assert "(cet appareil)" in browser.get("/espace").text
    assert "(cet appareil)" not in town.browser(Stage.MEMBER).get("/espace").text


def test_a_forgotten_device_needs_the_security_code_again(town: Town) -> None:
    browser = town.browser()
    town.sign_in(browser, remember=True)
    answer = browser.submit("/espace/appareils/1/oublier", {}, page="/espace")
    assert "cet appareil est oublié" in browser.get(answer.headers["Location"]).text
    browser.submit("/deconnexion", {}, page="/espace")
    assert town.give_password(browser).headers["Location"] == "/connexion/code"


def test_nobody_forgets_somebody_else_s_device(town: Town) -> None:
    luce = _device_of_another(town)
    browser = town.browser(Stage.MEMBER)
    assert "Le navigateur de Luce" not in browser.get("/espace").text
    browser.submit(f"/espace/appareils/{luce}/oublier", {}, page="/espace")
    assert town.work.db.execute(select(Device.id)).scalars().all() == [luce]


def _device_of_another(town: Town) -> int:
    town.work.db.execute(RollEntry.__table__.delete().where(RollEntry.number == LUCE.number))
    device, _ = devices.remember(town.work, with_account(town.work, LUCE), "Le navigateur de Luce")
    town.work.settle()
    return device


def test_leaving_everywhere_ends_every_session_and_device(town: Town) -> None:
    here, there = town.browser(), town.browser(Stage.MEMBER)
    town.sign_in(here, remember=True)
    answer = here.submit("/espace/deconnecter-partout", {}, page="/espace")
    assert answer.headers["Location"] == "/connexion?fait=partout"
    assert "déconnecté partout" in here.get(answer.headers["Location"]).text
    assert there.get("/espace").headers["Location"] == "/connexion?fait=session"
    assert town.give_password(here).headers["Location"] == "/connexion/code"


def test_staying_signed_in_starts_the_idle_time_afresh(town: Town) -> None:
    browser = town.browser(Stage.MEMBER)
    clock = town.work.world.clock
    clock.advance(minutes=29)  # type: ignore[attr-defined]
    browser.submit("/espace/prolonger", {}, page="/espace")
    clock.advance(minutes=29)  # type: ignore[attr-defined]
    assert browser.get("/espace").status_code == 200


def test_the_page_knows_when_the_session_ends(town: Town) -> None:
    browser = town.browser(Stage.MEMBER)
    for _ in range(35):
        town.work.world.clock.advance(minutes=20)  # type: ignore[attr-defined]
        page = tree(browser.get("/espace").text)
    box = next(each for each in page.iter("div") if each.get("id") == "session-end")
    assert (box.get("data-idle"), box.get("data-warn")) == ("1800", "120")
    assert box.get("data-left") == str(20 * 60)
    assert box.get("role") == "alertdialog"


def test_every_private_page_can_be_left(town: Town) -> None:
    forms = list(tree(town.browser(Stage.MEMBER).get("/espace").text).iter("form"))
    assert "/deconnexion" in {each.get("action") for each in forms}


def test_nothing_private_is_shown_after_signing_out(town: Town) -> None:
    browser = town.browser(Stage.MEMBER)
    browser.submit("/deconnexion", {}, page="/espace")
    for path in ("/", "/connexion", "/espace", "/aide"):
        text = browser.get(path, follow_redirects=True).text
        assert ODILE.email not in text
        assert ODILE.number not in text


def test_what_the_roll_says_is_shown_as_text(town: Town) -> None:
    payload = '"><svg onload=a>{{7*7}}'
    table = RollEntry.__table__
    town.work.db.execute(
        table.update().where(table.c.number == ODILE.number).values(first_name=payload)
    )
    town.work.settle()
    page = tree(town.browser(Stage.MEMBER).get("/espace").text)
    assert payload in "".join(page.itertext())
    assert not list(page.iter("svg"))
