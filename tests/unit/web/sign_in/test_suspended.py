"""A space that an operator suspended: what whoever has both steps reads, and what a stranger does
not."""

import pytest

from player.members import ODILE, suspended
from tests.checked_client import CHALLENGE, TOKEN
from tests.journeys import journalled, mailed_recovery, reissued
from tests.visitors import Progress, Town

SHUT = "/connexion/espace-ferme"
SAID = "Cet espace est suspendu, à votre demande ou par précaution."
HELD = "Nous ne pouvons pas continuer en ligne pour le moment."
WORD = "suspen"
PHONE = "tel:+33199001234"


@pytest.mark.parametrize("partial", [False, True], ids=["plain", "partial"])
def test_after_both_steps_a_page_says_so_and_whom_to_call(town: Town, partial: bool) -> None:
    suspended(town.work)
    town.partial = partial
    browser = town.browser()
    answer = town.sign_in(browser, remember=True)
    page = answer.text if partial else browser.get(answer.headers["Location"]).text
    assert SAID in page and PHONE in page and "Me déconnecter" in page
    assert len(journalled(town.work, "sign_in.shut")) == 1


def test_nothing_tells_of_it_before_both_steps(town: Town) -> None:
    before = town.give_password(town.browser(), ODILE, "pas le bon du tout")
    suspended(town.work)
    after = town.give_password(town.browser(), ODILE, "pas le bon du tout")
    texts = [CHALLENGE.sub("", TOKEN.sub("", each.text)) for each in (before, after)]
    assert (before.status_code, texts[0]) == (after.status_code, texts[1])
    browser = town.browser()
    assert town.give_password(browser).headers["Location"] == "/connexion/code"
    for path in ("/connexion/code", SHUT, "/espace"):
        assert WORD not in browser.get(path, follow_redirects=True).text


def test_an_open_session_is_over_at_its_next_request(town: Town) -> None:
    browser = town.browser(Progress.MEMBER)
    suspended(town.work)
    page = browser.get("/espace", follow_redirects=True)
    assert page.request.path == "/connexion" and WORD not in page.text


def test_a_letter_alone_learns_whom_to_call_and_no_more(town: Town) -> None:
    newer = reissued(town.work)
    suspended(town.work)
    page = town.prove_letter(town.browser(), newer)
    assert page.status_code == 200 and HELD in page.text and PHONE in page.text
    assert WORD not in page.text


def test_a_link_to_a_new_password_learns_no_more_either(town: Town) -> None:
    suspended(town.work)
    browser = town.browser()
    asked = {"email": ODILE.email, "number": ODILE.number}
    browser.submit("/mot-de-passe-oublie", asked)
    page = browser.get(f"/mot-de-passe-oublie/nouveau/{mailed_recovery(town.work)}")
    assert HELD in page.text and WORD not in page.text
