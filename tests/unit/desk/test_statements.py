"""How much a search and the screen that it leads to ask of the database: ten statements at most."""

import gzip
import re

import pytest
from flask import Flask
from sqlalchemy import select

from player.households import GERARD, joins
from player.members import ODILE
from player.statements import Statements
from player.world import StillClock
from tests.callers import known, opens, page_of
from tests.checked_client import HX_PARTIAL, CheckedClient
from tests.operators import at_the_desk
from webapp.models import Account
from webapp.services.kernel.work import Work

MOST, WEIGHT = 10, 40_000  # statements, bytes
FOUND = {
    "numero": {"number": ODILE.number},
    "nom": {"last_name": "exemple", "first_name": "odile", "born": "07/03/1950"},
    "email": {"space_email": ODILE.email},
}


@pytest.fixture
def browser(desk: Flask) -> CheckedClient:
    return at_the_desk(desk)


def asked(browser: CheckedClient, work: Work, way: str, **how: object) -> int:
    """By this search, and the member's page after it, open already."""
    form = {"csrf_token": browser.csrf("/"), **FOUND[way]}
    with Statements(work.db.engine) as statements:
        work.settle()
        found = browser.post(f"/chercher/{way}", data=form, **how)  # type: ignore[arg-type]
        if found.status_code == 303:
            found = browser.get(found.headers["Location"])
    assert "Que faire" in found.text
    return len(statements.seen)


@pytest.mark.parametrize("way", FOUND)
def test_a_search_and_its_screen(browser: CheckedClient, work: Work, way: str) -> None:
    roll_id = known(work, space=True)
    opens(browser, roll_id)
    assert asked(browser, work, way) == 9
    assert asked(browser, work, way, headers=HX_PARTIAL) == 8


def test_of_a_member_without_a_space(browser: CheckedClient, work: Work) -> None:
    roll_id = known(work)
    opens(browser, roll_id)
    assert asked(browser, work, "numero") <= MOST


def test_of_a_shared_space_and_once_a_minute(
    browser: CheckedClient, work: Work, clock: StillClock
) -> None:
    roll_id = known(work, space=True)
    joins(work, work.db.scalars(select(Account.id)).one(), GERARD)
    work.settle()
    opens(browser, roll_id)
    clock.advance(minutes=2)
    browser.get(page_of(roll_id))  # the session's last use is written once a minute
    assert asked(browser, work, "numero") <= MOST


@pytest.mark.parametrize("path", ["/", "page"])
def test_a_page_with_its_files_is_light(browser: CheckedClient, work: Work, path: str) -> None:
    roll_id = known(work, space=True)
    opens(browser, roll_id)
    page = browser.get(page_of(roll_id) if path == "page" else path).text
    files = set(re.findall(r'/static/[^"]+', page))
    [script] = [each for each in files if each.endswith("js/portal.js")]
    files.add(script.replace("portal.js", "htmx.min.js"))  # which portal.js fetches
    assert len(files) == 5
    packed = sum(packed_size(browser, each) for each in files)
    assert len(gzip.compress(page.encode())) + packed < WEIGHT


def packed_size(browser: CheckedClient, path: str) -> int:
    answer = browser.get(path, headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200
    size = len(answer.data)
    answer.close()
    return size
