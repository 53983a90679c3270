"""One piece of work a request, and where it comes from."""

import pytest
from flask import Flask
from sqlalchemy import Engine, event, select, text
from sqlalchemy.exc import OperationalError

from player.members import RENE
from player.world import still_world, test_settings
from tests.checked_client import HX_PARTIAL
from tests.visitors import Progress, Town, about_me
from webapp import create_app
from webapp.models import JournalEntry, Throttle
from webapp.web.doors import open_to_all
from webapp.web.transactions import current_work, origin

SPEND = text(
    "INSERT INTO throttle (key, used, window_ends, closed_until)"
    " VALUES ('k', 1, '2030-01-01', '2030-01-01')"
)


@pytest.mark.parametrize(("status", "rows"), [(200, 1), (303, 1), (422, 1), (500, 0), (503, 0)])
def test_what_was_done_is_kept_below_500_and_undone_above(
    own_app: Flask, engine: Engine, status: int, rows: int
) -> None:
    @open_to_all
    def act() -> tuple[str, int]:
        current_work().db.execute(SPEND)
        return "", status

    own_app.add_url_rule("/acte", "act", act, methods=["PUT"])
    assert own_app.test_client().put("/acte").status_code == status
    with engine.connect() as connection:
        assert len(connection.execute(select(Throttle.key)).all()) == rows


def test_what_a_crash_began_is_undone(own_app: Flask, engine: Engine) -> None:
    @open_to_all
    def crash() -> str:
        current_work().db.execute(SPEND)
        raise ZeroDivisionError

    own_app.add_url_rule("/chute", "crash", crash, methods=["PUT"])
    assert own_app.test_client().put("/chute").status_code == 500
    with engine.connect() as connection:
        assert connection.execute(select(Throttle.key)).all() == []


def test_a_refusal_keeps_its_count(town: Town) -> None:
    browser = town.browser()
    answers = [town.prove_letter(browser, RENE, access_code="AAAABBBBCCCC") for _ in range(6)]
    assert [each.status_code for each in answers] == [422] * 5 + [429]
    assert int(answers[-1].headers["Retry-After"]) > 3500


@pytest.mark.parametrize("partial", [False, True], ids=["plain", "partial"])
def test_a_commit_that_fails_is_told_and_costs_nobody_the_session(
    town: Town, partial: bool
) -> None:
    browser = town.browser(Progress.CODE)
    held, code = browser.get_cookie("session"), town.code_in_mail()
    engine = town.work.db.engine
    town.work.settle()
    form = {"csrf_token": browser.csrf("/connexion/code"), "security_code": code}
    headers = HX_PARTIAL if partial else {}
    with _failing_commits(engine):
        answer = browser.post("/connexion/code", data=form, headers=headers)
    assert answer.status_code == 503
    assert "Set-Cookie" not in answer.headers
    assert browser.get_cookie("session") == held
    assert browser.post("/connexion/code", data=form).headers["Location"] == "/espace"


@pytest.mark.parametrize(
    ("peer", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("192.0.2.7:41234", "192.0.2.7"),
        ("", "unreadable"),
        ("unix:", "unreadable"),
    ],
)
def test_an_origin_is_an_address_or_a_household_s_network(
    app: Flask, peer: str, counted: str
) -> None:
    with app.test_request_context(environ_overrides={"REMOTE_ADDR": peer}):
        assert origin() == counted


@pytest.mark.parametrize(("proxies", "counted"), [(0, "127.0.0.1"), (1, "198.51.100.9")])
def test_x_forwarded_for_is_believed_from_trusted_proxies_alone(
    engine: Engine, town: Town, proxies: int, counted: str
) -> None:
    settings = test_settings(trusted_proxies=proxies)
    app = create_app(settings, still_world(settings), engine)
    told = {"X-Forwarded-For": "203.0.113.1, 198.51.100.9"}
    browser = app.test_client()
    fields = about_me(RENE, access_code="AAAABBBBCCCC")
    page = browser.get("/inscription").text
    fields["csrf_token"] = page.split('name="csrf_token" value="')[1].split('"')[0]
    browser.post("/inscription", data=fields, headers=told)
    rows = town.work.db.execute(select(JournalEntry.origin)).scalars().all()
    assert rows == [counted]


class _failing_commits:  # noqa: N801 - reads as a function
    """A database that has no room left when the work is to be kept."""

    def __init__(self, engine: Engine):
        self.engine, self.commits = engine, 0

    def __enter__(self) -> None:
        event.listen(self.engine, "commit", self._fail)

    def __exit__(self, *_error: object) -> None:
        event.remove(self.engine, "commit", self._fail)

    def _fail(self, _connection: object) -> None:
        self.commits += 1
        if self.commits == 1:
            raise OperationalError("COMMIT", None, Exception("database or disk is full"))
