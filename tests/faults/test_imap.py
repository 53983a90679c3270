"""Dovecot as Debian has it: reports in a mailbox, and the mailbox of a guided run."""

import itertools
import os
import shutil
import ssl
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from click.testing import Result
from sqlalchemy import Engine, insert, select

from player.world import test_settings
from qa.command import run as qa_run
from qa.mailboxes import Imap
from tests.faults.mail_servers import BOUNCES, HOST, PASSWORD, Dovecot, own_folder
from tests.reports import report
from tests.sinks import self_signed
from webapp import create_app
from webapp.models import OutboxMail
from webapp.services.kernel.work import Work
from webapp.services.kernel.world import World

FOLDER = "Éléments revenus/À lire"
_numbers = itertools.count(1)
MINE, FOREIGN = "1" * 32, "f" * 32
MISSING = "needs root and Debian's dovecot-imapd: sudo tests/faults/install"
pytestmark = pytest.mark.skipif(
    os.geteuid() != 0 or not shutil.which("dovecot", path="/usr/sbin"), reason=MISSING
)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return self_signed(tmp_path_factory.mktemp("ca"))


@pytest.fixture(scope="module")
def dovecot(certificate: Path) -> Iterator[Dovecot]:
    with own_folder() as folder:
        server = Dovecot(folder / "dovecot", certificate)
        yield server
        server.close()


@pytest.fixture
def folder(dovecot: Dovecot) -> str:
    """An empty folder of this test's own: the server keeps what the tests before it read."""
    name = f"{FOLDER} {next(_numbers)}"
    dovecot.make_folder(name)
    return name


class Desk:
    """The command, with the settings of a host."""

    def __init__(self, engine: Engine, world: World, ca: Path, port: int, folder: str):
        self.engine, self.world, self.ca, self.port = engine, world, ca, port
        self.folder = folder

    def run(
        self, *options: str, folder: str = "", password: str = PASSWORD, ca: bool = True
    ) -> Result:
        settings = test_settings(
            mail_bounces_password=password, mail_ca_file=self.ca if ca else None
        )
        app = create_app(settings, self.world, self.engine)
        source = f"imaps://{BOUNCES}@{HOST}:{self.port}/{folder or self.folder}"
        return app.test_cli_runner().invoke(args=["mail", "bounces", source, *options])

    def told(self, *options: str, **changes: str) -> str:
        result = self.run(*options, **changes)  # type: ignore[arg-type]
        assert result.exit_code == 0, result.output
        return result.output.replace("\u00a0", " ")


@pytest.fixture
def desk(
    engine: Engine, world: World, certificate: Path, dovecot: Dovecot, folder: str, work: Work
) -> Desk:
    values = {
        "id": MINE, "name": "registration", "sealed": b"", "priority": 5, "state": "sent",
        "not_before": work.now, "best_before": work.now, "attempts": 1, "last_error": "",
        "created_at": work.now, "ended_at": work.now,
    }  # fmt: skip
    work.db.execute(insert(OutboxMail).values(values))
    work.settle()
    return Desk(engine, world, certificate, dovecot.secured_port, folder)


def test_reports_are_noted_and_marked_as_read_other_mails_stay_unread(
    desk: Desk, dovecot: Dovecot, folder: str, work: Work
) -> None:
    """In a folder with accents and a space, with an account whose password has them too."""
    for raw in (report(MINE), b"Subject: Absente\n\nJe reviens lundi.\n", report(FOREIGN)):
        dovecot.deliver(raw, folder)
    assert desk.told().startswith("3 message(s) lu(s) : 1 mail(s) revenu(s)")
    assert work.db.execute(select(OutboxMail.outcome)).scalar_one() == "failed"
    work.settle()
    read = [r"\Seen" in each for each in dovecot.flags(folder)]
    assert read == [True, False, False]
    assert desk.told().startswith("2 message(s) lu(s) : 0 mail(s) revenu(s)")
    assert "1 déjà noté(s)" in desk.told("--all")
    desk.told("--all", "--delete")
    assert len(dovecot.flags(folder)) == 2


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"password": "un-autre"}, "refuse le compte"),
        ({"folder": "Éléments"}, "« Éléments » n’existe pas"),
        ({"ca": False}, "MAIL_CA_FILE"),
    ],
)
def test_what_prevents_reading_is_one_sentence(
    desk: Desk, changes: dict[str, str], sentence: str
) -> None:
    result = desk.run(**changes)  # type: ignore[arg-type]
    assert isinstance(result.exception, SystemExit)
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (1, "", 1)
    assert sentence in result.stderr.replace("\u00a0", " ")
    assert "un-autre" not in result.stderr


def test_a_guided_run_reads_the_folder_that_it_was_given(
    dovecot: Dovecot, certificate: Path
) -> None:
    dovecot.make_folder("Essais de l’été")
    dovecot.deliver(b"To: qa@example.org\nSubject: Votre code\n\n123456\n")  # in the INBOX
    url = f"imaps://{HOST}:{dovecot.secured_port}/Essais de l’été"
    box = Imap(url, BOUNCES, PASSWORD, patience=5, ca=certificate)
    box.open()
    dovecot.deliver(b"Subject: Sans destinataire\n\nRien.\n", "Essais de l’été")
    dovecot.deliver(b"To: qa@example.org\nSubject: Votre code\n\n654321\n", "Essais de l’été")
    assert box.wait_for("qa@example.org", "code").security_code == "654321"
    assert box.received("") != []
    box.close()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"mail_password": "faux"}, "refuse le compte"),
        ({"mail_url": "imaps://{}/{}"}, "n’existe pas"),
        ({"mail_url": "imaps://127.0.0.1:1/INBOX"}, "Rien n’écoute"),
        ({"mail_ca": None}, "--mail-ca"),
        ({"mail_url": "imaps:INBOX"}, "s’écrit comme"),
    ],
)
def test_a_mailbox_that_can_t_be_read_ends_a_guided_run_with_2(
    dovecot: Dovecot,
    certificate: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    changes: dict[str, str | None],
    sentence: str,
) -> None:
    given = {
        "base_url": "http://127.0.0.1:1", "procedures": ("registration",), "profile": "phone",
        "engine": "chromium", "headed": False, "mails": "imap",
        "mail_url": f"imaps://{HOST}:{dovecot.secured_port}/INBOX", "mail_user": BOUNCES,
        "mail_password": PASSWORD, "member": "00200999:4F7K-9QXM-2T6B", "letters": None,
        "email": "qa-{n}@example.org", "mail_ca": certificate, "insecure": False,
        "out": tmp_path, "reports": (), "push": None,
    }  # fmt: skip
    if changes.get("mail_url"):
        there = f"{HOST}:{dovecot.secured_port}", quote("Pas là")
        changes = {"mail_url": str(changes["mail_url"]).format(*there)}
    assert qa_run(**(given | changes)) == 2  # type: ignore[arg-type]
    told = capsys.readouterr().err.replace("\u00a0", " ")
    assert sentence in told and told.count("\n") == 1


def test_an_unknown_certificate_is_accepted_when_asked(dovecot: Dovecot) -> None:
    url = f"imaps://{HOST}:{dovecot.secured_port}/INBOX"
    Imap(url, BOUNCES, PASSWORD, checked=False).close()
    assert ssl.create_default_context().verify_mode is ssl.CERT_REQUIRED
