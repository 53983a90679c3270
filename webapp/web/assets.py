"""Static files: served by WhiteNoise, compressed ahead, under an address that changes with them."""

import atexit
import functools
import gzip
import hashlib
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import brotli
from flask import Flask
from whitenoise import WhiteNoise

from webapp.web.headers import static_headers

YEAR = 365 * 86_400


STYLE = Path("css") / "portal.css"


def install(app: Flask, folder: Path, brand: Path, tokens: str, *, secure: bool) -> None:
    """Serve `folder` under /static/<fingerprint>/ and tell templates where: `asset('css/…')`.

    The drawings of the `brand` folder are served as brand/, and `tokens`, its colours, end the
    one style sheet: a brand costs no request of its own.
    """
    dressed = _dressed(folder, brand, tokens)
    prefix = f"static/{fingerprint(folder, dressed)}"
    app.jinja_env.globals["asset"] = lambda name: f"/{prefix}/{name}"
    app.jinja_env.globals["kilobytes"] = lambda name: round((folder / name).stat().st_size / 1000)
    extra = static_headers(secure)

    def add_headers(headers: Any, path: str, url: str) -> None:
        for name, value in extra.items():
            headers[name] = value

    served = WhiteNoise(
        app.wsgi_app,
        root=folder,
        prefix=prefix,
        max_age=YEAR,
        immutable_file_test=lambda path, url: True,
        add_headers_function=add_headers,
        allow_all_origins=False,
    )
    served.add_files(dressed, prefix=prefix)
    app.wsgi_app = served  # type: ignore[method-assign]


def fingerprint(*folders: Path) -> str:
    """Ten hexadecimal digits that change when any file of the folders does."""
    digest = hashlib.sha256()
    for folder in folders:
        for file in sorted(folder.rglob("*")):
            if file.is_file() and file.suffix not in (".gz", ".br"):
                digest.update(file.relative_to(folder).as_posix().encode() + file.read_bytes())
    return digest.hexdigest()[:10]


@functools.cache
def _dressed(folder: Path, brand: Path, tokens: str) -> Path:
    """A folder of this process with what the brand changes, compressed like the rest."""
    made = Path(tempfile.mkdtemp(prefix="portal-static-"))
    atexit.register(_remove, made, os.getpid())
    shutil.copytree(brand, made / "brand")
    style = (folder / STYLE).read_bytes() + tokens.encode()
    file = made / STYLE
    file.parent.mkdir()
    file.write_bytes(style)
    file.with_name(file.name + ".gz").write_bytes(gzip.compress(style, 9, mtime=0))
    file.with_name(file.name + ".br").write_bytes(brotli.compress(style))
    return made


def _remove(made: Path, owner: int) -> None:
    """At the end of the process that made it, not of those forked from it."""
    if os.getpid() == owner:
        shutil.rmtree(made, ignore_errors=True)
