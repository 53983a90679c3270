"""`make operations`: the operators' documents, from `apt-get install` to a backup restored.

Types every block of deploy/README.md and of the pages of docs/operations/ on a Debian 12 of its own
(machine.py), with members signing in. Ends with 0 when each block did what it says and no member
met a fault. What was typed and answered is in build/operations/typed.log. Acts that are named are
played alone (ACTS="installed manned"): each needs some of those before it.
"""

import sys
import time

from tests.operations import acts
from tests.operations.machine import Failed, Visits, machine

_HEAD = ["act", "s", "registrations", "sign-ins", "requests", "POSTs", "failures", "slowest, s"]
CLOSING = """
What a systemd as process 1 still has to prove: that the units' protections (ProtectSystem, filters
of addresses and system calls, MemoryMax) let through all that is needed, that timers fire, that
journald stores the logs. Here tests/operations/systemctl played the units' users, settings,
programs, readiness, ends and restarts. What a container host still has to prove: that the image
builds, starts read-only and becomes healthy. Played on loopback: no real DNS, authority, mail
provider, second machine. docs/operations/units.md says what to look at."""


def main() -> int:
    """The exit code."""
    began, chosen = time.monotonic(), acts.named(sys.argv[1:])
    rows = [_HEAD]
    try:
        with machine() as host:
            print(f"a Debian 12 stands after {time.monotonic() - began:.0f} s", flush=True)
            for act in chosen:
                start = time.monotonic()
                told = act(host)
                seconds = time.monotonic() - start
                print(f"{' '.join((act.__doc__ or '').split())[:-1]}: {told}", flush=True)
                rows.append(_row(act.__name__, seconds, host.take_visits()))
            print(_table([*rows, _row("in all", time.monotonic() - began, host.every_visit)]))
            print(f"{host.typed} blocks typed, none failed that should not")
    except Failed as fault:
        print(f"FAILED: {fault}", file=sys.stderr)
        return 1
    print(CLOSING)
    return 0


def _row(name: str, seconds: float, visits: list[Visits]) -> list[str]:
    """No failures: the first one ends the play."""
    counts = [
        sum(getattr(each, name) for each in visits)
        for name in ("registrations", "sign_ins", "requests", "posts")
    ]
    slowest = max((each.slowest for each in visits), default=0.0)
    return [name, f"{seconds:.0f}", *map(str, counts), "0", f"{slowest:.1f}"]


def _table(rows: list[list[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]) for row in rows
    )


if __name__ == "__main__":
    sys.exit(main())
