"""The portal from nothing to members signed in, its mails, its watchman, its pool."""

import json
import time
from collections.abc import Callable

from tests.operations import outside
from tests.operations.machine import Failed, Machine
from tests.operations.pages import INSTALLATION, OPERATIONS
from tests.operations.visits import MAILS, once, visiting

INSIDE = "cd / && runuser -u postgres -- psql --quiet --no-align --tuples-only portal -c "
# without a pool the portal comes by PostgreSQL's socket, which has no port
_BY_THE_POOL = (
    INSIDE + '"SELECT count(*) FILTER (WHERE client_port > 0), '
    "count(*) FILTER (WHERE client_port = -1) FROM pg_stat_activity WHERE usename = 'portal'\""
)
_ALERTS = "curl -s http://127.0.0.1:9090/api/v1/alerts"
_UP = "curl -s 'http://127.0.0.1:9090/api/v1/query?query=up'"


def installed(host: Machine) -> str:
    """Installed as deploy/README.md says, to a portal behind nginx."""
    outside.hand_over_the_roll(host)
    host.follow(INSTALLATION)
    return host.run("cd /srv/portal && git log -1 --format=%h").strip()


def mailing(host: Machine) -> str:
    """The relay, the mailbox of reports and the signature, as mail.md says."""
    host.follow(OPERATIONS / "mail.md")
    outside.provide(host)
    told = host.run("/srv/portal/deploy/portal mail test odile@adherents.example.org")
    for _ in range(60):
        if mails := [*(host.root / MAILS / "new").glob("*")]:
            break
        time.sleep(0.5)
    else:
        raise Failed("the mail of the trial did not arrive")
    if "DKIM-Signature:" not in mails[0].read_text():
        raise Failed("the mail of the trial is not signed")
    met = once(host, 1, 2)
    return f"{told.strip().splitlines()[-1]} Signed. {met}"


def bounced(host: Machine) -> str:
    """A mail that the provider refuses after it was sent, read about by its member."""
    return outside.read_about_a_bounce(host)


def watched(host: Machine) -> str:
    """Prometheus reads the portal by the sample, and PortailAbsent fires for a stopped server."""
    for page in ("settings.md", "proxy.md", "units.md", "watching.md"):
        host.follow(OPERATIONS / page)
    _wait(host, _UP, lambda told: told.count('"1"') == 2, 90)
    host.run("systemctl stop portal-web@8001")
    began = time.monotonic()
    _wait(host, _ALERTS, _is_firing, 240)
    after = time.monotonic() - began
    host.run("systemctl start portal-web@8001")
    _wait(host, _ALERTS, lambda told: "PortailAbsent" not in told, 120)
    return f"PortailAbsent fired {after:.0f} s after portal-web@8001 stopped, and ended with it"


def pooled(host: Machine) -> str:
    """Both gunicorns, their worker and commands through PgBouncer, as database.md says."""
    host.follow(OPERATIONS / "database.md")
    with visiting(host, first=1801, last=2300) as met:
        for _ in range(2):
            host.follow(INSTALLATION, "A rolling restart")
            time.sleep(10)
        by, past = host.run(_BY_THE_POOL).strip().split("|")
        kept = host.run(_through_the_pool("SHOW statement_timeout; SHOW timezone")).split()
    if by == "0" or past != "0" or kept != ["5s", "UTC"]:
        raise Failed(f"by PgBouncer {by}, past it {past}, settings {kept}")
    return f"{met}; {by} connections by PgBouncer, none past it, limits {kept}"


def _through_the_pool(statement: str) -> str:
    url = "$(sed -n 's/^DATABASE_URL=postgresql+psycopg/postgresql/p' /etc/portal/settings)"
    return f'psql --quiet --no-align --tuples-only -c "{statement}" "{url}"\n'


def _is_firing(told: str) -> bool:
    return any(
        alert["labels"]["alertname"] == "PortailAbsent"
        and alert["labels"]["instance"] == "127.0.0.1:8001"
        and alert["state"] == "firing"
        for alert in json.loads(told or '{"data": {"alerts": []}}')["data"]["alerts"]
    )


def _wait(host: Machine, asks: str, is_so: Callable[[str], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not is_so(told := host.attempt(asks).stdout):
        if time.monotonic() > end:
            raise Failed(f"not so within {seconds:.0f} s: {asks}\n{told[:2000]}")
        time.sleep(1)
