"""The acts of the play, in their order: each types what a page says, and looks whether it is so."""

from collections.abc import Callable

from tests.operations import outside
from tests.operations.machine import Failed, Machine
from tests.operations.pages import INSTALLATION, OPERATIONS, blocks, indented
from tests.operations.visits import visiting

MAIL, REPORTS = OPERATIONS / "mail.md", "A relay and a mailbox of reports on Debian 12"
_INSIDE = "cd / && runuser -u postgres -- psql --quiet --no-align --tuples-only portal -c "


def installed(host: Machine) -> str:
    """Installed as deploy/README.md says, to a portal behind nginx."""
    for heading in ("Packages", "The portal", "The database", "Settings"):
        _type(host, heading)
    mails = indented(MAIL, REPORTS)
    host.type(mails[0])
    host.run(f"cat >> /etc/portal/settings <<'END'\n{mails[1].typed}END\n", str(mails[1]))
    host.run("sed -i '/^MAIL_SERVER=localhost$/d' /etc/portal/settings")
    outside.provide(host)
    for heading in ("Schema and roll", "Servers"):
        _type(host, heading)
    host.type(mails[2])
    _type(host, "nginx")
    return host.run("cd /srv/portal && git log -1 --format=%h").strip()


def checked(host: Machine) -> str:
    """The relay tried, the roles tried, PgBouncer put between."""
    told = host.run("/srv/portal/deploy/portal mail test odile@adherents.example.org")
    for block in blocks(OPERATIONS / "database.md"):
        host.type(block)
    return told.strip().splitlines()[-1]


def watched(host: Machine) -> str:
    """Prometheus reads the portal by the sample, and its rules fire."""
    for block in blocks(OPERATIONS / "watching.md"):
        host.type(block)
    found = host.run(
        "for n in $(seq 60); do curl -s 'http://127.0.0.1:9090/api/v1/query?query=up' > up; "
        """grep -o '"1"' up | wc -l | grep -q 2 && break; sleep 1; done; cat up"""
    )
    if found.count('"1"') < 2:
        raise Failed(f"Prometheus does not see both gunicorns: {found}")
    host.run("systemctl stop portal-web@8001")
    fired = host.run(
        "for n in $(seq 120); do curl -s http://127.0.0.1:9090/api/v1/alerts > alerts; "
        "grep -q PortailAbsent alerts && grep -q firing alerts && break; sleep 1; done; cat alerts"
    )
    host.run("systemctl start portal-web@8001")
    if "PortailAbsent" not in fired or "firing" not in fired:
        raise Failed(f"no alert for a gunicorn that is away: {fired}")
    return "two gunicorns seen, PortailAbsent fired after one was stopped"


def rolled(host: Machine) -> str:
    """Four rolling restarts, a new version with a changed style sheet, and back, under load."""
    with visiting(host, first=1, last=6) as met:
        for _ in range(4):
            _type(host, "A rolling restart")
        connections = host.run(
            _INSIDE + "\"SELECT count(*) FROM pg_stat_activity WHERE usename = 'portal'\""
        )
        outside.publish_next_version(host)
        _type(host, "A new version")
        _type(host, "Back again")
    return f"{met}; {connections.strip()} connections of the portal at once"


def bounced(host: Machine) -> str:
    """A mail that the provider refuses after it was sent, read about by its member."""
    return outside.read_about_a_bounce(host)


def restored(host: Machine) -> str:
    """A backup made, forgotten what came after it, restored, and signed in again."""
    backup = OPERATIONS / "backup.md"
    for block in blocks(backup, "Make"):
        host.type(block)
    with visiting(host, first=10, last=12) as since:
        pass
    for block in blocks(backup, "Restore"):
        host.type(block)
    left = host.run(_INSIDE + "'SELECT count(*) FROM session'").strip()
    rights = host.attempt(
        "cd / && runuser -u portal -- psql --quiet portal -c \"UPDATE journal SET event = ''\""
    )
    if left != "0" or rights.returncode == 0:
        raise Failed(f"{left} sessions left, journal changed: {rights.returncode == 0}")
    with visiting(host, first=10, last=12) as again:
        pass
    return f"opened since and forgotten: {since}; opened again with the same letters: {again}"


def embedded(host: Machine) -> str:
    """The same backup with SQLite in the folder of the units."""
    file = "/var/lib/portal/portal.sqlite3"
    host.run("cp -a /etc/portal/settings /etc/portal/settings-postgresql")
    host.run(f"sed -i 's|^DATABASE_URL=.*|DATABASE_URL=sqlite:///{file}|' /etc/portal/settings")
    host.run("/srv/portal/deploy/portal database upgrade")
    host.run("cd /srv/roll && /srv/portal/deploy/portal members import adherents.csv")
    host.run("systemctl restart portal-web@8000 portal-web@8001 portal-mail")
    backup = OPERATIONS / "backup.md"
    for block in blocks(backup, "SQLite: make"):
        host.type(block)
    host.run(f"sqlite3 {file} 'DELETE FROM roll'")
    for block in blocks(backup, "SQLite: restore"):
        host.type(block)
    members = host.run(f"sqlite3 {file} 'SELECT count(*) FROM roll'").strip()
    host.run("mv /etc/portal/settings-postgresql /etc/portal/settings")
    host.run("systemctl restart portal-web@8000 portal-web@8001 portal-mail")
    if members != "40":
        raise Failed(f"{members} members on the restored roll, of 40")
    return f"{members} members on the roll again"


def _type(host: Machine, heading: str) -> None:
    found = blocks(INSTALLATION, heading)
    if not found:
        raise Failed(f"{INSTALLATION.name} has nothing to type below « {heading} »")
    for block in found:
        host.type(block)


ALL: tuple[Callable[[Machine], str], ...] = (
    installed, rolled, bounced, restored, embedded, watched, checked,
)  # fmt: skip
