"""Files that can be made anew, kept beside what they are made from, as Python keeps its modules.

Where the folder can't be written, as in an image that only reads, nothing is kept.
"""

import os
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

FOLDER = "__pycache__"


@dataclass(frozen=True)
class Kept:
    """A folder of them. Names say all that a file follows from, so that none ever grows old."""

    beside: Path

    @property
    def _folder(self) -> Path:
        return self.beside / FOLDER

    def get(self, name: str) -> bytes | None:
        """What is kept under this name."""
        try:
            return (self._folder / name).read_bytes()
        except OSError:
            return None

    def made(
        self, name: str, make: Callable[[], bytes], is_whole: Callable[[bytes], bool]
    ) -> bytes:
        """What is kept under this name, made and kept when there is nothing yet. A file that a
        power cut left empty or cut off, so that it is not `is_whole`, is no better than none."""
        content = self.get(name)
        if content is None or not is_whole(content):
            content = make()
            self.put(name, content)
        return content

    def put(self, name: str, content: bytes) -> None:
        """Written aside, then put in its place: who reads meanwhile finds a whole one."""
        aside = self._folder / f"{name}.{os.getpid()}-{threading.get_ident():x}"
        try:
            self._folder.mkdir(exist_ok=True)
            aside.write_bytes(content)
            aside.replace(self._folder / name)
        except OSError:
            with suppress(OSError):
                aside.unlink()
