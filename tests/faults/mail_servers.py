"""Postfix and Dovecot as Debian has them, started as root on ports of their own in a folder of
their own: nothing of the machine's is used or changed."""

import contextlib
import shutil
import smtplib
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HOST, PATIENCE = "127.0.0.1", 60.0
BOUNCES, PASSWORD = "retours@example.org", "épice de mer 26"
_MISSING = "{} is missing: run tests/faults/install as root, on Debian"
_DOVECOT = """\
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
instance_name = {folder}
protocols = imap
default_internal_user = nobody
default_internal_group = nogroup
default_login_user = nobody
first_valid_uid = 1
ssl = {ssl}
{certificate}
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
mail_location = maildir:{folder}/mail/%u
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {folder}/users
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home={folder}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    address = 127.0.0.1
    port = {plain}
  }}
  inet_listener imaps {{
    address = 127.0.0.1
    port = {secured}
    ssl = {has_ssl}
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
service auth {{
  unix_listener smtp-auth {{
    mode = 0666
  }}
}}
namespace inbox {{
  inbox = yes
  separator = /
}}
"""
_POSTFIX = """\
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
myhostname = mail.example.org
mydestination =
local_recipient_maps =
alias_maps =
alias_database =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
virtual_mailbox_domains = example.org
virtual_mailbox_base = {mail}
virtual_mailbox_maps = inline:{{ {boxes} }}
virtual_minimum_uid = 1
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
mynetworks = 127.0.0.0/8
"""


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@contextmanager
def own_folder() -> Iterator[Path]:
    """A folder that servers which gave up being root can enter."""
    with tempfile.TemporaryDirectory(prefix="mail-servers-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


class Dovecot:
    """An IMAP server with the account BOUNCES; `maildir` is where it keeps the INBOX."""

    def __init__(self, folder: Path, certificate: Path | None = None):
        self._program = _program("dovecot")
        self.folder, self.port, self.secured_port = folder, free_port(), free_port()
        self.maildir = folder / "mail" / BOUNCES
        for each in (folder / "run", folder / "state", self.maildir):
            each.mkdir(parents=True)
        for each in (folder / "mail", self.maildir):
            shutil.chown(each, "nobody", "nogroup")
        (folder / "users").write_text(f"{BOUNCES}:{{PLAIN}}{PASSWORD}::::::\n")
        self._config = folder / "dovecot.conf"
        kept = f"ssl_cert = <{certificate}\nssl_key = <{certificate}" if certificate else ""
        self._config.write_text(
            _DOVECOT.format(
                folder=folder,
                plain=self.port,
                secured=self.secured_port,
                certificate=kept,
                ssl="yes" if certificate else "no",
                has_ssl="yes" if certificate else "no",
            )
        )
        # its processes keep what they are given to write to: a pipe would never end
        with (folder / "start").open("wb") as told:
            started = [self._program, "-c", str(self._config)]
            subprocess.run(started, stdout=told, stderr=told, timeout=PATIENCE, check=False)
        _wait_for(self.port, folder / "start")

    def close(self) -> None:
        """Stop it."""
        _run(self._program, "-c", self._config, "stop")

    def make_folder(self, name: str) -> None:
        """A further IMAP folder, named as its owner reads it."""
        _run("/usr/bin/doveadm", "-c", self._config, "mailbox", "create", "-u", BOUNCES, name)

    def deliver(self, raw: bytes, folder: str = "INBOX") -> None:
        """A message into a folder."""
        _run(
            "/usr/bin/doveadm", "-c", self._config, "save", "-u", BOUNCES, "-m", folder,
            given=raw,
        )  # fmt: skip

    def flags(self, folder: str = "INBOX") -> list[str]:
        """The flags of each message."""
        asked = ["-c", self._config, "fetch", "-u", BOUNCES, "flags", "mailbox", folder, "all"]
        told = _run("/usr/bin/doveadm", *asked).decode()
        return [line for line in told.splitlines() if line.startswith("flags:")]


class Postfix:
    """A relay. `settings` are further lines of main.cf; `boxes` maps its addresses to Maildirs
    below `mail`."""

    def __init__(self, folder: Path, *, mail: Path, boxes: dict[str, str], settings: str = ""):
        self._program = _program("postfix")
        self.folder, self.port = folder, free_port()
        self.log = folder / "log"
        folder.mkdir(exist_ok=True)
        for name in ("etc", "queue", "data"):
            (folder / name).mkdir()
        shutil.chown(folder / "data", "postfix")
        pairs = ", ".join(f"{{ {address} = {box} }}" for address, box in boxes.items())
        if not boxes:
            pairs = "{ nobody@example.org = nobody/ }"
        main = _POSTFIX.format(folder=folder, mail=mail, boxes=pairs)
        (folder / "etc" / "main.cf").write_text(main + settings)
        (folder / "etc" / "master.cf").write_text("\n".join(self._services()) + "\n")
        _run(self._program, "-c", folder / "etc", "start")
        _wait_for(self.port, self.log)

    def close(self) -> None:
        """Stop it."""
        _run(self._program, "-c", self.folder / "etc", "stop")

    def _services(self) -> Iterator[str]:
        """Debian's own master.cf, out of its chroot and on this port."""
        for line in Path("/usr/share/postfix/master.cf.dist").read_text().splitlines():
            words = line.split()
            if line.startswith("smtp ") and "inet" in words:
                yield f"{HOST}:{self.port} inet n - n - - smtpd"
            elif line[:1].strip() and not line.startswith("#") and len(words) >= 8:
                words[4] = "n"
                yield " ".join(words)
            else:
                yield line


def _program(name: str) -> str:
    found = shutil.which(name, path="/usr/sbin:/usr/bin:/sbin:/bin")
    assert found, _MISSING.format(name)
    return found


def _run(*command: str | Path, given: bytes = b"") -> bytes:
    done = subprocess.run(command, input=given, capture_output=True, timeout=PATIENCE, check=False)
    assert done.returncode == 0, (command, done.stdout, done.stderr)
    return done.stdout


def _wait_for(port: int, log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        with contextlib.suppress(OSError), socket.create_connection((HOST, port), timeout=5):
            return
        told = log.read_text() if log.exists() else ""
        assert time.monotonic() < end, told[-2000:]
        time.sleep(0.05)


def offers(port: int) -> set[str]:
    """The extensions that an SMTP server names."""
    with smtplib.SMTP(HOST, port) as line:
        line.ehlo()
        return set(line.esmtp_features)
