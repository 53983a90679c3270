"""An address of origin is read the same however a proxy writes it, and never as none."""

import logging

import pytest
from flask import Flask
from sqlalchemy import Engine, select

from player.members import RENE
from player.world import still_world, test_settings
from tests.apps import furnished
from tests.visitors import Town, about_me
from webapp.models import JournalEntry, TermsAcceptance
from webapp.web import origins
from webapp.web.origins import UNREADABLE

HOST, HOUSE = "203.0.113.7", "2001:db8:1:2::"
FORMS = [
    (HOST, HOST),
    (f"{HOST}:41234", HOST),
    (f" {HOST} ", HOST),
    (f"::ffff:{HOST}", HOST),
    (f"[::ffff:{HOST}]:443", HOST),
    ("2001:db8:1:2:3:4:5:6", HOUSE),
    ("[2001:db8:1:2:3:4:5:6]", HOUSE),
    ("[2001:db8:1:2:3:4:5:6]:443", HOUSE),
    ("2001:DB8:1:2::1%eth0", HOUSE),
    ("[2001:db8:1:2::1%25eth0]:443", HOUSE),
]
BROKEN = [
    "",
    "unix:",
    "unknown",
    "_hidden",
    "203.0.113.7:x",
    "203.0.113",
    "[2001:db8::1",
    "é",
    "1" * 999,
]


@pytest.fixture(autouse=True)
def nothing_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """This process has not warned yet."""
    monkeypatch.setattr(origins, "_told", {})


@pytest.mark.parametrize(("told", "counted"), FORMS)
def test_ports_brackets_zones_and_mapped_addresses_are_the_same_origin(
    told: str, counted: str
) -> None:
    assert origins.counted(told) == counted


@pytest.mark.parametrize("told", BROKEN)
def test_what_is_no_address_is_none(told: str) -> None:
    assert origins.counted(told) == ""


class Served:
    """The application behind so many proxies, posted a wrong letter through its whole stack."""

    def __init__(self, engine: Engine, town: Town, proxies: int):
        settings = test_settings(trusted_proxies=proxies)
        self.world, self.town = still_world(settings), town
        self.app: Flask = furnished(settings, self.world, engine)
        self.browser = self.app.test_client()

    def origin(self, forwarded: str | None, peer: str = "192.0.2.1") -> str:
        """What the journal says of a wrong letter from there."""
        page = self.browser.get("/inscription").text
        fields = about_me(RENE, access_code="AAAABBBBCCCC")
        fields["csrf_token"] = page.split('name="csrf_token" value="')[1].split('"')[0]
        self.browser.post(
            "/inscription",
            data=fields,
            headers={} if forwarded is None else {"X-Forwarded-For": forwarded},
            environ_overrides={"REMOTE_ADDR": peer},
        )
        entries = select(JournalEntry.origin).order_by(JournalEntry.id.desc())
        found = self.town.work.db.execute(entries).scalars().first()
        self.town.work.settle()
        return str(found)


@pytest.mark.parametrize(("told", "counted"), FORMS)
def test_behind_a_proxy_the_journal_has_the_clean_address(
    engine: Engine, town: Town, told: str, counted: str
) -> None:
    assert Served(engine, town, 1).origin(f"198.51.100.1, {told}") == counted


@pytest.mark.parametrize(
    ("forwarded", "peer", "counted"),
    [
        ("unknown", "192.0.2.1", "192.0.2.1"),
        ("unknown", "192.0.2.1:5000", "192.0.2.1"),
        ("unknown", "", UNREADABLE),
        ("unknown", "unix:", UNREADABLE),
        (None, "192.0.2.1", "192.0.2.1"),
    ],
)
def test_one_that_cannot_be_read_is_counted_as_the_proxy_s_never_as_nothing(
    engine: Engine, town: Town, forwarded: str | None, peer: str, counted: str
) -> None:
    assert Served(engine, town, 1).origin(forwarded, peer) == counted


def test_the_limit_counts_a_host_whatever_its_ports(engine: Engine, town: Town) -> None:
    served = Served(engine, town, 1)
    page = served.browser.get("/connexion").text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    statuses = []
    for each in range(101):
        fields = {"csrf_token": token, "email": f"m{each}@example.org", "password": "faux" * 4}
        told = {"X-Forwarded-For": f"{HOST}:{40_000 + each}"}
        statuses.append(served.browser.post("/connexion", data=fields, headers=told).status_code)
    assert statuses == [422] * 100 + [429]


def test_it_is_logged_in_one_line_once_an_hour(
    engine: Engine, town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    served = Served(engine, town, 1)
    with caplog.at_level(logging.WARNING):
        for _ in range(20):
            served.origin("unknown")
        (line,) = [each.getMessage() for each in caplog.records if "TRUSTED" in each.getMessage()]
        assert "X-Forwarded-For" in line and "\n" not in line and "unknown" not in line
        served.world.clock.advance(hours=1)  # type: ignore[attr-defined]
        for _ in range(20):
            served.origin("unknown")
    assert len([each for each in caplog.records if "TRUSTED" in each.getMessage()]) == 2


def test_a_readable_one_is_not_logged(
    engine: Engine, town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        Served(engine, town, 1).origin(f"{HOST}:41234")
    assert "TRUSTED" not in caplog.text


def test_the_proof_of_terms_keeps_the_clean_address(town: Town) -> None:
    browser = town.browser()
    browser.environ_base["REMOTE_ADDR"] = f"{HOST}:41234"
    town.register(browser)
    browser.submit(town.mailed_link(), {})
    kept = select(TermsAcceptance.origin).order_by(TermsAcceptance.id.desc())
    assert town.work.db.execute(kept).scalars().first() == HOST
