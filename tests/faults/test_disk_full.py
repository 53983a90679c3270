"""The disk fills up: 503, nothing said to be done that is not, whole again once there is room."""

import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from player.members import Letter
from tests.faults import oracle
from tests.faults.conftest import Tell
from tests.faults.portal import BIN, Portal, portal
from tests.faults.postgres import Postgres
from tests.faults.test_database_away import postgresql
from tests.faults.visitor import Visitor, mailed_link
from webapp.models import RollEntry
from webapp.settings import ROOT

SmallDisk = Callable[[int], Path]


@pytest.fixture
def small_disk() -> Iterator[SmallDisk]:
    """Makes a file system of so many MB."""
    mounted: list[Path] = []

    def make(megabytes: int) -> Path:
        folder = Path(tempfile.mkdtemp(prefix="small-"))
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)],
            capture_output=True, check=False,
        )  # fmt: skip
        if done.returncode:
            folder.rmdir()
            pytest.skip("no right to mount a small file system here")
        mounted.append(folder)
        return folder

    yield make
    for folder in mounted:
        subprocess.run(["umount", "-l", str(folder)], check=True)
        folder.rmdir()


@contextmanager
def full(disk: Path, but: int = 0) -> Iterator[None]:
    """So many bytes are left, none unless told, while this lasts."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as taken:
        try:
            while True:
                taken.write(b"0" * 4096)
        except OSError:
            taken.truncate(max(taken.tell() - but, 0))
    try:
        yield
    finally:
        filler.unlink()


def test_a_full_disk_is_503_and_mends_itself(
    tmp_path: Path, small_disk: SmallDisk, tell: Tell
) -> None:
    """S14 on SQLite: reading goes on, and whoever watches over the host is told."""
    disk = small_disk(3)
    with portal(tmp_path, f"sqlite:///{disk / 'portal.sqlite3'}") as cramped:
        signed, registering = cramped.member(account=True), cramped.member()
        member, visitor = Visitor(cramped), Visitor(cramped)
        member.sign_in(signed)
        cramped.all_sent()
        visitor.prove_letter(registering)
        visitor.get("/inscription/cgu")
        assert visitor.get("/sante").status == 200
        with full(disk):
            tries = [visitor.post("/inscription/cgu", {"accept": "y"}) for _ in range(5)]
            assert {each.status for each in tries} == {503}
            assert all(each.headers["Retry-After"] for each in tries)
            assert Visitor(cramped).get("/sante").status == 503
            assert Visitor(cramped).get("/connexion").status == 200
            assert member.get("/espace").status == 200
            assert cramped.relay.to(registering.email) == []
        _whole_again(cramped, visitor, registering)
        with cramped.engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
    tell("disk full: 503, pages still read, /sante 503, whole again once there is room")


def test_an_import_that_finds_no_room_is_not_there(tmp_path: Path, small_disk: SmallDisk) -> None:
    """S14, S23 on SQLite: nothing of the file, one sentence; with room, all of it."""
    disk = small_disk(4)
    with portal(tmp_path, f"sqlite:///{disk / 'portal.sqlite3'}") as cramped:
        rows = "".join(f"{n:07d};Nom{n};Odile\n" for n in range(4000))
        file = tmp_path / "adherents.csv"
        file.write_text("numero_adherent;nom;prenom\n" + rows)
        with full(disk):
            done = subprocess.run(
                [BIN / "flask", "members", "import", str(file)],
                cwd=ROOT, env=cramped.environment, capture_output=True, text=True, check=False,
            )  # fmt: skip
            assert done.returncode != 0
            assert "Traceback" not in done.stderr
            assert [line.split()[0] for line in done.stderr.splitlines()] == ["Fichier", "La"]
            assert "son disque" in done.stderr and "Faites de la place" in done.stderr
            assert cramped.count(RollEntry) == 0
        cramped.flask("members", "import", str(file), "--letters", str(tmp_path / "letters.csv"))
        assert cramped.count(RollEntry) == 4000


@postgresql
@pytest.mark.long
def test_a_full_disk_under_postgresql_is_503_and_mends_itself(
    tmp_path: Path, small_disk: SmallDisk, postgres: Postgres, tell: Tell
) -> None:
    """S14: its tables can grow no more; members are asked for patience, none is told a lie."""
    disk = small_disk(16)
    tables = disk / "tables"
    tables.mkdir(mode=0o700)
    disk.chmod(0o755)
    with portal(tmp_path, postgres.new_database(tables)) as cramped:
        told: dict[str, bool] = {}
        invited = iter([cramped.member() for _ in range(100)])
        with full(disk, but=400_000):
            statuses: set[int] = set()
            while 503 not in statuses:
                member, visitor = next(invited), Visitor(cramped)
                proved, answer = visitor.prove_letter(member), visitor.accept_terms()
                statuses |= {proved.status, answer.status}
                told[member.email] = answer.leads_to == "/inscription/confirmation"
            assert Visitor(cramped).get("/connexion").status == 200
        _whole_again(cramped, visitor, member)
        assert any(told.values())
        assert all(cramped.relay.to(email) for email, done in told.items() if done)
    tell(f"PostgreSQL's disk full: {sorted(statuses)}, {sum(told.values())} told so, none lost")


def _whole_again(cramped: Portal, visitor: Visitor, registering: Letter) -> None:
    """With room again, the same visitor comes through; nothing else was restarted or repaired."""
    visitor.prove_letter(registering)
    assert visitor.accept_terms().leads_to == "/inscription/confirmation"
    mailed_link(cramped, registering)
    cramped.all_sent()
    oracle.check(cramped)
