"""Two operators at the printer's, for tests: a roll, a batch that they made, what is stored."""

import pyrage
import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.checked_client import TOKEN, CheckedClient
from tests.operators import at_the_desk
from tests.roll_desk import Desk
from webapp.models import LetterBatch
from webapp.models.desk import TwoPersonRequest
from webapp.rules.roles import Role

KEY = pyrage.x25519.Identity.generate()
PUBLIC = str(KEY.to_public())
ROLL = """numero_adherent|nom|prenom|adresse_1|adresse_2|statut
00200101|Lefèvre|Odile|MME ODILE LEFEVRE|01000 BOURG|actif
00200102|Martin|René|M RENE MARTIN|01000 BOURG|actif
00200103|Petit|Luc|M LUC PETIT|01000 BOURG|parti
00200104|Sans|Lieu|||actif"""


@pytest.fixture
def roll(engine, world, clock) -> Desk:  # type: ignore[no-untyped-def]
    desk = Desk(engine, world, clock)
    desk.load(ROLL, printer=False)
    return desk


@pytest.fixture
def first(desk: Flask) -> CheckedClient:
    return at_the_desk(desk, Role.LETTERS, "c.courrier")


@pytest.fixture
def second(desk: Flask) -> CheckedClient:
    return at_the_desk(desk, Role.SUPERVISOR, "s.chef")


def press(browser: CheckedClient, page: str, action: str, **fields: str):  # type: ignore[no-untyped-def]
    shown = browser.get(page).text
    assert f'action="{action}"' in shown, f"no button on {page} to {action}"
    token = TOKEN.search(shown)
    assert token is not None
    return browser.post(action, data={"csrf_token": token[2], **fields}, follow_redirects=False)


def rows(desk: Flask, asked):  # type: ignore[no-untyped-def]
    engine, _ = desk.extensions["portal"]
    with engine.connect() as connection:
        return connection.execute(asked).all()


def count(desk: Flask, table) -> int:  # type: ignore[no-untyped-def]
    return int(rows(desk, select(func.count()).select_from(table))[0][0])


def ask(browser: CheckedClient, **fields: str):  # type: ignore[no-untyped-def]
    wanted = {"new": "y", "key": PUBLIC, "reason": "nouveaux de novembre", **fields}
    return browser.submit("/lots/nouveau", wanted)


def request_of(desk: Flask) -> int:
    return int(rows(desk, select(func.max(TwoPersonRequest.id)))[0][0])


def agreed(desk: Flask, browser: CheckedClient):  # type: ignore[no-untyped-def]
    return press(browser, "/lots", f"/lots/demandes/{request_of(desk)}/accepter")


@pytest.fixture
def lot(desk: Flask, first, second) -> int:  # type: ignore[no-untyped-def]
    assert ask(first).status_code == 303
    assert agreed(desk, second).status_code == 303
    return int(rows(desk, select(func.max(LetterBatch.id)))[0][0])
