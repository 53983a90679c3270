"""Static files: served by WhiteNoise, compressed ahead, under an address that changes with them."""

from pathlib import Path
from wsgiref.headers import Headers

from flask import Flask
from whitenoise import WhiteNoise

from webapp.web.headers import static_headers

VALIDATORS = ("ETag", "Last-Modified")


def install(app: Flask, files: Path, fingerprint: str, *, secure: bool) -> None:
    """Serve `files` under /static/<fingerprint>/ and tell templates where: `asset('css/…')`, and
    how heavy: `weight('guide/…')`."""
    prefix = f"static/{fingerprint}"
    app.jinja_env.globals["asset"] = lambda name: f"/{prefix}/{name}"
    app.jinja_env.globals["weight"] = lambda name: _megabytes(files / name)
    extra = static_headers(secure)

    def add_headers(headers: Headers, path: str, url: str) -> None:
        for name, value in extra.items():
            headers[name] = value

    served = WhiteNoise(
        app.wsgi_app,
        root=files,
        prefix=prefix,
        add_headers_function=add_headers,
        allow_all_origins=False,
    )
    _never_asked_again(served)
    app.wsgi_app = served  # type: ignore[method-assign]


def _never_asked_again(served: WhiteNoise) -> None:
    """An address that changes with its file needs no date and no ETag to compare with."""
    for file in served.files.values():
        file.alternatives = [
            (wanted, path, [header for header in headers if header[0] not in VALIDATORS])
            for wanted, path, headers in file.alternatives
        ]


def _megabytes(file: Path) -> str:
    """As French writes it."""
    return f"{file.stat().st_size / 1_000_000:.1f} Mo".replace(".", ",")
