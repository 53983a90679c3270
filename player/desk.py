"""The desk beside a stage: the same database, clock and mails, on an address of its own."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from playwright.sync_api import BrowserContext
from sqlalchemy import select

from player.serving import Served
from player.stage import Stage
from player.world import test_settings
from webapp.desk_application import create_desk
from webapp.models.operator import Operator
from webapp.rules.roles import Role
from webapp.services.kernel.work import Work
from webapp.services.operators import sessions, staff
from webapp.services.operators.staff import Link

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

ORIGIN = "10.0.0.7"


def operator(
    work: Work, name: str = "a.petit", role: Role = Role.ADVISER, *, by: str = "c.martin"
) -> int:
    """The id of an operator of this name, added by that person if there is none."""
    asked = select(Operator.id).where(Operator.name == name)
    found = work.db.execute(asked).scalar()
    if found is None:
        staff.add(work, name, role, by=by)
        found = work.db.execute(asked).scalar_one()
    return int(found)


class Desk:
    """The operators' application for one test. Use as a context manager."""

    def __init__(self, stage: Stage):
        self._stage = stage
        self._served = Served(self._answer, "localhost")
        self.url = self._served.url
        settings = test_settings(public_url=stage.url, desk_url=self.url)
        self.app = create_desk(settings, stage.world, stage.engine)
        self.app.jinja_env.bytecode_cache = stage.app.jinja_env.bytecode_cache

    def __enter__(self) -> "Desk":
        self._served.begin()
        return self

    def __exit__(self, *_exc: object) -> None:
        self._served.end()

    def lets_in(self, browser: BrowserContext, role: Role, name: str = "") -> None:
        """An operator of this role is at work in this browser, as the services do it."""
        with self._work() as work:
            token = sessions.mint(work, operator(work, name or f"{role}.un", role))
        self._gives(browser, token)

    def enrols(self, name: str, role: Role) -> Link:
        """An operator is added; the link that registers their key."""
        with self._work() as work:
            return staff.add(work, name, role, by="c.martin")

    def _work(self) -> Work:
        return Work(self._stage.engine, self._stage.world, ORIGIN)

    def _gives(self, browser: BrowserContext, token: str) -> None:
        browser.add_cookies(
            [
                {
                    "name": "guichet", "value": f"s.{token}", "url": self.url, "httpOnly": True,
                    "sameSite": "Lax",
                }
            ]
        )  # fmt: skip

    def _answer(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """The application is made once its address is known."""
        return self.app(environ, start_response)
