"""Static files: served by WhiteNoise, compressed ahead, under an address that changes with them.

Another version's address is answered too, for hosts of two versions serve the same browsers while
one is put in place, and pages stay open (docs/decisions/versions.md).
"""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from wsgiref.headers import Headers

from flask import Flask
from whitenoise import WhiteNoise
from whitenoise.responders import StaticFile

from webapp.web.headers import static_headers

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

VALIDATORS = ("ETag", "Last-Modified")
# Another file's bytes: no cache keeps them under this address, and no service worker can
# (Cache.put refuses « Vary: * », so a worker that installs itself tries again later).
STAND_IN = [("Cache-Control", "no-store"), ("Vary", "*")]
_ADDRESS = re.compile(r"/static/([0-9a-f]{10})/(.+)", re.ASCII)
_OF_A_PART = ("HTTP_RANGE", "HTTP_IF_RANGE")


class Builds(Protocol):
    """Where former builds are looked for."""

    def newest(self) -> list[str]:
        """Their fingerprints, the newest first."""

    def files(self, fingerprint: str) -> Path | None:
        """The folder of one's files, which stays from now on; None where there is none."""


def install(app: Flask, files: Path, fingerprint: str, builds: Builds, *, secure: bool) -> None:
    """Serve `files` under /static/<fingerprint>/ and tell templates where: `asset('css/…')`, and
    how heavy: `weight('guide/…')`."""
    prefix = f"static/{fingerprint}"
    app.jinja_env.globals["asset"] = lambda name: f"/{prefix}/{name}"
    app.jinja_env.globals["weight"] = lambda name: _megabytes(files / name)
    served = _Static(app.wsgi_app, static_headers(secure), builds)
    served.add(fingerprint, files)
    app.wsgi_app = served  # type: ignore[method-assign]


class _Static(WhiteNoise):
    """This version's files, and what pages of others ask for."""

    def __init__(self, inner: "WSGIApplication", extra: dict[str, str], builds: Builds):
        def add_headers(headers: Headers, _path: str, _url: str) -> None:
            for name, value in extra.items():
                headers[name] = value

        super().__init__(inner, add_headers_function=add_headers, allow_all_origins=False)
        self._builds, self._own = builds, ""
        self._added: set[str] = set()

    def add(self, fingerprint: str, files: Path) -> None:
        """Serve this version's files, before any former ones."""
        self._own = fingerprint
        self._add(fingerprint, files)

    def __call__(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        file: StaticFile | None = self.files.get(path)
        if file is None and (asked := _ADDRESS.fullmatch(path)):
            fingerprint, name = asked.groups()
            self._look_for(fingerprint)
            file = self.files.get(path)
            if file is None and (other := self._stand_in(name)):
                return _in_its_place(other, environ, start)
        answer: Iterable[bytes]
        if file is None:
            answer = self.application(environ, start)
        else:
            answer = self.serve(file, environ, start)
        return answer

    def _stand_in(self, name: str) -> StaticFile | None:
        """This version's file of that name, else the newest there was."""
        for fingerprint in (self._own, *self._builds.newest()):
            self._look_for(fingerprint)
            if file := self.files.get(f"/static/{fingerprint}/{name}"):
                return file
        return None

    def _look_for(self, fingerprint: str) -> None:
        """Have a former build served too, once it is there."""
        if fingerprint not in self._added and (files := self._builds.files(fingerprint)):
            self._add(fingerprint, files)

    def _add(self, fingerprint: str, files: Path) -> None:
        self._added.add(fingerprint)
        self.add_files(files, f"static/{fingerprint}")

    def get_static_file(self, *place: object, **known: object) -> StaticFile:
        """Without date and ETag: an address that changes with its file needs none, and one that
        was compared with a stand-in's would make a browser keep the wrong bytes."""
        file: StaticFile = super().get_static_file(*place, **known)
        file.etag = file.last_modified = None
        file.alternatives = [
            (wanted, path, [header for header in headers if header[0] not in VALIDATORS])
            for wanted, path, headers in file.alternatives
        ]
        return file


def _in_its_place(
    file: StaticFile, environ: "WSGIEnvironment", start: "StartResponse"
) -> Iterable[bytes]:
    """Whole: a part of it would be put to parts of the right one."""
    asked = {name: value for name, value in environ.items() if name not in _OF_A_PART}
    replaced = {name for name, _ in STAND_IN}

    def begin(status: str, headers: list[tuple[str, str]], *fault: object) -> object:
        kept = [each for each in headers if each[0] not in replaced]
        return start(status, kept + STAND_IN, *fault)  # type: ignore[arg-type]

    answer: Iterable[bytes] = WhiteNoise.serve(file, asked, begin)
    return answer


def _megabytes(file: Path) -> str:
    """As French writes it."""
    return f"{file.stat().st_size / 1_000_000:.1f} Mo".replace(".", ",")
