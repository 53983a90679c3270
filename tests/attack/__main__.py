"""`make attack`: each tool against a running portal and its desk, a line each; its report is in
build/attack/.

A tool that is missing is put into a virtual environment of its own below build/ (pinned); one that
can't be had is told with the reason. Exit code 1 when a tool found something.
"""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.attack import code, desk, live
from tests.attack.tools import BUILD, Verdict
from tests.attack.town import Town, town

TOOLS: dict[str, Callable[[Town], Verdict]] = {
    "bandit": code.bandit,
    "dlint": code.dlint,
    "pip-audit": code.pip_audit,
    "hypothesis": code.every_form,
    "wapiti": live.wapiti,
    "wapiti inside": live.wapiti_inside,
    "sqlmap": live.sqlmap,
    "sqlmap inside": live.sqlmap_inside,
    "wapiti desk": desk.wapiti,
    "wapiti operators": desk.wapiti_inside,
    "sqlmap desk": desk.sqlmap,
    "sqlmap operators": desk.sqlmap_inside,
    "slowhttptest": live.slow_clients,
}


def main(names: list[str]) -> int:
    BUILD.mkdir(parents=True, exist_ok=True)
    verdicts = []
    with tempfile.TemporaryDirectory() as folder, town(Path(folder)) as attacked:
        for name in names or list(TOOLS):
            verdict, words = TOOLS[name](attacked)
            verdicts.append(verdict)
            print(f"{name:16} {verdict:8} {words}", flush=True)
        logs = attacked.portal.logs()
    faults = logs.count('"status": 500')
    (BUILD / "portal.log").write_text(logs)
    print(f"{'both of them':16} {'found' if faults else 'clean':8} {faults} answers 500")
    return 1 if "found" in verdicts or faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
