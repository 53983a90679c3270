"""Two builds of this repository beside one another: what a request costs, in turns, in one run.

Both are played from outside, in demonstration mode, so that the same player fits any two builds.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from bench.figures import in_turns, middle, table
from webapp.settings import ROOT

PLAYER = Path(__file__).parent / "builds_player.py"
ASKED = {"page": 300, "sign_in": 25}  # how many of each a turn
DEEDS = {"page": "the sign-in page", "sign_in": "a sign-in on a trusted device, and the space"}
LIGHT = {"ARGON2_TIME_COST": "1", "ARGON2_MEMORY_COST": "8"}  # what is ours, not what argon2 takes
TOKEN = "a-token-for-metrics-of-forty-characters-"
KINDS: list[tuple[str, dict[str, str]]] = [
    ("", {}),
    (", with METRICS_TOKEN", {"METRICS_TOKEN": TOKEN}),
]


class Build:
    """A build that waits for its turn, in a process of its own."""

    def __init__(self, folder: Path, environment: dict[str, str]):
        given = {"PATH": os.environ["PATH"], "DEMO": "1", "PYTHONPATH": str(folder), **environment}
        for command in (["database", "upgrade"], ["members", "import", "demo/adherents.csv"]):
            flask = [sys.executable, "-m", "flask", *command]
            subprocess.run(flask, cwd=folder, env=given, check=True, stdout=subprocess.DEVNULL)
        self._process = subprocess.Popen(
            [sys.executable, "-c", PLAYER.read_text(encoding="utf-8")],
            cwd=folder, env=given, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def ask(self, deed: str) -> float:
        """Milliseconds of CPU for one deed, on average over a turn."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin and stdout
        with suppress(BrokenPipeError):
            print(deed, ASKED[deed], file=stdin, flush=True)
        if not (answer := stdout.readline()):
            sys.exit("A build has ended before its turn: its words stand above.")
        return float(answer) * 1000 / ASKED[deed]

    def end(self) -> None:
        """Let the process go."""
        self._process.terminate()
        self._process.wait()


def main(former: str = "HEAD~1", turns: str = "20", this: str = "HEAD") -> None:
    """Prints medians and the median of the ratios. `former`, `this`: revisions that git knows."""
    rows = []
    with ExitStack() as stack:
        folders = [stack.enter_context(checked_out(each)) for each in (former, this)]
        for number, (name, extra) in enumerate(KINDS):
            environment = {**LIGHT, **extra, "MEMBER": str(number)}
            builds = [Build(folder, environment) for folder in folders]
            for build in builds:
                stack.callback(build.end)
            for deed, words in DEEDS.items():
                rows.append([words + name, *_compared(builds, deed, int(turns))])
    print(f"{former} and {this}, {turns} turns each, ms of CPU, argon2 at its lightest\n")
    print(table(["deed", former, this, "ratio"], rows))


def _compared(builds: list[Build], deed: str, turns: int) -> list[str]:
    for build in builds:
        build.ask(deed)  # warm
    taken: list[list[float]] = [[] for _ in builds]
    for turn in range(turns):
        for which in in_turns(turn, range(len(builds))):
            taken[which].append(builds[which].ask(deed))
    ratios = [new / old for old, new in zip(*taken, strict=True)]
    return [f"{middle(each):.3f}" for each in (*taken, ratios)]


@contextmanager
def checked_out(revision: str) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="former-build-") as place:
        folder = Path(place) / "portal"
        git = ["git", "-C", str(ROOT), "worktree"]
        subprocess.run([*git, "add", "--quiet", "--detach", str(folder), revision], check=True)
        try:
            yield folder
        finally:
            subprocess.run([*git, "remove", "--force", str(folder)], check=True)
