"""Files for the printer, in clear or for one recipient's eyes: age, <https://age-encryption.org>.

What is encrypted never touches the disk in clear. Any `age` command of the recipient reads it.
"""

import hashlib
import io
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import pyrage


@dataclass(frozen=True)
class Recipient:
    """Whom files are encrypted for: a public key as pyrage has it."""

    key: object


class NoRecipient(Exception):
    """What was given is no public key of age's, nor an SSH one that age takes."""


@dataclass(frozen=True)
class Digests:
    """SHA-256, hexadecimal: of the file as it lies on the disk, and of what it says in clear."""

    stored: str
    clear: str


def recipient(text: str) -> Recipient:
    """The recipient of « age1… », « ssh-ed25519 … » or « ssh-rsa … ». Raises NoRecipient."""
    kind = pyrage.ssh.Recipient if text.startswith("ssh-") else pyrage.x25519.Recipient
    try:
        return Recipient(kind.from_str(text.strip()))
    except pyrage.RecipientError as error:
        raise NoRecipient(text) from error


def name_for(name: str, whom: Recipient | None) -> str:
    """How the file is called: with .age where it is encrypted."""
    return name if whom is None else f"{name}.age"


def write(path: Path, parts: Iterable[bytes], whom: Recipient | None) -> Digests:
    """A new file, readable by its owner only, on the disk for good when this returns."""
    handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "wb") as file:
        clear, stored = _Read(iter(parts)), _Written(file)
        if whom is None:
            while part := clear.read(-1):
                stored.write(part)
        else:
            _encrypt(clear, stored, whom)
        file.flush()
        os.fsync(file.fileno())
    return Digests(stored.digest.hexdigest(), clear.digest.hexdigest())


def encrypted(parts: Iterable[bytes], whom: Recipient) -> tuple[bytes, Digests]:
    """The same in memory, for one that no disk is to see."""
    box = io.BytesIO()
    clear, stored = _Read(iter(parts)), _Written(box)
    _encrypt(clear, stored, whom)
    return box.getvalue(), Digests(stored.digest.hexdigest(), clear.digest.hexdigest())


def _encrypt(clear: "_Read", stored: "_Written", whom: Recipient) -> None:
    try:
        pyrage.encrypt_io(clear, stored, [whom.key])
    except pyrage.EncryptError:
        # pyrage makes one of whatever was raised on the way: a full disk, Ctrl+C
        if fault := clear.fault or stored.fault:
            raise fault from None
        raise


class _Read:
    """The parts as a file to read; their digest, and what reading them raised."""

    def __init__(self, parts: Iterator[bytes]):
        self._parts, self._left = parts, b""
        self.digest, self.fault = hashlib.sha256(), None

    fault: BaseException | None

    def read(self, most: int) -> bytes:
        """At most so many bytes of a part, all of it for -1; none at the end."""
        try:
            while not self._left:
                self._left = next(self._parts)
                self.digest.update(self._left)
        except StopIteration:
            return b""
        except BaseException as fault:
            self.fault = fault
            raise
        cut = len(self._left) if most < 0 else most
        some, self._left = self._left[:cut], self._left[cut:]
        return some


class _Written:
    """A file to write; the digest of what is written, and what writing it raised."""

    def __init__(self, file: BinaryIO):
        self._file, self.digest = file, hashlib.sha256()

    fault: BaseException | None = None

    def write(self, part: bytes) -> int:
        """All of it."""
        try:
            self._file.write(part)
        except BaseException as fault:
            self.fault = fault
            raise
        self.digest.update(part)
        return len(part)

    def flush(self) -> None:
        """Nothing: the file is flushed at its end."""
