"""Rolls uploaded at the desk, for tests: by one operator, for another one."""

import io

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.checked_client import TOKEN, CheckedClient, words
from tests.operators import at_the_desk
from webapp.models import JournalEntry, RollEntry
from webapp.rules.roles import Role

HEAD = "numero_adherent;nom;prenom;date_naissance;adresse_1;adresse_2"
ROLL = (
    HEAD,
    "00200101;Lefèvre;Odile;07/03/1950;12 RUE DES LILAS;01000 BOURG",
    "00200102;Martin;René;08/04/1951;3 RUE HAUTE;01000 BOURG",
)


def text(*rows: str) -> bytes:
    return "\n".join(rows).encode()


def upload(browser: CheckedClient, content: bytes, name: str = "adherents.csv", **fields: str):  # type: ignore[no-untyped-def]
    data = {
        "csrf_token": browser.csrf("/imports"),
        "file": (io.BytesIO(content), name),
        **fields,
    }
    return browser.post("/imports", data=data, content_type="multipart/form-data")


def place(answer) -> str:  # type: ignore[no-untyped-def]
    assert answer.status_code == 303, words(answer.text)
    return str(answer.headers["Location"]).partition("?")[0]


def press(browser: CheckedClient, page: str, action: str, **fields: str):  # type: ignore[no-untyped-def]
    """Press the button of this page that posts there."""
    shown = browser.get(page).text
    assert f'action="{action}"' in shown, f"no button on {page} to {action}"
    token = TOKEN.search(shown)
    assert token is not None
    seen = shown.partition('name="seen" value="')[2].partition('"')[0]
    data = {"csrf_token": token[2], "seen": seen, **fields}
    return browser.post(action, data=data)


def rows(desk: Flask, asked):  # type: ignore[no-untyped-def]
    engine, _ = desk.extensions["portal"]
    with engine.connect() as connection:
        return connection.execute(asked).all()


def members(desk: Flask) -> int:
    (found,) = rows(desk, select(func.count()).select_from(RollEntry))[0]
    return int(found)


def events(desk: Flask) -> list[str]:
    return [row.event for row in rows(desk, select(JournalEntry.event).order_by(JournalEntry.id))]


@pytest.fixture
def first(desk: Flask) -> CheckedClient:
    return at_the_desk(desk, Role.LETTERS, "c.courrier")


@pytest.fixture
def second(desk: Flask) -> CheckedClient:
    return at_the_desk(desk, Role.SUPERVISOR, "s.chef")


def imported(first: CheckedClient, second: CheckedClient, content: bytes) -> str:
    page = place(upload(first, content))
    answer = press(second, page, f"{page}/importer")
    assert place(answer) == page
    return page
