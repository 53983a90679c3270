"""The database away, a standby, an upgrade without a way back, a backup restored."""

import time
from pathlib import Path

from tests.operations import releases
from tests.operations.machine import Failed, Machine
from tests.operations.pages import INSTALLATION, OPERATIONS
from tests.operations.setting_up import INSIDE
from tests.operations.upgrading import UPGRADE, VERSION, plain
from tests.operations.visits import once, opens

BACKUP = OPERATIONS / "backup.md"
_MEMBERS = "/srv/portal/deploy/portal members"
_SINCE, _AGAIN = Path("srv/roll/depuis.csv"), Path("srv/roll/refaits.csv")
_LOST = 1710  # the row of a letter that is lost
_STANDBY = "/var/lib/postgresql/15/main/standby.signal"
_STARTS = 6  # one more than systemd's own limit
_PROMOTE = "cd / && runuser -u postgres -- psql --quiet -c 'SELECT pg_promote()' postgres"


def away(host: Machine) -> str:
    """PostgreSQL stopped, then a standby until a unit has started six times: both servers come back
    by themselves."""
    host.run("systemctl stop postgresql")
    _wait(host, {"8000": "503", "8001": "503"})
    host.attempt("systemctl restart portal-web@8001")  # one that starts meanwhile
    host.run(f"runuser -u postgres -- touch {_STANDBY}")
    host.run("systemctl start postgresql")
    host.attempt("systemctl restart portal-web@8000")  # a standby ends each start
    starts, end = 0, time.monotonic() + 180
    while starts < _STARTS:
        time.sleep(1)
        told = host.run("cat /run/units/portal-web@8000.log")
        starts = told.count("can only be read")
        if _answers(host, "8000") != "000" or time.monotonic() > end:
            raise Failed(f"{starts} starts on a standby: {told[-600:]}")
    host.run(_PROMOTE)
    _wait(host, {"8000": "200", "8001": "200"})
    met = once(host, 1705, 1706)
    return f"{starts} starts on a standby, then both served again: {met}"


def restored(host: Machine) -> str:
    """A backup; a version without a way back; the backup restored, and mended by hand."""
    host.follow(BACKUP, "Make")
    since = once(host, 1701, 1703)
    _letters_since(host)
    _no_way_back(host)
    host.follow(UPGRADE, "When there is no going back")
    host.follow(BACKUP, "Restore")
    left = host.run(INSIDE + "'SELECT count(*) FROM session'").strip()
    rights = host.attempt(
        "cd / && runuser -u portal -- psql --quiet portal -c \"UPDATE journal SET event = ''\""
    )
    if left != "0" or rights.returncode == 0:
        raise Failed(f"{left} sessions left, journal changed: {rights.returncode == 0}")
    if host.run(VERSION).strip() != releases.NEXT:
        raise Failed("the schema is not the backup's")
    _mend(host)
    again = once(host, 1701, 1703)
    return f"opened since and forgotten: {since}; opened again with the same letters: {again}"


def _letters_since(host: Machine) -> None:
    """What the mutual did after its backup: two new members, one letter made anew."""
    rows = "numero_adherent;civilite;nom;prenom\n" + "".join(
        f"{number:08};Mme;EXEMPLE;Rose\n" for number in (300101, 300102)
    )
    (host.root / "srv" / "roll" / "nouveaux.csv").write_text(rows)
    host.run(f"cd /srv/roll && {_MEMBERS} import nouveaux.csv --letters {_SINCE.name}")
    number = 200100 + _LOST
    host.run(f"cd /srv/roll && {_MEMBERS} reissue {number:08} --letters {_AGAIN.name} --yes")
    if not opens(host, 1, _AGAIN) or opens(host, _LOST):
        raise Failed("a letter made anew does not replace the former one")


def _no_way_back(host: Machine) -> None:
    """A version that takes away: the plan says so, the former code refuses, the rest serves."""
    releases.publish_after(host)
    host.follow(UPGRADE, "Before")
    planned = plain(host.follow(UPGRADE, "The plan"))
    if "ne redémarre plus" not in planned:
        raise Failed(f"the plan says {planned[-800:]}")
    host.follow(UPGRADE, "The schema")
    host.follow(UPGRADE, "The servers")
    try:
        host.follow(UPGRADE, "Back again")
        raise Failed("the former version went back on a schema that it cannot serve")
    except Failed as refused:
        if "ce code est plus ancien que la base" not in str(refused):
            raise
    if [_answers(host, port) for port in ("8000", "8001")] != ["200", "200"]:
        raise Failed("the servers were touched")


def _mend(host: Machine) -> None:
    """The rows of « by hand »: letters that a restore forgot or revived."""
    before = [opens(host, 1, _SINCE), opens(host, _LOST), opens(host, 1, _AGAIN)]
    for file in (_SINCE, _AGAIN):
        host.run(f"cd /srv/roll && {_MEMBERS} import {file.name}")
    after = [opens(host, 1, _SINCE), opens(host, _LOST), opens(host, 1, _AGAIN)]
    if (before, after) != ([False, True, False], [True, False, True]):
        raise Failed(f"letters open {before} after the restore, {after} after the imports")


def embedded(host: Machine) -> str:
    """The same backup with SQLite in the folder of the units."""
    file = "/var/lib/portal/portal.sqlite3"
    host.run("cp -a /etc/portal/settings /etc/portal/settings-postgresql")
    host.run(f"sed -i 's|^DATABASE_URL=.*|DATABASE_URL=sqlite:///{file}|' /etc/portal/settings")
    host.run("/srv/portal/deploy/portal database upgrade")
    host.run(f"cd /srv/roll && {_MEMBERS} import adherents.csv")
    host.follow(INSTALLATION, "A rolling restart")
    before = host.run(f"sqlite3 {file} 'SELECT count(*) FROM roll'").strip()
    host.follow(BACKUP, "SQLite: make")
    host.run(f"sqlite3 {file} 'DELETE FROM roll'")
    host.follow(BACKUP, "SQLite: restore")
    members = host.run(f"sqlite3 {file} 'SELECT count(*) FROM roll'").strip()
    host.run("mv /etc/portal/settings-postgresql /etc/portal/settings")
    host.follow(INSTALLATION, "A rolling restart")
    if members != before:
        raise Failed(f"{members} members on the restored roll, of {before}")
    return f"{members} members on the roll again"


def _answers(host: Machine, port: str) -> str:
    asks = f"curl -s -o /dev/null -w '%{{http_code}}' http://127.0.0.1:{port}/sante || true"
    return host.attempt(asks).stdout.strip()


def _wait(host: Machine, wanted: dict[str, str]) -> None:
    """Until /sante of each port has that status."""
    for _ in range(120):
        if all(_answers(host, port) == status for port, status in wanted.items()):
            return
        time.sleep(0.5)
    raise Failed(f"within a minute /sante did not become {wanted}")
