"""A day is typed in the same ways wherever the desk asks for one."""

import pytest
from flask import Flask

from tests.callers import known, page_of
from tests.checked_client import CheckedClient
from tests.operators import at_the_desk
from tests.printer import first, lot, press, roll, second
from webapp.rules.roles import Role
from webapp.services.kernel.work import Work

__all__ = ["first", "lot", "roll", "second"]  # fixtures
# 1 December 2026, the day on which the clock of these tests stands
WRITTEN = ("01/12/2026", "1.12.2026", "01/12/26", "1er décembre 2026", "2026-12-01", "01122026")
NO_DAY = ("31/02/2026", "12/31/2026", "hier", "01/12/1899", "31/12/9999", "inconnue")


@pytest.fixture
def auditor(desk: Flask) -> CheckedClient:
    return at_the_desk(desk, Role.AUDITOR)


def asked(auditor: CheckedClient, on: str) -> str | None:
    """Where the question for this day leads, None for a refusal."""
    return auditor.submit("/journal/jour", {"on": on}, page="/journal").headers.get("Location")


def exported(auditor: CheckedClient, day: str) -> str | None:
    """The name of the file, None for a refusal."""
    period = {"first_day": day, "last_day": day}
    answer = auditor.submit("/journal/export", period, page="/journal")
    assert answer.data
    return answer.headers.get("Content-Disposition")


@pytest.mark.parametrize("text", WRITTEN)
def test_the_journal_reads_it(auditor: CheckedClient, text: str) -> None:
    location = asked(auditor, text)
    assert location is not None
    assert "Journal du 1er décembre 2026" in auditor.get(location).text.replace("\u00a0", " ")
    assert "journal-2026-12-01-2026-12-01" in (exported(auditor, text) or "")


@pytest.mark.parametrize("text", NO_DAY)
def test_the_journal_refuses_what_is_none(auditor: CheckedClient, text: str) -> None:
    assert asked(auditor, text) is None
    assert exported(auditor, text) is None


def test_a_period_may_end_later_in_the_year(auditor: CheckedClient) -> None:
    assert "journal-2026-12-31-2026-12-31" in (exported(auditor, "31/12/26") or "")


@pytest.mark.usefixtures("roll")
@pytest.mark.parametrize("text", WRITTEN)
def test_the_day_of_a_posting_is_read_alike(first: CheckedClient, lot: int, text: str) -> None:
    assert press(first, f"/lots/{lot}", f"/lots/{lot}/poste", day=text).status_code == 303


@pytest.mark.parametrize("text", ("07/03/1950", "7.3.1950", "7 mars 1950", "1950-03-07"))
def test_a_birth_is_read_alike(desk: Flask, work: Work, text: str) -> None:
    roll_id = known(work)
    names = {"last_name": "Exemple", "first_name": "Odile", "born": text}
    found = at_the_desk(desk).submit("/chercher/nom", names, page="/")
    assert found.headers["Location"] == page_of(roll_id)
