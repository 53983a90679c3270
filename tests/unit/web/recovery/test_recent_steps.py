"""The recent second steps on the page of a new password, where the mailed link was opened."""

import re
from typing import Any

import pytest
from sqlalchemy import func, select

from player.members import ODILE
from player.statements import Statements
from player.world import NEW_PASSWORD
from tests import own_steps
from tests.authenticator import Phone
from tests.checked_client import tree
from tests.journeys import mailed_recovery
from tests.visitors import Town
from webapp.models import JournalEntry, Passkey
from webapp.rules.ranks import Member
from webapp.services.kernel import journal
from webapp.services.space import history

NEW = {"password": NEW_PASSWORD, "password_repeat": NEW_PASSWORD}


@pytest.fixture
def odile(town: Town) -> Member:
    """Odile in her space, to which a stranger added a passkey a moment ago."""
    session = own_steps.member(town.work)
    own_steps.with_passkey(town.work, session, Phone())
    return session


def later(town: Town, **span: float) -> None:
    town.work.world.clock.advance(**span)  # type: ignore[attr-defined]


def somebody_comes_in(town: Town) -> int:
    """The journal's entry of a sign-in, a minute later."""
    later(town, minutes=1)
    journal.write(town.work, "sign_in.done", account_id=1, by="passkey", agent="")
    entry = town.work.db.execute(select(func.max(JournalEntry.id))).scalar_one()
    town.work.settle()
    return int(entry)


def keys(text: str) -> list[str | None]:
    boxes = [each for each in tree(text).iter("input") if each.get("name") == "remove"]
    return [each.get("value") for each in boxes]


def passkeys(town: Town) -> int:
    found = len(town.work.db.execute(select(Passkey.id)).all())
    town.work.settle()
    return found


def choose(town: Town, link: str, **fields: Any) -> str:
    """« Enregistrer », and the page that follows."""
    browser = town.browser()
    answer = browser.submit(link, NEW | fields)
    if answer.status_code == 303:
        answer = browser.get(answer.headers["Location"])
    return answer.text.replace("\u00a0", " ")


@pytest.mark.usefixtures("odile")
def test_who_gave_the_number_and_reads_the_mailbox_sees_what_is_recent(town: Town) -> None:
    link = town.recovery_link()
    text = town.browser().get(link).text
    assert keys(text) == ["cle-1", "codes"]
    assert "Mon téléphone" in text
    assert "Retiré en même temps : une clé d’accès." in choose(town, link, remove=["cle-1"])
    assert passkeys(town) == 0


@pytest.mark.usefixtures("odile")
def test_a_weak_password_keeps_the_ticks(town: Town) -> None:
    weak = {"password": "court", "password_repeat": "court", "remove": ["cle-1"]}
    page = choose(town, town.recovery_link(), **weak)
    assert re.search(r'value="cle-1" checked', page)
    assert passkeys(town) == 1


@pytest.mark.usefixtures("odile")
def test_an_established_one_is_neither_shown_nor_removed_through_the_mailbox(town: Town) -> None:
    somebody_comes_in(town)
    later(town, days=8)
    link = town.recovery_link()
    assert "fieldset" not in town.browser().get(link).text
    assert "Retiré" not in choose(town, link, remove=["cle-1", "tout"])
    assert passkeys(town) == 1


def test_before_the_number_is_given_no_step_is_named(town: Town, odile: Member) -> None:
    """The link that follows « Ce n’était pas moi », said of a sign-in younger than the passkey."""
    assert history.dispute(town.work, odile, somebody_comes_in(town))
    link = f"/mot-de-passe-oublie/nouveau/{mailed_recovery(town.work)}"
    town.work.settle()
    text = town.browser().get(link).text
    assert keys(text) == ["tout"]
    assert "Mon téléphone" not in text
    page = choose(town, link, number="0099999", remove=["tout"])
    assert keys(page) == ["tout"]
    assert "Mon téléphone" not in page
    assert passkeys(town) == 1
    page = choose(town, link, number=ODILE.number, remove=["tout"])
    assert "Retiré en même temps : une clé d’accès" in page
    assert passkeys(town) == 0


def test_without_a_recent_one_the_page_is_as_ever_and_asks_the_database_once(town: Town) -> None:
    link = town.recovery_link()
    with Statements(town.work.db.engine) as statements:
        text = town.browser().get(link).text
    assert len(statements.seen) == 1
    assert "fieldset" not in text
