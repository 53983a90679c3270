"""`flask mail bounces`: reports in files, read once or twice, honest or not."""

from pathlib import Path

import pytest
from sqlalchemy import insert, select

from tests.journeys import journalled
from tests.reports import report
from webapp.models import OutboxMail

MINE, OTHER, FOREIGN = "1" * 32, "2" * 32, "f" * 32
ABSENT = b"From: x@example.org\nSubject: Absente\n\nJe reviens lundi.\n"


@pytest.fixture(autouse=True)
def sent(work):
    """Two mails that the relay took."""
    for mail_id in (MINE, OTHER):
        values = {
            "id": mail_id, "name": "registration", "sealed": b"", "priority": 5, "state": "sent",
            "not_before": work.now, "best_before": work.now, "attempts": 1, "last_error": "",
            "created_at": work.now, "ended_at": work.now,
        }  # fmt: skip
        work.db.execute(insert(OutboxMail).values(values))
    work.settle()


@pytest.fixture
def run(app):
    return lambda *words: app.test_cli_runner().invoke(args=["mail", "bounces", *map(str, words)])


def told(result) -> str:
    assert result.exit_code == 0, result.output
    assert result.output.count("\n") == 1
    return result.output.replace("\u00a0", " ").strip()


def outcomes(work) -> dict[str, str | None]:
    rows = work.db.execute(select(OutboxMail.id, OutboxMail.outcome)).all()
    work.settle()
    return {row.id: row.outcome for row in rows}


def mbox(path: Path, *messages: bytes) -> Path:
    head = b"From MAILER-DAEMON Sun Nov 29 05:47:04 2026\n"
    path.write_bytes(b"".join(head + each + b"\n" for each in messages))
    return path


def test_an_mbox_is_read_and_twice_is_once(run, work, tmp_path):
    box = mbox(tmp_path / "mbox", report(MINE), ABSENT, report(OTHER, "delayed", "4.4.1"),
               report(FOREIGN))  # fmt: skip
    assert told(run(box)) == (
        "4 message(s) lu(s) : 1 mail(s) revenu(s), 1 en retard, 0 remis, 0 déjà noté(s), "
        "2 sans rapport avec nos mails, 0 illisible(s)."
    )
    assert outcomes(work) == {MINE: "failed", OTHER: "delayed"}
    before = box.read_bytes()
    assert "0 mail(s) revenu(s), 0 en retard, 0 remis, 2 déjà noté(s)" in told(run(box))
    assert journalled(work, "mail.bounced") == [{"letter": "registration", "status": "5.1.1"}]
    assert box.read_bytes() == before


def test_a_folder_of_eml_and_a_maildir_are_read(run, work, tmp_path):
    (tmp_path / "one.eml").write_bytes(report(MINE))
    (tmp_path / "notes.txt").write_bytes(report(OTHER))
    assert told(run(tmp_path)).startswith("1 message(s) lu(s) : 1 mail(s) revenu(s)")
    maildir = tmp_path / "Maildir"
    (maildir / "new").mkdir(parents=True)
    (maildir / "new" / "1795931224.mail").write_bytes(report(OTHER, "delivered", "2.0.0"))
    assert "1 remis" in told(run(maildir))
    assert outcomes(work) == {MINE: "failed", OTHER: "delivered"}


def test_one_file_is_one_message(run, work, tmp_path):
    file = tmp_path / "one.eml"
    file.write_bytes(report(MINE))
    assert told(run(file)).startswith("1 message(s) lu(s) : 1 mail(s) revenu(s)")


def test_a_sentence_that_begins_with_from_does_not_cut_one_message_in_two(run, work, tmp_path):
    """An mbox begins with such a line, and writes the others « >From »."""
    file = tmp_path / "one.eml"
    words = b"no such user\n\nFrom our server, with regrets.\n"
    file.write_bytes(report(MINE).replace(b"no such user\n", words, 1))
    assert told(run(file)).startswith("1 message(s) lu(s) : 1 mail(s) revenu(s)")


def test_what_was_noted_is_removed_when_asked_and_nothing_else(run, tmp_path):
    for name, raw in (("mine", report(MINE)), ("foreign", report(FOREIGN)), ("absent", ABSENT)):
        (tmp_path / f"{name}.eml").write_bytes(raw)
    told(run(tmp_path, "--delete"))
    assert {each.name for each in tmp_path.glob("*.eml")} == {"foreign.eml", "absent.eml"}
    box = mbox(tmp_path / "mbox", report(OTHER))
    result = run(box, "--delete")
    assert (result.exit_code, box.exists()) == (2, True)


def test_a_hostile_mbox_costs_a_line_and_changes_nothing(run, work, tmp_path):
    nested = b"Content-Type: multipart/report; boundary=b\n"
    nested += b"\n--b\nContent-Type: multipart/report; boundary=b\n" * 5000
    hostile = [
        b"x" * 3_000_000,
        b"\0" * 1000 + b"\n\nFrom \n\nFrom \n",
        nested,
        report(MINE, action="\x1b[2J"),
        report(f"' OR 1=1 --{MINE}"),
    ]
    box = mbox(tmp_path / "mbox", *hostile, report(OTHER))
    assert "1 mail(s) revenu(s)" in told(run(box))
    assert outcomes(work) == {MINE: None, OTHER: "failed"}


def test_the_recipient_s_address_alone_marks_no_mail(run, work, tmp_path):
    """Whoever knows a member's address could send that report."""
    box = mbox(tmp_path / "mbox", report("", envelope=False, returned=""))
    assert "1 sans rapport" in told(run(box))
    assert outcomes(work) == {MINE: None, OTHER: None}


@pytest.mark.parametrize(
    ("source", "code", "sentence"),
    [
        ("/nowhere/mbox", 1, "n’existe pas"),
        ("https://mail.example.org", 1, "imaps://retours@mail.example.org/INBOX"),
        ("imaps://mail.example.org/INBOX", 1, "Il manque le compte"),
        ("imaps://retours:secret@mail.example.org/INBOX", 1, "n’a pas sa place dans l’adresse"),
        ("imaps://retours@mail.example.org/INBOX", 2, "MAIL_BOUNCES_PASSWORD"),
    ],
)
def test_a_source_that_can_t_be_read_is_one_sentence(run, source, code, sentence):
    result = run(source)
    assert isinstance(result.exception, SystemExit)
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (code, "", 1)
    assert sentence in result.stderr.replace("\u00a0", " ") and "secret" not in result.stderr
