"""Members at their doors while something is done to the portal: started, counted, judged."""

import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path

from tests.operations.machine import Failed, Machine, Visits
from webapp.settings import ROOT

LETTERS, MAILS = Path("srv/roll/courriers.csv"), Path("home/adherents/Maildir")


@contextmanager
def visiting(host: Machine, first: int, last: int) -> Iterator[Visits]:
    """Members of these rows of the printer's file register and sign in, one after the other, until
    the block ends. Raises Failed for whatever one of them met."""
    met = Visits()
    members = _members(host, "load", _letters(host, LETTERS, first, last))
    ended = False
    try:
        yield met
        ended = True
    finally:
        answer = members.communicate()[0]
        if ended:  # what the block itself met is told first
            _judge(host, met, answer)


def once(host: Machine, first: int, last: int, file: Path = LETTERS) -> Visits:
    """Each member of these rows registers and signs in. Raises Failed."""
    met = Visits()
    members = _members(host, "once", _letters(host, file, first, last))
    _judge(host, met, members.communicate()[0])
    if met.sign_ins != last - first + 1:
        raise Failed(f"{met.sign_ins} of {last - first + 1} members signed in")
    return met


def opens(host: Machine, row: int, file: Path = LETTERS) -> bool:
    """Whether the letter of this row opens a registration."""
    members = _members(host, "prove", _letters(host, file, row, row))
    told = json.loads(members.communicate()[0])
    if told["failures"]:
        raise Failed(f"a letter could not be shown: {told['failures']}")
    return bool(told["proven"][0])


def linger(seconds: float) -> None:
    """Members go on while things are as they are."""
    time.sleep(seconds)


def _letters(host: Machine, file: Path, first: int, last: int) -> Path:
    lines = (host.root / file).read_text(encoding="utf-8").splitlines()
    chosen = host.root / "root" / f"{file.stem}-{first}-{last}.csv"
    chosen.write_text("\n".join([lines[0], *lines[first : last + 1]]) + "\n", encoding="utf-8")
    return chosen


def _members(host: Machine, way: str, letters: Path) -> "subprocess.Popen[str]":
    python = str(ROOT / ".venv" / "bin" / "python")
    program = "tests.operations.members"
    return host.beside(python, "-m", program, way, str(letters), str(host.root / MAILS))


def _judge(host: Machine, met: Visits, answer: str) -> None:
    told = json.loads(answer)
    failures = told.pop("failures")
    if failures or not told["sign_ins"]:
        raise Failed(f"{told['sign_ins']} sign-ins, members met {failures[:9]}")
    for each in fields(Visits):
        setattr(met, each.name, told[each.name])
    host.visits.append(met)
