"""`make operations`: the operators' documents, from `apt-get install` to a backup restored.

Types every block of deploy/README.md and of the pages of docs/operations/ on a Debian 12 of its own
(machine.py), with members signing in. Ends with 0 when each block did what it says and no member
met a fault. What was typed and answered is in build/operations/typed.log.
"""

import sys
import time

from tests.operations import acts
from tests.operations.machine import Failed, machine

CLOSING = """
What a systemd as process 1 still has to prove: that the units' protections (ProtectSystem,
address and system call filters, MemoryMax) let through all that is needed, that timers fire, that
journald stores the logs. Here the units' users, settings, programs, readiness, ends and restarts
were played by tests/operations/systemctl. What a container host still has to prove: that the
image builds,
starts read-only and becomes healthy. Played on loopback: no real DNS, authority, mail provider."""


def main() -> int:
    """The exit code."""
    began = time.monotonic()
    try:
        with machine() as host:
            print(f"a Debian 12 stands after {time.monotonic() - began:.0f} s", flush=True)
            for act in acts.ALL:
                start = time.monotonic()
                told = act(host)
                seconds = time.monotonic() - start
                print(f"{(act.__doc__ or '').strip()[:-1]}: {told} ({seconds:.1f} s)", flush=True)
            print(f"{host.typed} blocks typed, {time.monotonic() - began:.0f} s in all")
    except Failed as fault:
        print(f"FAILED: {fault}", file=sys.stderr)
        return 1
    print(CLOSING)
    return 0


if __name__ == "__main__":
    sys.exit(main())
