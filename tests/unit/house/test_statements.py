"""How much each step's POST asks of the database, to the statement: eight at most."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import update
from werkzeug.test import TestResponse

from player.households import GERARD, MARCEL, SUZANNE, YVETTE
from player.members import LUCE, ODILE, RENE, Letter
from player.statements import Statements
from player.world import NEW_PASSWORD, PASSWORD
from tests import own_steps
from tests.authenticator import Phone
from tests.checked_client import HX_PARTIAL, CheckedClient, tree
from tests.journeys import reissued
from tests.visitors import OLDER_TERMS, Progress, Town, about_me
from webapp.models import Account, JoinedMember

MOST = 8
WAITING = "/inscription/confirmation"
SECURITY = "/espace/securite"
JOINING = "/espace/rattachement"


@pytest.fixture(params=[False, True], ids=["plain", "partial"])
def counted(town: Town, request: pytest.FixtureRequest) -> "Counted":
    """The town, where every POST is counted."""
    return Counted(town, HX_PARTIAL if request.param else {})


class Counted:
    """Posts forms and counts what each asks of the database."""

    def __init__(self, town: Town, headers: dict[str, str]):
        self.town, self.headers = town, headers

    def post(
        self,
        browser: CheckedClient,
        path: str,
        fields: dict[str, str],
        page: str = "",
        most: int = MOST,
    ) -> tuple[int, TestResponse]:
        form = {"csrf_token": browser.csrf(page or path), **fields}
        with Statements(self.town.work.db.engine) as statements:
            self.town.work.settle()
            answer = browser.post(path, data=form, headers=self.headers)
        assert len(statements.seen) <= most, (path, *statements.seen)
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
    assert asked == counted.counts(6, 8)


@pytest.mark.parametrize("stage", [Progress.DRAFT, Progress.RECORDED])
def test_registration_after_retour(counted: Counted, stage: Progress) -> None:
    browser = counted.town.browser(stage)
    fields = {"number": RENE.number, "email": RENE.email}
    asked, _ = counted.post(browser, "/inscription", fields)
    assert asked == counted.counts(6, 7)
    asked, _ = counted.post(browser, "/inscription/cgu", {"accept": "y"})
    assert asked == counted.counts(7, 8)


@pytest.mark.parametrize("stage", [Progress.DRAFT, Progress.RECORDED])
def test_registration_typed_all_again_after_retour(counted: Counted, stage: Progress) -> None:
    asked, _ = counted.post(counted.town.browser(stage), "/inscription", about_me(RENE))
    assert asked == counted.counts(7, 8)


def test_the_registration_s_mail(counted: Counted) -> None:
    browser = counted.town.browser(Progress.RECORDED)
    counted.later()
    asked, _ = counted.post(browser, "/inscription/renvoyer", {}, WAITING)
    assert asked == counted.counts(6, 7)
    other = {"email": "neuf@example.org", "access_code": RENE.access_code}
    asked, _ = counted.post(browser, "/inscription/adresse", other, WAITING, most=12)
    assert asked == counted.counts(11, 12)
    asked, _ = counted.post(browser, "/inscription/autre", {}, WAITING)
    assert asked == 2


def test_another_address_once_signed_in(counted: Counted) -> None:
    browser = counted.town.browser(Progress.WAITING)
    other = {"email": "neuf@example.org"}
    page = "/inscription/en-cours"
    asked, _ = counted.post(browser, "/inscription/adresse", other, page)
    assert asked == counted.counts(7, 8)


def test_the_activation_code(counted: Counted) -> None:
    town, browser = counted.town, counted.town.browser()
    town.register(town.browser(), LUCE)
    code = town.code_in_mail()
    asked, _ = counted.post(browser, "/connexion", password(LUCE))
    assert asked == counted.counts(5, 6)
    asked, _ = counted.post(browser, "/inscription/en-cours", {"activation_code": code})
    assert asked == MOST


@pytest.mark.parametrize("remember", [False, True])
def test_signing_in(counted: Counted, remember: bool) -> None:
    town, browser = counted.town, counted.town.browser()
    asked, _ = counted.post(browser, "/connexion", password(ODILE, remember=remember))
    assert asked == 7
    code = {"security_code": town.code_in_mail()}
    asked, _ = counted.post(browser, "/connexion/code", code)
    assert asked == counted.counts(5, 6) + 2 * remember


def test_signing_in_where_the_registration_was_made(counted: Counted) -> None:
    browser = counted.town.browser(Progress.RECORDED)
    asked, _ = counted.post(browser, "/connexion", password(ODILE))
    assert asked == MOST
    code = {"security_code": counted.town.code_in_mail()}
    asked, _ = counted.post(browser, "/connexion/code", code)
    assert asked == counted.counts(5, 6)


@pytest.mark.parametrize("stage", [Progress.STREET, Progress.RECORDED])
def test_signing_in_on_a_trusted_device(counted: Counted, stage: Progress) -> None:
    town, trusted, browser = counted.town, counted.town.browser(), counted.town.browser(stage)
    town.sign_in(trusted, remember=True)
    secret = trusted.get_cookie("device")
    assert secret is not None
    browser.set_cookie("device", secret.value)
    asked, answer = counted.post(browser, "/connexion", password(ODILE))
    assert "/espace" in (answer.headers.get("Location"), answer.headers.get("HX-Push-Url"))
    assert asked == counted.counts(6, 7) + (stage is Progress.RECORDED)


def test_recovery(counted: Counted) -> None:
    town, browser = counted.town, counted.town.browser()
    for number, asks in ((ODILE.number, 6), (RENE.number, 7)):
        fields = {"email": ODILE.email, "number": number}
        asked, _ = counted.post(browser, "/mot-de-passe-oublie", fields)
        assert asked == asks, number
    new = {"password": NEW_PASSWORD, "password_repeat": NEW_PASSWORD}
    asked, _ = counted.post(browser, town.recovery_link(), new)
    assert asked == 7


class Own:
    """Odile with an app, a phone that has her passkey, and her recovery codes."""

    def __init__(self, counted: Counted):
        self.town, self.counted, self.phone = counted.town, counted, Phone(counts=False)
        member = own_steps.member(self.town.work)
        self.codes = own_steps.with_app(self.town.work, member)
        own_steps.with_passkey(self.town.work, member, self.phone)
        self.town.work.world.clock.advance(seconds=30)  # type: ignore[attr-defined]

    def app_code(self) -> str:
        return own_steps.app_code(self.town.work)

    def signed(self, browser: CheckedClient, path: str) -> dict[str, str]:
        """What the passkey's form of this page would carry."""
        return self._answered(browser, path, self.phone.sign)

    @classmethod
    def made(cls, browser: CheckedClient, path: str) -> dict[str, str]:
        """What the form that adds a passkey would carry."""
        return cls._answered(browser, path, Phone().make) | {"name": "Autre"}

    @staticmethod
    def _answered(
        browser: CheckedClient, path: str, answer: Callable[[str], str]
    ) -> dict[str, str]:
        page = tree(browser.get(path).text)
        form = next(each for each in page.iter("form") if each.get("data-passkey"))
        fields = {each.get("name"): each.get("value") for each in form.iter("input")}
        return {"answer": answer(form.get("data-passkey")), "challenge": fields["challenge"]}


STEPS = "/espace/securite/deuxieme-etape"


@pytest.mark.parametrize("remember", [False, True])
@pytest.mark.parametrize("way", ["application", "cle", "secours"])
def test_signing_in_with_a_step_of_one_s_own(counted: Counted, way: str, remember: bool) -> None:
    own, browser = Own(counted), counted.town.browser()
    asked, _ = counted.post(browser, "/connexion", password(ODILE, remember=remember))
    assert asked == counted.counts(5, 6)  # no mail; the page of the passkey asks which
    path = f"/connexion/{way}"
    if way == "application":
        asked, _ = counted.post(browser, path, {"app_code": own.app_code()}, most=9)
        assert asked == (9 if remember else counted.counts(7, 8))
    elif way == "cle":
        asked, _ = counted.post(browser, path, own.signed(browser, path), most=9)
        assert asked == (9 if remember else counted.counts(7, 8))
    else:
        asked, _ = counted.post(browser, path, {"recovery_code": own.codes[0]})
        assert asked == 8


def test_a_passkey_alone(counted: Counted) -> None:
    own, browser = Own(counted), counted.town.browser()
    path = "/connexion/cle/directe"
    asked, _ = counted.post(browser, path, own.signed(browser, path))
    assert asked == counted.counts(5, 6)
    counted.later(11)
    path = "/espace/preuve"
    asked, _ = counted.post(browser, f"{path}/cle", own.signed(browser, path), path)
    assert asked == counted.counts(7, 8)


def test_the_steps_of_one_s_own(counted: Counted) -> None:
    town, browser = counted.town, counted.town.browser(Progress.MEMBER)
    asked, _ = counted.post(browser, f"{STEPS}/application", {}, STEPS)
    assert asked == counted.counts(2, 3)
    fields = {"name": "Appli", "app_code": own_steps.app_code(town.work)}
    asked, _ = counted.post(browser, f"{STEPS}/application/valider", fields, f"{STEPS}/application")
    assert asked == MOST
    asked, _ = counted.post(browser, f"{STEPS}/cle", Own.made(browser, f"{STEPS}/cle"))
    assert asked == counted.counts(7, 8)
    paths = {
        f"{STEPS}/mail/arreter": (6, 7),
        f"{STEPS}/mail/reprendre": (4, 5),
        f"{STEPS}/codes": (7, 7),
        f"{STEPS}/codes/notes": (1, 2),
        f"{STEPS}/application/retirer": (6, 7),
        f"{STEPS}/cle/1/retirer": (7, 8),
    }
    for path, counts in paths.items():
        asked, _ = counted.post(browser, path, {}, STEPS)
        assert asked == counted.counts(*counts), path


def test_joining_a_space(counted: Counted) -> None:
    town, browser = counted.town, counted.town.browser()
    asked, _ = counted.post(browser, "/inscription", about_me(RENE, email=ODILE.email))
    assert asked == counted.counts(6, 7), "as for an unknown address"
    asked, _ = counted.post(browser, "/inscription/cgu", {"accept": "y"})
    assert asked == counted.counts(7, 8), "as for an unknown address"
    asked, _ = counted.post(browser, town.mailed_link(), {})
    assert asked == counted.counts(6, 8)
    owner = town.browser(Progress.MEMBER)
    path = re.search(r'action="(/\S+/autoriser)"', owner.get(JOINING).text)
    assert path is not None
    asked, _ = counted.post(owner, path[1], {}, JOINING, most=12)
    assert asked == counted.counts(9, 12), "the next screen looks anew at who shares the space"


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
    code = town.code_in_mail()
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
    member = town.browser(Progress.MEMBER)
    town.stop_link()
    asked, _ = counted.post(member, "/espace/nouveau-courrier", {}, "/espace")
    assert asked == counted.counts(6, 7)


def test_another_code(counted: Counted) -> None:
    browser = counted.town.browser(Progress.CODE)
    counted.later()
    asked, _ = counted.post(browser, "/connexion/renvoyer", {}, "/connexion/code")
    assert asked == counted.counts(5, 6)


def test_the_space(counted: Counted) -> None:
    town, browser = counted.town, counted.town.browser()
    town.sign_in(browser, remember=True)
    paths = {"/espace/prolonger": (2, 2), f"{SECURITY}/appareils/1/oublier": (3, 4)}
    for path, counts in paths.items():
        asked, _ = counted.post(browser, path, {}, SECURITY)
        assert asked == counted.counts(*counts), path
    asked, _ = counted.post(browser, "/deconnexion", {}, "/espace")
    assert asked == 3
    everywhere = f"{SECURITY}/deconnecter-partout"
    asked, _ = counted.post(town.browser(Progress.MEMBER), everywhere, {}, SECURITY)
    assert asked == MOST


def test_signing_in_from_an_unknown_browser(counted: Counted) -> None:
    town, browser = counted.town, counted.town.browser()
    town.browser(Progress.MEMBER)
    browser.environ_base["HTTP_USER_AGENT"] = "Mozilla/5.0 (iPhone) Safari"
    counted.post(browser, "/connexion", password(ODILE))
    asked, _ = counted.post(browser, "/connexion/code", {"security_code": town.code_in_mail()})
    assert asked == counted.counts(6, 7)


def test_another_password(counted: Counted) -> None:
    fields = {"present_password": PASSWORD}
    new = {"password": NEW_PASSWORD, "password_repeat": NEW_PASSWORD}
    browser = counted.town.browser(Progress.MEMBER)
    asked, _ = counted.post(browser, f"{SECURITY}/mot-de-passe", fields | new)
    assert asked == MOST


def test_a_recent_step_goes_along(counted: Counted) -> None:
    """Two deeds in one: the removal's own statements come on top."""
    town = Own(counted).town
    fields = {"password": NEW_PASSWORD, "password_repeat": NEW_PASSWORD, "remove": "cle-1"}
    asked, _ = counted.post(town.browser(), town.recovery_link(), fields, most=11)
    assert asked == 11


def test_another_address(counted: Counted) -> None:
    town = counted.town
    browser = town.browser(Progress.MEMBER)
    for email in ("personne@example.org", "neuf@example.org"):
        fields = {"email": email, "present_password": PASSWORD}
        asked, _ = counted.post(browser, f"{SECURITY}/email", fields, f"{SECURITY}/email?autre")
        assert asked == MOST
    counted.later()
    asked, _ = counted.post(browser, f"{SECURITY}/email/renvoyer", {}, SECURITY)
    assert asked == counted.counts(6, 7)
    code = {"address_code": town.code_in_mail()}
    asked, _ = counted.post(browser, f"{SECURITY}/email/confirmation", code)
    assert asked == MOST
    asked, _ = counted.post(town.browser(), town.undo_link(), {}, "/connexion")
    assert asked == 7


def test_another_address_by_its_link_or_given_up(counted: Counted) -> None:
    town = counted.town
    browser = town.browser(Progress.MEMBER)
    town.ask_address(browser)
    link = town.address_link()
    asked, _ = counted.post(browser, link, {})
    assert asked == 7
    town.ask_address(browser, "encore@example.org")
    asked, _ = counted.post(browser, f"{SECURITY}/email/annuler", {}, SECURITY)
    assert asked == counted.counts(3, 4)


def test_sessions_and_a_dispute(counted: Counted) -> None:
    town, browser = counted.town, counted.town.browser(Progress.MEMBER)
    town.browser(Progress.MEMBER)
    asked, _ = counted.post(browser, f"{SECURITY}/connexions/2/fermer", {}, SECURITY)
    assert asked == counted.counts(3, 4)
    asked, _ = counted.post(browser, f"{SECURITY}/connexions/fermer", {}, SECURITY)
    assert asked == counted.counts(5, 6)
    asked, _ = counted.post(browser, f"{SECURITY}/historique/2/pas-moi", {})
    assert asked == MOST


def test_closing_a_space(counted: Counted) -> None:
    town, browser = counted.town, counted.town.browser(Progress.MEMBER)
    base = "/espace/mes-donnees"
    asked, _ = counted.post(browser, f"{base}/fermer", {"present_password": PASSWORD})
    assert asked == 8
    counted.later()
    asked, _ = counted.post(browser, f"{base}/fermer/renvoyer", {}, f"{base}/fermer/code")
    assert asked == counted.counts(4, 5)
    code = {"security_code": town.code_in_mail()}
    asked, _ = counted.post(browser, f"{base}/fermer/code", code)
    assert asked == counted.counts(7, 8)
    asked, _ = counted.post(browser, f"{base}/garder", {}, base)
    assert asked == counted.counts(5, 6)


def test_the_file_of_my_data(counted: Counted) -> None:
    browser = counted.town.browser(Progress.MEMBER)
    asked, _ = counted.post(browser, "/espace/mes-donnees/export.json", {}, "/espace/mes-donnees")
    assert asked == 3


def test_new_terms(counted: Counted) -> None:
    browser = counted.town.browser(Progress.TERMS)
    path = "/connexion/conditions"
    asked, _ = counted.post(browser, f"{path}/refus", {}, path)
    assert asked == 2
    fields = {"accept": "y", "version": counted.town.work.world.terms.version}
    asked, _ = counted.post(browser, path, fields)
    assert asked == counted.counts(5, 6)


def test_a_space_of_five_asks_one_statement_more_at_most(counted: Counted) -> None:
    town, base = counted.town, "/espace/mes-donnees"
    browser = town.browser(Progress.MEMBER)
    posted = {
        "/espace/prolonger": ({}, SECURITY),
        f"{base}/export.json": ({}, base),
        f"{STEPS}/application": ({}, STEPS),
        f"{SECURITY}/connexions/fermer": ({}, SECURITY),
        "/espace/preuve": ({"present_password": PASSWORD}, "/espace/preuve"),
        f"{SECURITY}/mot-de-passe": (
            {
                "present_password": PASSWORD,
                "password": NEW_PASSWORD,
                "password_repeat": NEW_PASSWORD,
            },
            f"{SECURITY}/mot-de-passe",
        ),
    }
    shown = ("/espace", SECURITY, f"{SECURITY}/historique", base, f"{base}/export", STEPS, "/aide")

    def asked() -> dict[str, int]:
        counts = {}
        for path in shown:
            with Statements(town.work.db.engine) as statements:
                town.work.settle()
                assert browser.get(path, headers=counted.headers).status_code == 200
            counts[path] = len(statements.seen)
        counted.later(11)
        for path, (fields, page) in posted.items():
            counts[f"POST {path}"], _ = counted.post(browser, path, fields, page, most=MOST + 1)
        return counts

    alone = asked()
    town.shared_by(GERARD, SUZANNE, MARCEL, YVETTE)
    former = update(Account).values(password_hash=town.work.world.hasher.hash(PASSWORD))
    town.work.db.execute(former)
    several = asked()
    more = {path: several[path] - alone[path] for path in alone}
    assert set(more.values()) <= {0, 1}, more


def test_new_terms_of_one_of_five(counted: Counted) -> None:
    town, path = counted.town, "/connexion/conditions"
    ids = town.shared_by(GERARD, SUZANNE, MARCEL, YVETTE)
    town.work.db.execute(update(JoinedMember).values(terms_version=OLDER_TERMS))
    browser = town.browser(Progress.TERMS)
    fields = {"accept": "y", "version": town.work.world.terms.version}
    for roll_id in reversed(ids):
        asked, _ = counted.post(browser, f"{path}?pour={roll_id}", fields, most=MOST + 1)
        assert asked == counted.counts(6, 7)
