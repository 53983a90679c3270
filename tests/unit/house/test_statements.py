"""How much each step's POST asks of the database, to the statement: eight at most."""

from dataclasses import replace

import pytest
from werkzeug.test import TestResponse

from tests.checked_client import HX_PARTIAL, CheckedClient
from tests.journeys import reissued
from tests.members import LUCE, ODILE, RENE, Letter
from tests.statements import Statements
from tests.visitors import Stage, Town, about_me
from tests.world import NEW_PASSWORD, PASSWORD

MOST = 8
WAITING = "/inscription/confirmation"


@pytest.fixture(params=[False, True], ids=["plain", "partial"])
def counted(town: Town, request: pytest.FixtureRequest) -> "Counted":
    """The town, where every POST is counted."""
    return Counted(town, HX_PARTIAL if request.param else {})


class Counted:
    """Posts forms and counts what each asks of the database."""

    def __init__(self, town: Town, headers: dict[str, str]):
        self.town, self.headers = town, headers

    def post(
        self, browser: CheckedClient, path: str, fields: dict[str, str], page: str = ""
    ) -> tuple[int, TestResponse]:
        form = {"csrf_token": browser.csrf(page or path), **fields}
        with Statements(self.town.work.db.engine) as statements:
            self.town.work.settle()
            answer = browser.post(path, data=form, headers=self.headers)
        assert len(statements.seen) <= MOST, (path, *statements.seen)
        assert answer.status_code in (200, 204, 303), answer.text
        return len(statements.seen), answer

    def counts(self, plain: int, partial: int) -> int:
        """What is expected in this shape."""
        return partial if self.headers else plain

    def later(self, minutes: int = 2) -> None:
        self.town.work.world.clock.advance(minutes=minutes)  # type: ignore[attr-defined]


def password(letter: Letter, *, remember: bool = False) -> dict[str, str]:
    return {"email": letter.email, "password": PASSWORD} | ({"remember": "y"} if remember else {})


def test_registration(counted: Counted) -> None:
    town, browser = counted.town, counted.town.browser()
    asked, _ = counted.post(browser, "/inscription", about_me(RENE))
    assert asked == counted.counts(6, 7)
    asked, _ = counted.post(browser, "/inscription/cgu", {"accept": "y"})
    assert asked == counted.counts(7, 8)
    asked, _ = counted.post(browser, town.mailed_link(), {})
    assert asked == counted.counts(5, 6)


@pytest.mark.parametrize("stage", [Stage.DRAFT, Stage.RECORDED])
def test_registration_after_retour(counted: Counted, stage: Stage) -> None:
    browser = counted.town.browser(stage)
    fields = {"number": RENE.number, "email": "neuf@example.org"}
    asked, _ = counted.post(browser, "/inscription", fields)
    assert asked == counted.counts(6, 7)
    asked, _ = counted.post(browser, "/inscription/cgu", {"accept": "y"})
    assert asked == counted.counts(7, 8)


@pytest.mark.parametrize("stage", [Stage.DRAFT, Stage.RECORDED])
def test_registration_typed_all_again_after_retour(counted: Counted, stage: Stage) -> None:
    asked, _ = counted.post(counted.town.browser(stage), "/inscription", about_me(RENE))
    assert asked == counted.counts(7, 8)


def test_the_registration_s_mail(counted: Counted) -> None:
    browser = counted.town.browser(Stage.RECORDED)
    counted.later()
    asked, _ = counted.post(browser, "/inscription/renvoyer", {}, WAITING)
    assert asked == counted.counts(6, 7)
    other = {"email": "neuf@example.org"}
    asked, _ = counted.post(browser, "/inscription/adresse", other, WAITING)
    assert asked == counted.counts(7, 8)


def test_the_activation_code(counted: Counted) -> None:
    town, browser = counted.town, counted.town.browser()
    town.register(town.browser(), LUCE)
    code = town.mailed_code()
    asked, _ = counted.post(browser, "/connexion", password(LUCE))
    assert asked == counted.counts(5, 6)
    asked, _ = counted.post(browser, "/inscription/en-cours", {"activation_code": code})
    assert asked == 7


@pytest.mark.parametrize("remember", [False, True])
def test_signing_in(counted: Counted, remember: bool) -> None:
    town, browser = counted.town, counted.town.browser()
    asked, _ = counted.post(browser, "/connexion", password(ODILE, remember=remember))
    assert asked == 7
    code = {"security_code": town.mailed_code()}
    asked, _ = counted.post(browser, "/connexion/code", code)
    assert asked == counted.counts(6, 7) + remember


def test_signing_in_where_the_registration_was_made(counted: Counted) -> None:
    browser = counted.town.browser(Stage.RECORDED)
    asked, _ = counted.post(browser, "/connexion", password(ODILE))
    assert asked == MOST
    code = {"security_code": counted.town.mailed_code()}
    asked, _ = counted.post(browser, "/connexion/code", code)
    assert asked == counted.counts(6, 7)


@pytest.mark.parametrize("stage", [Stage.STREET, Stage.RECORDED])
def test_signing_in_on_a_trusted_device(counted: Counted, stage: Stage) -> None:
    town, trusted, browser = counted.town, counted.town.browser(), counted.town.browser(stage)
    town.sign_in(trusted, remember=True)
    secret = trusted.get_cookie("device")
    assert secret is not None
    browser.set_cookie("device", secret.value)
    asked, answer = counted.post(browser, "/connexion", password(ODILE))
    assert "/espace" in (answer.headers.get("Location"), answer.headers.get("HX-Push-Url"))
    assert asked == counted.counts(6, 7) + (stage is Stage.RECORDED)


def test_recovery(counted: Counted) -> None:
    town, browser = counted.town, counted.town.browser()
    for number, asks in ((ODILE.number, 6), (RENE.number, 7)):
        fields = {"email": ODILE.email, "number": number}
        asked, _ = counted.post(browser, "/mot-de-passe-oublie", fields)
        assert asked == asks, number
    new = {"password": NEW_PASSWORD, "password_repeat": NEW_PASSWORD}
    asked, _ = counted.post(browser, town.recovery_link(), new)
    assert asked == 8


def test_a_newer_letter(counted: Counted) -> None:
    town, browser = counted.town, counted.town.browser()
    newer, chosen = reissued(town.work), {"email": "odile.neuve@example.org"}
    asked, _ = counted.post(browser, "/inscription", about_me(newer, **chosen))
    assert asked == counted.counts(6, 7)
    asked, _ = counted.post(browser, "/inscription/cgu", {"accept": "y"})
    assert asked == counted.counts(7, 8)
    asked, _ = counted.post(town.browser(), town.mailed_link(), {}, "/connexion")
    assert asked == counted.counts(6, 7)


def test_a_newer_letter_by_its_code(counted: Counted) -> None:
    town, browser = counted.town, counted.town.browser()
    newer = replace(reissued(town.work), email="odile.neuve@example.org")
    town.register(town.browser(), newer, password=NEW_PASSWORD, password_repeat=NEW_PASSWORD)
    code = town.mailed_code()
    fields = {"email": newer.email, "password": NEW_PASSWORD}
    counted.post(browser, "/connexion", fields)
    asked, _ = counted.post(browser, "/inscription/en-cours", {"activation_code": code})
    assert asked == 8


def test_stopping_a_newer_letter(counted: Counted) -> None:
    town, browser = counted.town, counted.town.browser()
    link = town.stop_link()
    for asks in ((5, 6), (1, 2)):  # once, and once more
        asked, _ = counted.post(browser, link, {}, "/connexion")
        assert asked == counted.counts(*asks)
    member = town.browser(Stage.MEMBER)
    town.stop_link()
    asked, _ = counted.post(member, "/espace/nouveau-courrier", {}, "/espace")
    assert asked == counted.counts(6, 7)


def test_another_code(counted: Counted) -> None:
    browser = counted.town.browser(Stage.CODE)
    counted.later()
    asked, _ = counted.post(browser, "/connexion/renvoyer", {}, "/connexion/code")
    assert asked == counted.counts(5, 6)


def test_the_space(counted: Counted) -> None:
    town, browser = counted.town, counted.town.browser()
    town.sign_in(browser, remember=True)
    paths = {"/espace/prolonger": (2, 2), "/espace/appareils/1/oublier": (3, 4)}
    for path, counts in paths.items():
        asked, _ = counted.post(browser, path, {}, "/espace")
        assert asked == counted.counts(*counts), path
    asked, _ = counted.post(browser, "/deconnexion", {}, "/espace")
    assert asked == 3
    asked, _ = counted.post(
        town.browser(Stage.MEMBER), "/espace/deconnecter-partout", {}, "/espace"
    )
    assert asked == 4
