"""The journal as a signed file: whole, in order, and told from a changed one."""

import hashlib
import io
import json
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

import pytest
from flask import Flask

from player.members import ODILE, on_the_roll
from player.world import StillClock
from tests.journeys import refused
from tests.operators import operator
from webapp.services.desk import export, looks
from webapp.services.kernel import journal
from webapp.services.kernel.work import Work
from webapp.services.kernel.world import World

DAY = date(2026, 12, 1)


@pytest.fixture
def written(work: Work, clock: StillClock) -> Work:
    """A journal of more than two batches, many entries at one moment, and one of a look."""
    work.operator_id = operator(work, "a.petit")
    looks.begin(work, work.operator_id, on_the_roll(work), "courrier égaré")
    for which in range(2 * export.BATCH + 7):
        journal.write(work, "operator.signed_in", name=f"n{which}")
        if which % 400 == 0:
            clock.advance(seconds=1)
    clock.advance(minutes=1)
    work.settle()
    return work


def exported(work: Work, first: date = DAY, last: date = DAY) -> list[bytes]:
    period = export.ask(work, first, last, by="j.audit")
    work.settle()
    engine, world = work.db.engine, work.world
    work.settle()
    return list(export.lines(lambda: Work(engine, world, reading=True), period))


def verified(work: Work, content: bytes) -> export.Verified:
    return export.verify(work, io.BytesIO(content))


def test_every_entry_of_the_period_is_there_once_in_order(written: Work) -> None:
    content = b"".join(exported(written)).splitlines()
    head, *entries, last = [json.loads(line) for line in content]
    assert (head["from"], head["to"], head["by"]) == ("2026-12-01", "2026-12-01", "j.audit")
    names = [each["facts"]["name"] for each in entries if each["event"] == "operator.signed_in"]
    assert names == [f"n{which}" for which in range(2 * export.BATCH + 7)]
    assert last["entries"] == len(entries)
    assert all(a["id"] < b["id"] and a["at"] <= b["at"] for a, b in pairwise(entries))
    [look] = [each for each in entries if each["event"] == "desk.looked"]
    assert (look["operator"], look["member"]) == ("a.petit", ODILE.number)
    assert look["facts"] == {"reason": "courrier égaré"}


def test_a_batch_at_a_time_is_held(written: Work) -> None:
    parts = exported(written)
    assert max(part.count(b"\n") for part in parts) == export.BATCH


def test_the_last_line_signs_what_sha256sum_says_of_all_others(written: Work) -> None:
    content = b"".join(exported(written))
    before, _, last = content.rstrip(b"\n").rpartition(b"\n")
    assert json.loads(last)["sha256"] == hashlib.sha256(before + b"\n").hexdigest()
    told = verified(written, content)
    assert told[:2] == ("2026-12-01", "2026-12-01")
    assert told.by == "j.audit"
    assert told.entries == len(content.splitlines()) - 2


def _changed(content: bytes) -> Iterator[tuple[str, bytes]]:
    lines = content.splitlines(keepends=True)
    yield "nothing", b""
    yield "a word", content.replace("égaré".encode(), b"perdu!")
    yield "a line less", b"".join(lines[:3] + lines[4:])
    yield "two lines in another order", b"".join([lines[0], lines[2], lines[1], *lines[3:]])
    yield "cut short", b"".join(lines[:-1])
    yield "cut within a line", content[:-20]
    yield "a line more", content + lines[1]
    forged = json.loads(lines[-1]) | {"entries": 1}
    yield "another count", b"".join(lines[:-1]) + json.dumps(forged).encode() + b"\n"
    yield (
        "another hash's own",
        b'{"kind":"journal/1"}\n{"entries":0,"sha256":"","signature":"00"}\n',
    )
    yield "something else", b"\x89PNG\r\n\x1a\n" + bytes(5_000)
    yield "a list", b"[]\n[]\n"


def test_a_file_that_was_changed_in_any_way_is_not_ours(written: Work) -> None:
    content = b"".join(exported(written))
    for how, changed in _changed(content):
        assert changed != content, how
        with pytest.raises(export.NotOurs):
            verified(written, changed)


def test_another_portal_s_file_is_not_ours(written: Work, world: World) -> None:
    content = b"".join(exported(written))
    lines = content.splitlines(keepends=True)
    mac = world.seals.mac("another purpose", json.loads(lines[-1])["sha256"], "1")
    forged = json.loads(lines[-1]) | {"signature": mac.hex()}
    with pytest.raises(export.NotOurs):
        verified(written, b"".join(lines[:-1]) + json.dumps(forged).encode() + b"\n")


def test_what_is_written_after_the_question_is_not_in_it(written: Work, clock: StillClock) -> None:
    period = export.ask(written, DAY, DAY, by="j.audit")
    clock.advance(seconds=5)
    journal.write(written, "operator.signed_in", name="plus tard")
    written.settle()
    engine, world = written.db.engine, written.world
    written.settle()
    content = b"".join(export.lines(lambda: Work(engine, world, reading=True), period))
    assert b"plus tard" not in content


def test_an_empty_period_is_a_signed_file_too(work: Work) -> None:
    told = verified(work, b"".join(exported(work, date(2026, 2, 1), date(2026, 2, 28))))
    assert told.entries == 0


@pytest.mark.parametrize("days", [-1, 366, 4000])
def test_a_period_is_a_year_at_most_and_goes_forward(work: Work, days: int) -> None:
    with refused("desk_period"):
        export.ask(work, DAY, DAY + timedelta(days=days), by="j.audit")


def test_a_command_tells_a_signed_file_from_a_changed_one(
    app: Flask, written: Work, tmp_path
) -> None:  # type: ignore[no-untyped-def]
    content = b"".join(exported(written))
    file = tmp_path / "journal.jsonl"
    file.write_bytes(content)
    run = app.test_cli_runner().invoke
    good = run(args=["database", "verify-journal", str(file)])
    assert good.exit_code == 0
    assert "par j.audit" in good.output.replace("\u00a0", " ")
    file.write_bytes(content.replace(b"n12", b"n13"))
    bad = run(args=["database", "verify-journal", str(file)])
    assert (bad.exit_code, "pas un export" in bad.output) == (1, True)


@pytest.mark.parametrize(
    ("there", "said"),
    [
        (b"}\n", b',"note":"copie conforme"}\n'),
        (b'{"entries"', b'{"from":"2020-01-01","entries"'),
        (b"}\n", b"}\n\n\n"),
        (b"}\n", b"} \n"),
    ],
)
def test_nothing_is_added_to_its_last_line(written: Work, there: bytes, said: bytes) -> None:
    *lines, last = exported(written)
    whole = b"".join(lines)
    assert verified(written, whole + last).by == "j.audit"
    with pytest.raises(export.NotOurs):
        verified(written, whole + last.replace(there, said))


def test_a_last_line_of_nothing_but_brackets_is_not_ours(written: Work) -> None:
    with pytest.raises(export.NotOurs):
        verified(written, b"".join(exported(written)[:-1]) + b"[" * 999)
