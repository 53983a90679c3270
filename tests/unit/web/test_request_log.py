"""What the log tells of a request, and what it never does."""

import json
import logging
import sys

import pytest

from player.world import PASSWORD
from tests.visitors import Town
from webapp.adapters.logs import JsonLines


@pytest.fixture
def lines():
    """The lines of the log, as they would be written."""
    written: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            written.append(JsonLines().format(record))

    log, keep = logging.getLogger("portal"), Keep()
    former = log.level
    log.addHandler(keep)
    log.setLevel(logging.INFO)
    yield written
    log.removeHandler(keep)
    log.setLevel(former)


def test_a_request_is_one_line_of_its_door_never_its_address(town: Town, lines) -> None:
    link = town.recovery_link()
    lines.clear()
    town.browser().get(f"{link}?secret=1")
    (line,) = (json.loads(each) for each in lines)
    assert line["endpoint"].startswith("recovery.")
    assert (line["method"], line["status"]) == ("GET", 200)
    assert link.rpartition("/")[2] not in str(lines) and "secret" not in str(lines)


def test_no_line_holds_what_was_typed(town: Town, lines) -> None:
    town.register(town.browser())
    town.sign_in(town.browser())
    told = "\n".join(lines)
    for secret in (PASSWORD, "example.org", "0012345", "4F7K9QXM2T6B", "127.0.0.1"):
        assert secret not in told


def test_no_line_holds_what_a_page_s_own_address_says(town: Town, lines) -> None:
    """HTMX sends it whole with each request, what follows « # » included."""
    address = "http://localhost/inscription#n=0012345&c=4F7K-9QXM-2T6B"
    told = {"HX-Current-URL": address, "Referer": address}
    town.browser().get("/inscription", headers=told)
    town.browser().get("/nulle-part", headers=told)
    town.browser().post("/inscription", headers=told)
    assert len(lines) == 3
    assert not any(secret in str(lines) for secret in ("#", "0012345", "4F7K"))


def test_a_forged_line_stays_inside_its_own() -> None:
    record = logging.LogRecord("x", 20, "", 0, 'a\n{"level":"info"}\x1b[2J\u2028', (), None)
    line = JsonLines().format(record)
    assert "\n" not in line and "\x1b" not in line and line.isascii()
    assert json.loads(line)["message"].startswith("a\n")


def test_an_error_is_told_by_its_name_and_places_not_by_its_words() -> None:
    try:
        int("a password")
    except ValueError:
        record = logging.LogRecord("x", 40, "", 0, "unforeseen", (), sys.exc_info())
    line = json.loads(JsonLines().format(record))
    assert line["error"] == "ValueError"
    assert line["where"][0].startswith(__file__)
    assert "a password" not in str(line)
