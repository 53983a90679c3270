"""To look changes nothing: a GET or HEAD of any page, at any stage, writes nothing."""

import pytest
from sqlalchemy import select

from player.members import becomes
from player.statements import Statements
from tests.checked_client import HX_PARTIAL
from tests.visitors import Progress, Town, paths
from webapp.models import Base
from webapp.rules.statuses import ACTIVE
from webapp.services.kernel.work import Work

SHAPES = pytest.mark.parametrize("headers", [{}, HX_PARTIAL], ids=["plain", "partial"])


def everything(work: Work) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    tables = Base.metadata.sorted_tables
    rows = {each.name: [tuple(row) for row in work.db.execute(select(each))] for each in tables}
    work.settle()
    return rows


def pages(town: Town) -> list[str]:
    """Every address that answers a GET: of links one that is ready, one that is not ours."""
    status = town.status()
    becomes(town.work, ACTIVE)  # who left begins nothing
    links = [_link(town), "/inscription/validation/not-ours"]
    links += [town.recovery_link(), "/mot-de-passe-oublie/nouveau/not-ours"]
    links += [_sealed(town, "address_change", "/adresse"), "/adresse/not-ours"]
    links += [_sealed(town, "address_undo", "/adresse/retablir"), "/adresse/retablir/not-ours"]
    links += [f"/espace/securite/historique/{number}/pas-moi" for number in (2, 99)]
    links += [town.stop_link(), "/nouveau-courrier/not-ours"]
    becomes(town.work, status)
    plain = [path for path in sorted(paths(town.app, "GET")) if "<" not in path]
    return [*plain, *links, "/nulle-part"]


def _link(town: Town) -> str:
    written = [each for each in town.mails() if each.name == "registration"]
    return town.mailed_link() if written else "/inscription/validation/none"


def _sealed(town: Town, purpose: str, place: str) -> str:
    """A link of ours, whose row is gone."""
    return f"{place}/{town.work.world.seals.seal_link(purpose, town.work.world.chance.row_id())}"


@SHAPES
@pytest.mark.parametrize("stage", Progress)
def test_looking_at_every_page_writes_nothing(
    town: Town, stage: Progress, headers: dict[str, str]
) -> None:
    browser = town.browser(stage)
    addresses = pages(town)
    before = everything(town.work)
    with Statements(town.work.db.engine) as statements:
        for path in addresses:
            for verb in ("GET", "HEAD"):
                assert browser.open(path, method=verb, headers=headers).status_code < 500
    assert statements.writing == []
    assert everything(town.work) == before


def test_only_a_session_s_own_last_use_is_written_once_a_minute(town: Town) -> None:
    browser = town.browser(Progress.MEMBER)
    town.work.world.clock.advance(minutes=1)  # type: ignore[attr-defined]
    before = everything(town.work)
    with Statements(town.work.db.engine) as statements:
        for _ in range(3):
            browser.get("/espace")
    town.work.settle()
    assert [each.split()[:2] for each in statements.writing] == [["UPDATE", "session"]]
    after = everything(town.work)
    assert {name for name in before if before[name] != after[name]} == {"session"}


@SHAPES
def test_a_passer_by_s_page_asks_the_database_nothing(town: Town, headers: dict[str, str]) -> None:
    browser = town.browser()
    asks = {"/sante": 1}
    for path in sorted(paths(town.app, "GET")):
        if "<" in path:
            continue
        with Statements(town.work.db.engine) as statements:
            browser.get(path, headers=headers)
        assert len(statements.seen) == asks.get(path, 0), path


def test_a_passer_by_s_link_asks_once(town: Town) -> None:
    town.browser(Progress.RECORDED)
    for link in (town.mailed_link(), town.recovery_link(), town.stop_link()):
        with Statements(town.work.db.engine) as statements:
            town.browser().get(link)
        assert len(statements.seen) == 1, link


@SHAPES
@pytest.mark.parametrize("stage", [stage for stage in Progress if stage is not Progress.STREET])
def test_a_page_of_a_session_asks_three_times_at_most(
    town: Town, stage: Progress, headers: dict[str, str]
) -> None:
    browser = town.browser(stage)
    for path in pages(town):
        town.work.world.clock.advance(minutes=2)  # type: ignore[attr-defined]
        with Statements(town.work.db.engine) as statements:
            browser.get(path, headers=headers)
        assert len(statements.seen) <= 3, path
