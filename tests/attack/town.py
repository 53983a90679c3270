"""What is attacked: a portal and its desk, both served as they are, on one database."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import update

from player.world import test_settings
from tests.desk_town import Places, furnish
from tests.faults.desk import address_of, desk_host
from tests.faults.portal import Host, Portal, portal
from webapp.desk_application import create_desk
from webapp.models.desk import Look
from webapp.services.kernel.work import Work

ANY = "100000"  # tries: whoever attacks is not to be stopped by a count before a form is reached


@dataclass(frozen=True)
class Town:
    """`places`: what stands in the desk's addresses (tests/desk_town.py)."""

    portal: Portal
    desk: Host
    places: Places

    @property
    def portal_site(self) -> str:
        """Where the portal answers."""
        return address_of(self.portal.first)

    @property
    def desk_site(self) -> str:
        """Where the desk does."""
        return address_of(self.desk)

    def the_desk(self) -> Flask:
        """An application like that which is served: its routes, and who may enter."""
        settings = test_settings(desk_url=self.portal.environment["DESK_URL"])
        return create_desk(settings, self.portal.world, self.portal.engine)


@contextmanager
def town(folder: Path) -> Iterator[Town]:
    """Both applications, served, with something on each page of the desk."""
    database = f"sqlite:///{folder}/portal.sqlite3"
    with portal(folder, database, LIMIT_PER_ADDRESS="0") as running:
        desk = desk_host(running, DESK_LOOKS_PER_HOUR=ANY)
        desk.start()
        places = running.do(furnish)
        running.do(_stay_open)
        yield Town(running, desk, places)


def _stay_open(work: Work) -> None:
    """The members' pages, for longer than any tool takes."""
    work.db.execute(update(Look).values(open_until=work.now + timedelta(days=1)))
