"""Static files: served by WhiteNoise, compressed ahead, under an address that changes with them."""

import hashlib
from pathlib import Path
from typing import Any

from flask import Flask
from whitenoise import WhiteNoise

from webapp.web.headers import static_headers

YEAR = 365 * 86_400


def install(app: Flask, folder: Path, *, secure: bool) -> None:
    """Serve `folder` under /static/<fingerprint>/ and tell templates where: `asset('css/…')`,
    and how heavy they are: `kilobytes('guide/…')`."""
    prefix = f"static/{fingerprint(folder)}"
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
    app.wsgi_app = served  # type: ignore[method-assign]


def fingerprint(folder: Path) -> str:
    """Ten hexadecimal digits that change when any static file does."""
    digest = hashlib.sha256()
    for file in sorted(folder.rglob("*")):
        if file.is_file() and file.suffix not in (".gz", ".br"):
            digest.update(file.relative_to(folder).as_posix().encode() + file.read_bytes())
    return digest.hexdigest()[:10]
