"""The demonstration: the portal on PORT and the desk on the next one, until Ctrl+C."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from webapp.settings import SettingsError, port

GUNICORN = str(Path(sys.executable).parent / "gunicorn")


def main() -> int:
    """Serve both; when one ends, the other one ends too. Returns the exit code."""
    try:
        first = port(os.environ)
    except SettingsError as fault:
        print(fault, file=sys.stderr)
        return 2
    portal, desk = (f"http://localhost:{each}" for each in (first, first + 1))
    told = {"PUBLIC_URL": portal, "DESK_URL": desk} | os.environ
    served: list[subprocess.Popen[bytes]] = []
    ended: list[int] = []

    def end(signum: int, _frame: object) -> None:
        """Told to end: whoever is served already is told too."""
        ended.append(signum)
        for one in served:
            one.terminate()

    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, end)
    desk_port = {"PORT": str(first + 1), "WEB_CONCURRENCY": "1"}
    for name, own in (("wsgi:app", {"DESK_BESIDE": told["DESK_URL"]}), ("wsgi:desk", desk_port)):
        if not ended:
            served.append(_serve(name, told | own))
    if ended:
        end(ended[0], None)
    if not served:
        return 0
    pid, status = os.wait()
    for one in served:
        if one.pid == pid:
            one.returncode = os.waitstatus_to_exitcode(status)
        else:
            one.terminate()
    return max(one.wait() for one in served)


def _serve(application: str, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [GUNICORN, "--log-level", "warning", application], env=environment, start_new_session=True
    )


if __name__ == "__main__":
    sys.exit(main())
