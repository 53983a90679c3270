"""The portal serves the compressed copies of its static files: stale ones must not be played."""

import gzip
import subprocess
import sys

from webapp.settings import ROOT


def refresh() -> None:
    """Make the copies anew when one of them is stale."""
    static = ROOT / "static"
    copies = [(copy, copy.with_suffix("")) for copy in static.rglob("*.gz")]
    if any(gzip.decompress(copy.read_bytes()) != file.read_bytes() for copy, file in copies):
        compress = [sys.executable, "-m", "whitenoise.compress", "--quiet", str(static)]
        subprocess.run(compress, check=True)
