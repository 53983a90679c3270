"""Compiled templates, kept by Jinja beside their sources; where they can't be, compiled each start.

What is loaded from there is run, so the folder stands inside templates/: who may write there may
change the templates themselves. Jinja compiles a template anew when its source, Python or Jinja
itself has changed.
"""

import hashlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from jinja2 import BytecodeCache, Environment, FileSystemBytecodeCache
from jinja2.bccache import Bucket

from webapp.rules import typography


class _Cache(FileSystemBytecodeCache):
    def load_bytecode(self, bucket: Bucket) -> None:
        """Jinja's, which crashes on a file that a power cut has left cut off."""
        try:
            super().load_bytecode(bucket)
        except Exception:
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Jinja's, but that a full disk or a folder that only reads costs nobody their page."""
        with suppress(OSError):
            super().dump_bytecode(bucket)


def cache(templates: Path, flavour: str) -> BytecodeCache | None:
    """The cache for the templates of a folder, None where there can't be one. `flavour` says what
    else the code follows from: filters put the mutual's name into words that never change."""
    folder = templates / "__pycache__"
    with suppress(OSError):
        folder.mkdir(exist_ok=True)
    if not folder.is_dir():
        return None
    rules = Path(typography.__file__).read_bytes()
    digest = hashlib.sha256(rules + flavour.encode()).hexdigest()[:12]
    return _Cache(str(folder), f"%s.{digest}.jinja")


def load(environment: Environment, wanted: Callable[[str], bool]) -> None:
    """Load the templates with these names for good, each as it is now. An upgrade puts another
    version's into the folder while this one serves, and they ask for values that it has not."""
    for name in environment.list_templates():
        if "__pycache__" not in name and wanted(name):
            environment.get_template(name)
