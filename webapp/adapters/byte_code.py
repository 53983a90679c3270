"""Compiled templates kept beside their sources, as Python keeps its own modules.

Where the folder can't be written, as in an image that only reads, templates are compiled anew.
"""

import hashlib
import os
from pathlib import Path

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from webapp.rules import typography

FOLDER = "__pycache__"


class KeptByteCode(BytecodeCache):
    """One file a template and flavour. Jinja compares the source's hash; `flavour` says what else
    the code follows from: filters put the mutual's name into words that never change."""

    def __init__(self, templates: Path, flavour: str):
        rules = Path(typography.__file__).read_bytes()
        digest = hashlib.sha256(rules + flavour.encode()).hexdigest()[:12]
        self._folder, self._flavour = templates / FOLDER, digest

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill the bucket, when there is a file for it."""
        try:
            with self._file(bucket).open("rb") as file:
                bucket.load_bytecode(file)
        except OSError:
            return

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Write the file aside, then put it in its place: who reads meanwhile finds a whole one."""
        file = self._file(bucket)
        aside = file.with_suffix(f".{os.getpid()}-{id(bucket):x}")
        try:
            self._folder.mkdir(exist_ok=True)
            with aside.open("wb") as out:
                bucket.write_bytecode(out)
            aside.replace(file)
        except OSError:
            aside.unlink(missing_ok=True)

    def _file(self, bucket: Bucket) -> Path:
        return self._folder / f"{bucket.key}.{self._flavour}.jinja"
