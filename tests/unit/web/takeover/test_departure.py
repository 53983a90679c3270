"""A member is to leave a space of several: what the link in the space's mail shows, and stops."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from player.members import ODILE, RENE
from tests.checked_client import HX_PARTIAL, tree
from tests.shared_spaces import joins, members_of
from tests.visitors import Town
from webapp.models import Account, Leaving
from webapp.services.household import effect
from webapp.services.household.leaving import LEAVING

NAME = "M.\u00a0Rene Exemple"


@pytest.fixture
def account_id(town: Town) -> int:
    found: int = town.work.db.execute(
        select(Account.id).where(Account.email == ODILE.email)
    ).scalar_one()
    return found


@pytest.fixture
def link(town: Town, account_id: int) -> str:
    """René joined Odile, and proved a newer letter of his."""
    work, letter = town.work, RENE.__class__("0135790", "8C3HW5ZR7Y4N", RENE.email)
    rene = joins(work, account_id, letter)
    texts = dict.fromkeys(("password_hash", "terms_version", "terms_hash", "terms_origin"), "")
    own = {"id": "a" * 32, "account_id": account_id, "roll_id": rene, "state": "waiting"}
    new = dict.fromkeys(("email", "email_key"), "rene.neuf@example.org")
    moments = dict.fromkeys(("created_at", "terms_at"), work.now)
    day = work.now + timedelta(hours=24)
    work.db.execute(insert(Leaving).values(**own, **new, **texts, **moments, effective_at=day))
    work.settle()
    return f"/nouveau-courrier/{work.world.seals.seal_link(LEAVING.seal, 'a' * 32)}"


def heading(text: str) -> str:
    [title] = tree(text).iter("h1")
    return "".join(title.itertext())


@pytest.mark.parametrize("partial", [False, True])
def test_it_says_who_leaves_and_one_button_stops_it(
    town: Town, account_id: int, link: str, partial: bool
) -> None:
    browser = town.browser()
    page = browser.get(link)
    assert heading(page.text) == f"{NAME} va quitter votre espace"
    assert "J’arrête ce départ" in page.text
    headers = HX_PARTIAL if partial else {}
    browser.post(link, data={"csrf_token": browser.csrf(link)}, headers=headers)
    page = browser.get(link)
    assert heading(page.text) == "Le départ est arrêté"
    assert f"{NAME} reste dans votre espace" in page.text
    town.work.world.clock.advance(hours=24)  # type: ignore[attr-defined]
    assert effect.apply_due(town.work) == 0
    assert len(members_of(town.work, account_id)) == 2


def test_once_done_it_says_that_nothing_changed_for_the_others(
    town: Town, account_id: int, link: str
) -> None:
    town.work.world.clock.advance(hours=24)  # type: ignore[attr-defined]
    assert effect.apply_due(town.work) == 1
    town.work.settle()
    page = town.browser().get(link)
    assert heading(page.text) == "Le départ a déjà eu lieu"
    assert "Pour vous, rien n’a changé" in page.text
    assert members_of(town.work, account_id) == [ODILE.number]
