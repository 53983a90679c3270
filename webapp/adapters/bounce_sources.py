"""Where delivery reports are read: an IMAP folder, an mbox, a folder of `.eml`, a Maildir.

Of each message only the beginning is read: a hostile one costs no more than any other.
"""

import imaplib
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from webapp.adapters import imap
from webapp.adapters.relay import trusting
from webapp.rules.delivery_reports import MOST_BYTES
from webapp.services.mail.bounces import Message, ReportSource, SourceFault
from webapp.settings import Settings

MOST = 5_000  # messages a run
_LINE = 64 * 1024
_FROM = b"From "  # how each message of an mbox begins
_UIDS = 200  # in one command


def open_source(
    settings: Settings, source: str, *, again: bool, ask: Callable[[str], str]
) -> ReportSource:
    """The source that an operator named. `again`: with what was read before. `ask` is asked for a
    password when the settings have none. Raises SourceFault."""
    if "://" in source:
        try:
            return _mailbox(settings, imap.place(source), again=again, ask=ask)
        except imap.ImapFault as fault:
            raise SourceFault(str(fault)) from fault
    path = Path(source)
    if path.is_dir():
        return _Folder(path)
    if not path.exists():
        raise SourceFault(
            f"« {source} » n’existe pas : donnez {imap.EXAMPLE}, un mbox ou un dossier."
        )
    return _Mbox(path)


def _mailbox(
    settings: Settings, where: imap.ImapPlace, *, again: bool, ask: Callable[[str], str]
) -> "_ImapFolder":
    if not where.user:
        raise SourceFault(f"Il manque le compte : l’adresse s’écrit comme {imap.EXAMPLE}.")
    password = settings.mail_bounces_password or ask(where.user)
    box = imap.opened(
        where,
        password,
        context=trusting(settings),
        vouch="donnez le fichier de son autorité dans MAIL_CA_FILE",
        readonly=False,
    )
    return _ImapFolder(box, where.host, again=again)


class _ImapFolder:
    """What nobody has read yet. Whatever was noted is marked as read; other mails stay as they
    are, for the people who look into this mailbox."""

    can_delete = True

    def __init__(self, box: imaplib.IMAP4, host: str, *, again: bool):
        self._box, self._host, self._again = box, host, again

    def messages(self) -> Iterator[Message]:
        """The newest 5,000, the oldest of them first."""
        wanted = ["UNDELETED"] if self._again else ["UNSEEN", "UNDELETED"]
        for uid in (self._asked("SEARCH", *wanted)[0] or b"").split()[-MOST:]:
            parts = self._asked("FETCH", uid.decode(), f"(BODY.PEEK[]<0.{MOST_BYTES}>)")
            for part in parts:
                if isinstance(part, tuple):
                    yield Message(uid.decode(), part[1])

    def done(self, keys: Iterable[str], *, delete: bool) -> None:
        """Mark as read, or remove: these alone, whatever else is marked as deleted."""
        flags = r"(\Seen \Deleted)" if delete else r"(\Seen)"
        each = list(keys)
        for some in (each[at : at + _UIDS] for at in range(0, len(each), _UIDS)):
            self._asked("STORE", ",".join(some), "+FLAGS.SILENT", flags)
            if delete and self._can_remove_some():
                self._asked("EXPUNGE", ",".join(some))

    def close(self) -> None:
        """Say goodbye."""
        try:
            self._box.logout()
        except (OSError, imaplib.IMAP4.error):
            self._box.shutdown()

    def _can_remove_some(self) -> bool:
        """Servers say it once somebody is logged in; `capabilities` is what they said before."""
        return b"UIDPLUS" in b" ".join(self._box.capability()[1] or [b""]).split()

    def _asked(self, command: str, *words: str) -> list:  # type: ignore[type-arg] # imaplib's own
        try:
            answer, data = self._box.uid(command, *words)
        except (OSError, imaplib.IMAP4.error) as error:
            raise SourceFault(
                f"La liaison avec {self._host} s’est coupée. Ce qui est noté le reste : relancez "
                "la commande."
            ) from error
        if answer != "OK":
            raise SourceFault(f"{self._host} a refusé une demande ({command}).")
        return data


class _Folder:
    """The `.eml` files of a folder, or the messages of a Maildir."""

    can_delete = True

    def __init__(self, path: Path):
        self._path = path

    def messages(self) -> Iterator[Message]:
        """Each file, in the order of the names."""
        found = [*self._path.glob("*.eml"), *self._path.glob("new/*"), *self._path.glob("cur/*")]
        for file in sorted(found):
            # a mail program may move one meanwhile: it is found at the next run
            with suppress(FileNotFoundError, IsADirectoryError), file.open("rb") as opened:
                yield Message(str(file), opened.read(MOST_BYTES))

    def done(self, keys: Iterable[str], *, delete: bool) -> None:
        """Files stay, unless they are to go."""
        for key in keys:
            if delete:
                Path(key).unlink(missing_ok=True)

    def close(self) -> None:
        """Nothing is kept open."""


class _Mbox:
    """An mbox, never changed: others may write to it meanwhile. A file that does not begin as one
    is one message."""

    can_delete = False

    def __init__(self, path: Path):
        self._path = path

    def messages(self) -> Iterator[Message]:
        """Each message in turn."""
        with self._path.open("rb") as file:
            held, number, blank = b"", 0, True
            several = file.peek(len(_FROM)).startswith(_FROM)  # a pipe can't be read again
            while line := file.readline(_LINE):
                begins = several and blank and line.startswith(_FROM)
                if begins and held:
                    yield Message(str(number), held)
                    held, number = b"", number + 1
                elif not begins:
                    held += line[: MOST_BYTES - len(held)]
                blank = line in (b"\n", b"\r\n")
            if held:
                yield Message(str(number), held)

    def done(self, keys: Iterable[str], *, delete: bool) -> None:
        """Reading it again changes nothing."""

    def close(self) -> None:
        """Nothing is kept open."""
