"""A space that the roll closes: every door of somebody who left or died, on both databases."""

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from player.members import LUCE, ODILE, RENE, becomes
from player.world import StillClock
from tests.checked_client import CHALLENGE, TOKEN, CheckedClient
from tests.journeys import count, journalled
from tests.visitors import Progress, Town
from webapp.models import Account, StoredSession
from webapp.rules.statuses import ACTIVE, DECEASED, LEFT, REFUSED

SHUT = "/connexion/espace-ferme"
DIED, CONDOLENCES = "décès", "nous vous présentons nos condoléances"
GONE = "vous n’êtes plus adhérent"
NEUTRAL = "cette adhésion a pris fin"
PHONE = "tel:+33199001234"


def read(browser: CheckedClient, path: str = SHUT) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return answer.text


@pytest.mark.parametrize(("status", "words"), [(LEFT, GONE), (DECEASED, CONDOLENCES)])
@pytest.mark.parametrize("partial", [False, True], ids=["plain", "partial"])
def test_after_both_steps_a_page_says_that_the_space_is_closed_and_whom_to_call(
    town: Town, status: str, words: str, partial: bool
) -> None:
    becomes(town.work, status)
    town.partial = partial
    browser = town.browser()
    answer = town.sign_in(browser)
    page = answer.text if partial else read(browser, answer.headers["Location"])
    assert words in page and PHONE in page and "du lundi au vendredi" in page
    assert "Rien n’est effacé" in page or "rien n’est effacé" in page


def test_nothing_tells_of_a_death_before_both_steps(town: Town) -> None:
    """The password alone, and a wrong one, are answered as for any member."""
    before = town.give_password(town.browser(), ODILE, "pas le bon du tout")
    becomes(town.work, DECEASED)
    after = town.give_password(town.browser(), ODILE, "pas le bon du tout")
    assert seen(after) == seen(before)
    browser = town.browser()
    assert town.give_password(browser).headers["Location"] == "/connexion/code"
    for path in ("/connexion/code", SHUT, "/espace"):
        assert DIED not in browser.get(path, follow_redirects=True).text


def test_an_open_session_reads_it_at_its_next_request_and_opens_nothing(town: Town) -> None:
    browser = town.browser(Progress.MEMBER)
    token = browser.csrf("/espace/securite")
    becomes(town.work, LEFT)
    for path in ("/espace", "/espace/mes-donnees", "/espace/securite/historique"):
        assert browser.get(path).headers["Location"] == SHUT
    fields = {"csrf_token": token}
    assert browser.post("/espace/prolonger", data=fields).headers["Location"] == SHUT
    export = browser.post("/espace/mes-donnees/export.json", data=fields)
    assert export.headers["Location"] == SHUT
    assert GONE in read(browser)


def test_who_reads_it_signs_out_and_another_person_signs_in(town: Town) -> None:
    browser = town.browser(Progress.SHUT)
    assert browser.get("/connexion").status_code == 200
    answer = browser.submit("/deconnexion", {}, page=SHUT)
    assert answer.headers["Location"] == "/connexion?fait=deconnexion"
    assert count(town.work, StoredSession) == 0


def test_active_again_all_works_as_before(town: Town) -> None:
    """The session that did not end, the trusted device, the password, the history."""
    inside, trusted = town.browser(Progress.MEMBER), town.browser()
    town.sign_in(trusted, remember=True)
    trusted.submit("/deconnexion", {}, page="/espace")
    becomes(town.work, LEFT)
    assert inside.get("/espace").headers["Location"] == SHUT
    assert town.give_password(trusted).headers["Location"] == SHUT
    becomes(town.work, ACTIVE)
    assert "Bonjour" in read(inside, "/espace")
    assert trusted.get(SHUT).headers["Location"] == "/espace"
    trusted.submit("/deconnexion", {}, page="/espace")
    assert town.give_password(trusted).headers["Location"] == "/espace"
    assert "Connexion pendant que l’espace était fermé" in read(
        trusted, "/espace/securite/historique"
    )


def test_a_closed_space_trusts_no_new_device_and_mails_no_notice(town: Town) -> None:
    becomes(town.work, LEFT)
    browser = town.browser()
    answer = town.sign_in(browser, remember=True)
    assert "device" not in "".join(answer.headers.getlist("Set-Cookie"))
    assert [each.name for each in town.mails()] == ["security_code"]
    assert journalled(town.work, "sign_in.done") == []
    assert len(journalled(town.work, "sign_in.shut")) == 1


def test_ten_wrong_passwords_at_a_closed_space_warn_nobody(town: Town, clock: StillClock) -> None:
    becomes(town.work, DECEASED)
    for each in range(10):
        clock.advance(hours=each > 4)
        town.give_password(town.browser(), ODILE, "pas le bon du tout")
    assert town.mails() == []


@pytest.mark.parametrize("status", [LEFT, DECEASED])
def test_a_right_letter_is_told_without_a_word_of_death(town: Town, status: str) -> None:
    becomes(town.work, status, RENE)
    page = town.prove_letter(town.browser(), RENE)
    assert page.status_code == 200 and NEUTRAL in page.text and DIED not in page.text
    assert len(journalled(town.work, "registration.membership_over")) == 1
    becomes(town.work, ACTIVE, RENE)
    answer = town.prove_letter(town.browser(), RENE)
    assert answer.headers["Location"] == "/inscription/cgu"


def test_a_wrong_letter_is_answered_as_ever(town: Town) -> None:
    before = town.prove_letter(town.browser(), RENE, access_code="AAAABBBBCCCC")
    becomes(town.work, DECEASED, RENE)
    after = town.prove_letter(town.browser(), RENE, access_code="AAAABBBBCCCC")
    assert seen(after) == seen(before)


def test_a_registration_under_way_stands_still_and_goes_on_later(town: Town) -> None:
    draft, waiting = town.browser(Progress.DRAFT), town.browser(Progress.WAITING)
    link, code = town.mailed_link(), town.code_in_mail()
    becomes(town.work, LEFT, RENE)
    becomes(town.work, DECEASED, LUCE)
    fields = {"csrf_token": draft.csrf("/inscription"), "accept": "y"}
    assert draft.post("/inscription/cgu", data=fields).headers["Location"] == "/inscription"
    stranger = town.browser()
    assert "n’est plus valable" in read(stranger, link)
    assert "n’est plus valable" in read(waiting, "/inscription/en-cours")
    assert NEUTRAL in town.give_password(town.browser(), LUCE).text
    assert count(town.work, Account) == 1
    becomes(town.work, ACTIVE, LUCE)
    fields = {"activation_code": code}
    waiting.submit("/inscription/en-cours", fields)
    assert count(town.work, Account) == 2


def test_a_link_to_a_new_password_says_that_the_space_is_closed(town: Town) -> None:
    path = town.recovery_link()
    becomes(town.work, DECEASED)
    browser = town.browser()
    page = read(browser, path)
    assert NEUTRAL in page and DIED not in page
    becomes(town.work, ACTIVE)
    token = browser.csrf(path)
    becomes(town.work, DECEASED)
    chosen = "un tout autre mot de passe"
    fields = {"csrf_token": token, "password": chosen, "password_repeat": chosen}
    before = hash_of_odile(town)
    assert NEUTRAL in browser.post(path, data=fields).text
    assert hash_of_odile(town) == before
    becomes(town.work, ACTIVE)
    assert browser.post(path, data=fields).headers["Location"] == "/mot-de-passe-oublie/fait"


def test_a_change_of_address_waits_and_its_link_tells_nothing(town: Town) -> None:
    """Its mailbox may be a stranger's, who was written to by mistake."""
    town.ask_address(town.browser(Progress.MEMBER))
    path = town.address_link()
    becomes(town.work, DECEASED)
    page = read(town.browser(), path)
    assert "n’est plus valable" in page and DIED not in page and NEUTRAL not in page
    becomes(town.work, ACTIVE)
    browser = town.browser()
    browser.submit(path, {})
    assert town.work.db.execute(select(Account.email)).scalar_one() == "neuf@example.org"
    town.work.settle()


def test_the_former_address_may_undo_a_change_all_the_same(town: Town) -> None:
    """Seven days, which may be over before the roll is right again."""
    town.ask_address(town.browser(Progress.MEMBER))
    town.browser().submit(town.address_link(), {})
    undo = town.undo_link()
    becomes(town.work, LEFT)
    town.browser().submit(undo, {})
    assert town.work.db.execute(select(Account.email)).scalar_one() == ODILE.email
    town.work.settle()


def test_who_refuses_the_space_keeps_the_one_they_have_and_a_letter_still_opens(
    town: Town,
) -> None:
    becomes(town.work, REFUSED)
    becomes(town.work, REFUSED, RENE)
    assert "Bonjour" in read(town.browser(Progress.MEMBER), "/espace")
    answer = town.prove_letter(town.browser(), RENE)
    assert answer.headers["Location"] == "/inscription/cgu"


def test_the_session_of_a_closed_space_is_not_prolonged(town: Town, clock: StillClock) -> None:
    browser = town.browser(Progress.MEMBER)
    becomes(town.work, LEFT)
    clock.advance(minutes=20)
    assert GONE in read(browser)
    clock.advance(minutes=11)
    assert browser.get(SHUT).headers["Location"] == "/connexion?fait=session"


def seen(answer: TestResponse) -> tuple[int, str]:
    """What a stranger can compare."""
    return answer.status_code, CHALLENGE.sub(r"\1\2", TOKEN.sub(r"\1token\3", answer.text))


def hash_of_odile(town: Town) -> str:
    stored = select(Account.password_hash).where(Account.email_key == ODILE.email)
    found = town.work.db.execute(stored).scalar_one()
    town.work.settle()
    return found
