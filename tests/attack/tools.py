"""Programs of others: found on the machine, or put into an environment of their own."""

import shutil
import subprocess
import venv
from pathlib import Path

from webapp.settings import ROOT

BUILD = ROOT / "build" / "attack"
PINNED = {  # program: what brings it
    "bandit": "bandit==1.9.4",
    "flake8": "dlint==0.17.0",
    "pip-audit": "pip-audit==2.10.1",
    "sqlmap": "sqlmap==1.10.10",
    "wapiti": "wapiti3==3.2.3",
}
Verdict = tuple[str, str]  # « clean », « found » or « missing », and a sentence
ABSENT: Verdict = ("missing", "not to be had from the package index")


def program(name: str) -> Path | None:
    """Where it is, below build/tools/ in the version that is pinned; None when it can't be had."""
    home = ROOT / "build" / "tools" / PINNED[name].partition("=")[0]
    found = home / "bin" / name
    if not found.exists():
        shutil.rmtree(home, ignore_errors=True)
        venv.create(home, with_pip=True)
        pip = [home / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, PINNED[name]], capture_output=True, check=False)
    return found if found.exists() else None


def run(report: str, *command: object, seconds: float = 300) -> tuple[int, str]:
    """Run it with its words in a report; returns exit code and words."""
    words = [str(each) for each in command]
    try:
        done = subprocess.run(
            words, cwd=ROOT, capture_output=True, text=True, timeout=seconds, check=False
        )
        code, text = done.returncode, done.stdout + done.stderr
    except subprocess.TimeoutExpired as late:
        code, text = 124, (late.stdout or b"").decode() + f"\nstopped after {seconds:.0f} s\n"
    (BUILD / report).write_text(text)
    return code, text


def last_line(text: str) -> str:
    """Its last words."""
    return (text.strip().splitlines() or ["no answer"])[-1][:120]
