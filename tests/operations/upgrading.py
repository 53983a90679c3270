"""Restarts and versions while members are served: none of them notices."""

from tests.operations import releases
from tests.operations.machine import Failed, Machine
from tests.operations.pages import INSTALLATION, OPERATIONS
from tests.operations.setting_up import INSIDE
from tests.operations.visits import linger, visiting

UPGRADE = OPERATIONS / "upgrade.md"
VERSION = INSIDE + "'SELECT version_num FROM alembic_version'"
_SAME = "peut continuer à servir"
_LOGS = "cat /run/units/portal-web@8000.log"


def rolled(host: Machine) -> str:
    """Four rolling restarts under load."""
    with visiting(host, first=101, last=600) as met:
        linger(5)
        for _ in range(4):
            host.follow(INSTALLATION, "A rolling restart")
            linger(2)
        connections = host.run(
            INSIDE + "\"SELECT count(*) FROM pg_stat_activity WHERE usename = 'portal'\""
        )
    return f"{met}; {connections.strip()} connections of the portal at once"


def upgraded(host: Machine) -> str:
    """The next version under load: schema expanded, both versions side by side, one after the
    other."""
    releases.publish_next(host)
    with visiting(host, first=601, last=1100) as met:
        host.follow(UPGRADE, "Before")
        host.run("systemctl restart portal-web@8000")  # it has shown few pages and mails yet
        planned = plain(host.follow(UPGRADE, "The plan"))
        if _SAME not in planned or f"version {releases.NEXT}" not in planned:
            raise Failed(f"the plan says {planned[-800:]}")
        linger(5)
        host.follow(UPGRADE, "The schema")
        linger(5)  # the former version on the newer schema
        host.run("systemctl restart portal-web@8000")
        linger(10)  # one of each
        host.follow(UPGRADE, "The servers")
        host.follow(UPGRADE, "The other machines")
        linger(2)
    found = host.run(VERSION).strip()
    if found != releases.NEXT:
        raise Failed(f"the schema is {found}")
    return f"{met}; schema {releases.NOW} to {found}"


def gone_back(host: Machine) -> str:
    """Back to the former version under load, on the newer schema."""
    host.run("cd /srv/portal && git rev-parse HEAD~1 > /etc/portal/version-before")
    with visiting(host, first=1101, last=1600) as met:
        linger(5)
        told = plain(host.follow(UPGRADE, "Back again"))
        linger(5)  # both are former processes on the newer schema
    if "Rien à faire" not in told or "newer than this code" not in host.run(_LOGS):
        raise Failed(f"the former code does not say that the schema is newer: {told[-800:]}")
    if host.run(VERSION).strip() != releases.NEXT:
        raise Failed("the schema went back")
    return f"{met}; schema {releases.NEXT} served by the code of {releases.NOW}"


def plain(told: str) -> str:
    """With spaces that a search finds."""
    return told.replace("\u00a0", " ").replace("\u202f", " ")
