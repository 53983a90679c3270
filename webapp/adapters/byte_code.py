"""Compiled templates kept beside their sources; where they can't be, compiled anew each start."""

import hashlib
from io import BytesIO
from pathlib import Path

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from webapp.adapters.kept import Kept
from webapp.rules import typography


class KeptByteCode(BytecodeCache):
    """One file a template and flavour. Jinja compares the source's hash; `flavour` says what else
    the code follows from: filters put the mutual's name into words that never change."""

    def __init__(self, templates: Path, flavour: str):
        rules = Path(typography.__file__).read_bytes()
        self._flavour = hashlib.sha256(rules + flavour.encode()).hexdigest()[:12]
        self._kept = Kept(templates)

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill the bucket, when there is a file for it."""
        code = self._kept.get(self._name(bucket))
        if code is not None:
            bucket.load_bytecode(BytesIO(code))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it."""
        self._kept.put(self._name(bucket), bucket.bytecode_to_string())

    def _name(self, bucket: Bucket) -> str:
        return f"{bucket.key}.{self._flavour}.jinja"
