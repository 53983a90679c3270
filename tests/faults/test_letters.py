"""Batches of letters made by commands that are killed, and by two operators at once."""

import csv
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.faults.conftest import ALL, NewPortal
from tests.faults.portal import BIN, Portal, wait_until
from webapp.models import Letter, LetterBatch
from webapp.rules import credentials
from webapp.services.kernel.work import Work
from webapp.services.roll.entries import entry_of_letter
from webapp.settings import ROOT

MEMBERS = 600 if ALL else 40


def started(own: Portal, *command: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [BIN / "flask", "letters", *map(str, command)], cwd=ROOT, env=own.environment,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def with_members(own: Portal) -> Portal:
    file = own.folder / "adherents.csv"
    rows = "".join(f"{n:07d};Nom{n};M NOM{n};75000 EXEMPLE\n" for n in range(MEMBERS))
    file.write_text("numero_adherent;nom;adresse_1;adresse_2\n" + rows)
    own.flask("members", "import", str(file))
    return own


def codes_that_open(own: Portal, folder: Path) -> int:
    """How many letters of a whole set of files open: all of them must."""
    (manifest,) = folder.glob("*.json")
    told = json.loads(manifest.read_text())
    with (folder / f"lot-{told['lot']}.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))

    numbers = [row["numero_adherent"].strip() for row in rows]
    codes = [credentials.access_code(row["code_acces"]) for row in rows]

    def opened(work: Work) -> list[str]:
        both = zip(numbers, codes, strict=True)
        return [entry_of_letter(work, number, code).number for number, code in both]

    assert own.do(opened) == numbers
    assert told["letters"] == len(rows)
    return len(rows)


def nobody_twice(own: Portal) -> int:
    """How many letters there are, each of another member, in batches that are whole."""
    with own.engine.connect() as connection:
        held = select(func.count(), func.count(Letter.roll_id.distinct()))
        letters, members = connection.execute(held.select_from(Letter)).one()
        told = connection.scalar(select(func.sum(LetterBatch.letters)))
    assert letters == members == (told or 0)
    return int(letters)


Sign = Callable[[Portal, Path], Any]
POINTS: dict[str, Sign] = {
    "the folder is there": lambda _, out: out.exists(),
    "the batch is committed": lambda own, _: own.count(LetterBatch),
    "a file is begun": lambda _, out: list(out.glob(".courriers-*/*")),
    "the manifest is written": lambda _, out: (
        list(out.glob(".courriers-*/*.json")) or list(out.glob("*.json"))
    ),
}


@pytest.mark.parametrize("point", POINTS if ALL else ["a file is begun"])
def test_a_command_killed_anywhere_made_a_whole_batch_or_none(
    own_portal: NewPortal, point: str
) -> None:
    """kill -9: what was not printed can be, and every code of it opens."""
    own = with_members(own_portal())
    out = own.folder / "courriers"
    making = started(own, "make", "--out", out)
    wait_until(lambda: POINTS[point](own, out) or making.poll() is not None)
    making.kill()
    making.communicate()
    assert nobody_twice(own) in (0, MEMBERS)
    command = ["print", "1"] if own.count(LetterBatch) else ["make"]
    again = started(own, *command, "--out", out)
    _, told = again.communicate()
    # killed as late as that, the first command's files are all there, or are put there now
    assert again.returncode == 0 or "existe déjà" in told
    assert codes_that_open(own, out) == MEMBERS == nobody_twice(own)
    assert not [each.name for each in out.iterdir() if each.name.startswith(".")]


@pytest.mark.long
def test_two_operators_at_once_have_a_batch_each(own_portal: NewPortal) -> None:
    """Two processes: nobody is in both."""
    own = with_members(own_portal())
    outs = [own.folder / name for name in ("un", "deux")]
    both = [started(own, "make", "--limit", MEMBERS // 2, "--out", out) for out in outs]
    assert [each.communicate()[1] for each in both] == ["", ""]
    assert [codes_that_open(own, out) for out in outs] == [MEMBERS // 2] * 2
    assert nobody_twice(own) == MEMBERS
