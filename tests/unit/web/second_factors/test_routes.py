"""The page of second steps and the ways to sign in, as browsers use them."""

import pytest

from tests import own_steps
from tests.authenticator import Phone
from tests.checked_client import CheckedClient, words
from tests.visitors import Progress, Town

STEPS = "/espace/securite/deuxieme-etape"


@pytest.fixture
def codes(town: Town) -> tuple[str, ...]:
    """Odile has an app; its recovery codes."""
    found = own_steps.with_app(town.work, own_steps.member(town.work))
    town.work.world.clock.advance(seconds=30)  # type: ignore[attr-defined]
    return found


def at_step(town: Town) -> CheckedClient:
    browser = town.browser()
    town.give_password(browser)
    return browser


def signed_in(town: Town) -> CheckedClient:
    browser = at_step(town)
    browser.submit("/connexion/application", {"app_code": own_steps.app_code(town.work)})
    return browser


def test_the_password_leads_to_the_step_that_was_chosen(town: Town, codes: tuple[str, ...]) -> None:
    answer = town.give_password(town.browser())
    assert answer.headers["Location"] == "/connexion/application"
    browser = at_step(town)
    assert browser.get("/connexion/code").headers["Location"] == "/connexion/application"
    assert browser.get("/connexion/cle").headers["Location"] == "/connexion/application"
    assert browser.get("/espace").headers["Location"] == "/connexion/code"


def test_no_mail_leaves_by_itself_and_one_does_when_asked(
    town: Town, codes: tuple[str, ...]
) -> None:
    before = len(town.mails())
    browser = at_step(town)
    assert len(town.mails()) == before
    page = "/connexion/application"
    answer = browser.submit("/connexion/renvoyer", {}, page=page)
    assert answer.headers["Location"] == "/connexion/code?fait=renvoi"
    assert town.give_code(browser).headers["Location"] == "/espace"


def test_a_stopped_mail_is_not_offered_and_refused(town: Town, codes: tuple[str, ...]) -> None:
    signed_in(town).submit(f"{STEPS}/mail/arreter", {}, page=STEPS)
    before = len(town.mails())
    browser = at_step(town)
    assert "Recevoir un code par mail" not in browser.get("/connexion/application").text
    answer = browser.submit("/connexion/renvoyer", {}, page="/connexion/application")
    assert answer.headers["Location"] == "/connexion/application"
    assert len(town.mails()) == before


def test_a_used_recovery_code_leads_to_what_is_left(town: Town, codes: tuple[str, ...]) -> None:
    browser = at_step(town)
    answer = browser.submit("/connexion/secours", {"recovery_code": codes[0]})
    assert answer.headers["Location"] == f"{STEPS}?fait=secours"
    assert "Il vous reste 9 codes" in browser.get(STEPS).text


def test_typed_codes_are_told_with_their_field_and_five_wrong_ones_end_the_sign_in(
    town: Town, codes: tuple[str, ...]
) -> None:
    browser = at_step(town)
    for path, fields in [
        ("/connexion/application", {"app_code": "12"}),
        ("/connexion/secours", {"recovery_code": "12"}),
    ]:
        assert "Recopiez" in browser.submit(path, fields).text
    for _ in range(4):
        assert (
            browser.submit("/connexion/secours", {"recovery_code": "AAAAAAAA"}).status_code == 422
        )
    answer = browser.submit("/connexion/application", {"app_code": "000000"})
    assert "recommencez avec votre e-mail" in words(answer.text)
    assert browser.get("/connexion/application").headers["Location"].startswith("/connexion")


def test_new_codes_are_shown_to_this_session_alone(town: Town, codes: tuple[str, ...]) -> None:
    browser, other = signed_in(town), None
    answer = browser.submit(f"{STEPS}/codes", {}, page=STEPS)
    assert answer.headers["Location"] == f"{STEPS}/codes"
    cookie = browser.get_cookie("codes", path=f"{STEPS}/codes")
    assert cookie is not None and cookie.http_only
    assert codes[1] not in browser.get(f"{STEPS}/codes").text
    town.work.world.clock.advance(seconds=30)  # type: ignore[attr-defined]
    other = at_step(town)
    town.work.settle()
    other.submit("/connexion/renvoyer", {}, page="/connexion/application")
    town.give_code(other)
    other.set_cookie("codes", cookie.value, path=f"{STEPS}/codes")
    assert other.get(f"{STEPS}/codes").headers["Location"] == STEPS
    browser.submit(f"{STEPS}/codes/notes", {}, page=STEPS)
    assert browser.get(f"{STEPS}/codes").headers["Location"] == STEPS


def test_adding_asks_the_password_again_after_ten_minutes(town: Town) -> None:
    browser = town.browser(Progress.MEMBER)
    town.work.world.clock.advance(minutes=11)  # type: ignore[attr-defined]
    answer = browser.get(f"{STEPS}/cle")
    assert answer.headers["Location"] == "/espace/preuve?suite=adding_factor.passkey"
    for path in (f"{STEPS}/application", f"{STEPS}/codes", f"{STEPS}/mail/arreter"):
        answer = browser.submit(path, {}, page=STEPS)
        assert answer.headers["Location"] == "/espace/preuve?suite=second_factors.page", path


def test_two_tabs_that_remove_the_same_step(town: Town, codes: tuple[str, ...]) -> None:
    browser = signed_in(town)
    for told in ("etape_retiree", "etape_absente"):
        answer = browser.submit(f"{STEPS}/application/retirer", {}, page=STEPS)
        assert answer.headers["Location"] == f"{STEPS}?fait={told}"


def test_a_passkey_removed_while_its_page_is_open(town: Town) -> None:
    member, phone = own_steps.member(town.work), Phone()
    own_steps.with_passkey(town.work, member, phone)
    browser = at_step(town)
    assert "Utiliser ma clé d’accès" in browser.get("/connexion/cle").text
    town.browser(Progress.STREET)
    signed = town.browser()
    town.give_password(signed)
    signed.submit("/connexion/renvoyer", {}, page="/connexion/cle")
    town.give_code(signed)
    signed.submit(f"{STEPS}/cle/1/retirer", {}, page=STEPS)
    assert "vient d’être retirée" in browser.get("/connexion/cle").text
