"""Imports taken back by a test, or refused."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, insert, select

from tests.roll_desk import CODE, Desk
from webapp.models import (
    Registration,
    RollEntry,
    RollImport,
)
from webapp.services.roll import undo
from webapp.services.roll.entries import code_mac
from webapp.services.roll.undo import Undoing, UndoRefused


def last_import(desk: Desk) -> int:
    with desk.engine.connect() as connection:
        return connection.execute(select(func.max(RollImport.id))).scalar_one()


def undone(desk: Desk, import_id: int | None = None, *, reason: str = "") -> Undoing:
    which = last_import(desk) if import_id is None else import_id
    with desk.work() as work:
        return undo.undo(work, which, operator="a.petit", reason=reason)


def refused(desk: Desk, import_id: int | None = None) -> UndoRefused:
    """Why nothing was undone; looking beforehand says the same, and nothing changes."""
    which = last_import(desk) if import_id is None else import_id
    before = desk.roll()
    with pytest.raises(UndoRefused) as asked, desk.work() as work:
        undo.plan(work, which)
    with pytest.raises(UndoRefused) as refusal, desk.work() as work:
        undo.undo(work, which, operator="a.petit")
    assert (asked.value.key, asked.value.conflicts) == (refusal.value.key, refusal.value.conflicts)
    assert desk.roll() == before
    return refusal.value


def write(desk: Desk, *statements: Any) -> None:
    with desk.engine.begin() as connection:
        for each in statements:
            connection.execute(each)


def of_number(number: str) -> Any:
    return select(RollEntry.id).where(RollEntry.number == number).scalar_subquery()


def begun(desk: Desk, number: str, *, code: str = CODE, **more: object) -> Any:
    """A registration with this letter."""
    values = {
        "id": f"of {number}", "link_id": f"link of {number}", "roll_id": of_number(number),
        "code_mac": code_mac(desk.work(), number, code), "state": "draft",
        "email": "a@example.org", "email_key": "a@example.org", "password_hash": "x",
        "codes": "", "terms_version": "", "terms_hash": "", "terms_origin": "",
        "created_at": desk.clock.now(), "expires_at": desk.clock.now() + timedelta(days=1),
    }  # fmt: skip
    return insert(Registration).values(values | more)
