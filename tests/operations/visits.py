"""Members at their doors while something is done to the portal: started, counted, judged."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.operations.machine import Failed, Machine
from webapp.settings import ROOT

LETTERS, MAILS = Path("srv/roll/courriers.csv"), Path("home/adherents/Maildir")


@dataclass
class Met:
    """What the members met."""

    sign_ins: int = 0
    requests: int = 0

    def __str__(self) -> str:
        return f"{self.sign_ins} sign-ins, {self.requests} requests, 0 failures"


@contextmanager
def visiting(host: Machine, *, first: int, last: int) -> Iterator[Met]:
    """The members of these rows of the printer's file register, then sign in again and again until
    the block ends. Raises Failed for whatever one of them met."""
    met = Met()
    letters = (host.root / LETTERS).read_text(encoding="utf-8").splitlines()
    chosen = host.root / "root" / "chosen.csv"
    chosen.write_text("\n".join([letters[0], *letters[first : last + 1]]) + "\n", encoding="utf-8")
    python = str(ROOT / ".venv" / "bin" / "python")
    visits = "tests.operations.members"
    members = host.beside(python, "-m", visits, str(chosen), str(host.root / MAILS))
    assert members.stdout
    if members.stdout.readline() != "ready\n":
        raise Failed("members could not register")
    try:
        yield met
    finally:
        answer = members.communicate()[0]
    told = json.loads(answer)
    if told["failures"] or not told["sign_ins"]:
        raise Failed(f"{told['sign_ins']} sign-ins, members met {told['failures'][:9]}")
    met.sign_ins, met.requests = told["sign_ins"], told["requests"]
