"""New terms in a space of several: each accepts their own, whatever the others did."""

import pytest
from sqlalchemy import select, update

from player.households import GERARD
from player.members import ODILE
from tests.checked_client import HX_PARTIAL, CheckedClient
from tests.visitors import OLDER_TERMS, Progress, Town
from webapp.models import Account, JoinedMember, JournalEntry, StoredSession, TermsAcceptance

PAGE, HOME, DATA = "/connexion/conditions", "/espace", "/espace/mes-donnees"


@pytest.fixture(params=[False, True], ids=["plain", "partial"])
def headers(request: pytest.FixtureRequest) -> dict[str, str]:
    return HX_PARTIAL if request.param else {}


@pytest.fixture
def ids(town: Town) -> tuple[int, ...]:
    """Odile and Gérard."""
    return town.shared_by(GERARD)


def asked_anew(town: Town, roll_id: int) -> None:
    """This one accepted former terms alone."""
    for table in (Account, JoinedMember):
        older = update(table).where(table.roll_id == roll_id)
        town.work.db.execute(older.values(terms_version=OLDER_TERMS))
    town.work.settle()


def accept(
    town: Town, browser: CheckedClient, roll_id: int, headers: dict[str, str], *, times: int = 1
) -> str:
    """« Continuer » for this one; where it leads."""
    page = f"{PAGE}?pour={roll_id}"
    fields = {"accept": "y", "version": town.work.world.terms.version}
    fields["csrf_token"] = browser.csrf(page)
    for _ in range(times):
        answer = browser.post(page, data=fields, headers=headers)
    return answer.headers.get("Location") or answer.headers["HX-Push-Url"]


def versions(town: Town) -> tuple[str, str]:
    """Which terms Odile accepted last, and Gérard."""
    own = select(Account.terms_version, JoinedMember.terms_version)
    found = town.work.db.execute(own.join(JoinedMember, JoinedMember.account_id == Account.id))
    first, second = found.one()
    town.work.settle()
    return first, second


@pytest.mark.parametrize("at", [0, 1])
def test_each_is_asked_for_their_own_and_the_other_is_not(
    town: Town, ids: tuple[int, ...], at: int, headers: dict[str, str]
) -> None:
    asked_anew(town, ids[at])
    browser = town.browser(Progress.CODE)
    town.give_code(browser)
    own, other = ids[at], ids[1 - at]
    assert browser.get(f"{HOME}?pour={own}").headers["Location"] == f"{PAGE}?pour={own}"
    assert browser.get(f"{HOME}?pour={other}").status_code == 200
    assert browser.get(f"{PAGE}?pour={other}").headers["Location"] == f"{HOME}?pour={other}"
    cookie = browser.get_cookie("session")
    there = accept(town, browser, own, headers)
    assert there == f"{HOME}?fait=conditions&pour={own}"
    assert cookie != browser.get_cookie("session")
    assert browser.get(there).status_code == 200
    assert versions(town) == (town.work.world.terms.version,) * 2
    proofs = select(TermsAcceptance.roll_id).order_by(TermsAcceptance.id)
    assert town.work.db.execute(proofs).scalars().all() == [*ids, own]
    events = select(JournalEntry.roll_id).where(JournalEntry.event == "terms.accepted")
    assert town.work.db.execute(events).scalars().all() == [own]


def test_both_are_asked_and_one_s_yes_is_not_the_other_s(
    town: Town, ids: tuple[int, ...], headers: dict[str, str]
) -> None:
    for each in ids:
        asked_anew(town, each)
    browser = town.browser(Progress.CODE)
    town.give_code(browser)
    accept(town, browser, ids[1], headers)
    assert versions(town) == (OLDER_TERMS, town.work.world.terms.version)
    assert browser.get(f"{HOME}?pour={ids[0]}").headers["Location"] == f"{PAGE}?pour={ids[0]}"
    assert browser.get(f"{HOME}?pour={ids[1]}").status_code == 200
    accept(town, browser, ids[0], headers)
    assert versions(town) == (town.work.world.terms.version,) * 2


def test_two_taps_of_one_leave_one_proof(town: Town, ids: tuple[int, ...]) -> None:
    asked_anew(town, ids[1])
    one, other = town.browser(Progress.MEMBER), town.browser()
    town.work.world.clock.advance(minutes=2)  # type: ignore[attr-defined]
    town.sign_in(other)
    page = f"{PAGE}?pour={ids[1]}"
    fields = {"accept": "y", "version": town.work.world.terms.version}
    tokens = [each.csrf(page) for each in (one, other)]
    for each, token in zip((one, other), tokens, strict=True):
        each.post(page, data={**fields, "csrf_token": token})
        assert each.get(f"{HOME}?pour={ids[1]}").status_code == 200
    proofs = select(TermsAcceptance.id).where(TermsAcceptance.roll_id == ids[1])
    assert len(town.work.db.execute(proofs).all()) == 2


def test_who_declines_has_declined_for_themselves(town: Town, ids: tuple[int, ...]) -> None:
    asked_anew(town, ids[1])
    browser = town.browser(Progress.MEMBER)
    page = f"{PAGE}?pour={ids[1]}"
    answer = browser.submit(f"{PAGE}/refus?pour={ids[1]}", {}, page=page)
    assert answer.headers["Location"] == f"{PAGE}/refus?pour={ids[1]}"
    assert browser.get(f"{DATA}?pour={ids[1]}").status_code == 200
    assert browser.get(f"{HOME}?pour={ids[0]}").status_code == 200
    events = select(JournalEntry.roll_id).where(JournalEntry.event == "terms.declined")
    assert town.work.db.execute(events).scalars().all() == [ids[1]]


@pytest.mark.parametrize("at", [0, 1])
def test_the_session_lives_on_whoever_is_asked(town: Town, ids: tuple[int, ...], at: int) -> None:
    """Its row bears the rank of the first, the page the rank of who is shown."""
    asked_anew(town, ids[at])
    browser = town.browser(Progress.CODE)
    town.give_code(browser)
    for each in ids * 2:
        town.work.world.clock.advance(minutes=20)  # type: ignore[attr-defined]
        assert browser.get(f"{DATA}?pour={each}").status_code == 200
    seen = select(StoredSession.seen_at)
    assert town.work.db.execute(seen).scalar_one() == town.work.now
    assert ODILE.number in browser.get(f"{DATA}?pour={ids[0]}").text
