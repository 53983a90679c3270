"""Static files: served by WhiteNoise, compressed ahead, under an address that changes with them."""

import atexit
import functools
import gzip
import hashlib
import os
import re
import shutil
import tempfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Protocol
from wsgiref.headers import Headers

import brotli
from flask import Flask
from whitenoise import WhiteNoise

from webapp.web.headers import static_headers

VALIDATORS = ("ETag", "Last-Modified")
COMMENT = re.compile(r"//.*|/\*.*\*/")  # a whole line
BRAND = "brand"
STYLE, SCRIPTS = "css/portal.css", ("js/portal.js", "js/passkey.js")
CODINGS: dict[str, tuple[Callable[[bytes], bytes], Callable[[bytes], bytes]]] = {
    "gz": (lambda content: gzip.compress(content, 9, mtime=0), gzip.decompress),
    "br": (brotli.compress, brotli.decompress),
}
PAGE, HTMX = "js/page.js", "js/htmx.min.js"  # what every page loads: ours, then HTMX as published


class Kept(Protocol):
    """Where what took long to make waits for the next start (adapters/kept.py)."""

    def made(
        self, name: str, make: Callable[[], bytes], is_whole: Callable[[bytes], bool]
    ) -> bytes:
        """What is kept under this name, made and kept when there is nothing whole."""

    def __hash__(self) -> int: ...


def install(
    app: Flask, folder: Path, drawings: tuple[Path, ...], tokens: str, *, secure: bool, kept: Kept
) -> None:
    """Serve `folder` under /static/<fingerprint>/ and tell templates where: `asset('css/…')`.

    The brand's `drawings` are all that is served as brand/: its folder may hold anything else, and
    ours is in `folder`. `tokens`, its colours, end the one style sheet: a brand costs no request of
    its own. What we wrote leaves without its comments; our script and HTMX leave as one file, which
    is one request and one connection less.
    """
    dressed = _dressed(folder, drawings, tokens, kept)
    prefix = f"static/{fingerprint(folder, dressed)}"
    app.jinja_env.globals["asset"] = lambda name: f"/{prefix}/{name}"
    app.jinja_env.globals["weight"] = lambda name: _megabytes(folder / name)
    extra = static_headers(secure)

    def add_headers(headers: Headers, path: str, url: str) -> None:
        for name, value in extra.items():
            headers[name] = value

    served = WhiteNoise(
        app.wsgi_app,
        root=folder,
        prefix=prefix,
        add_headers_function=add_headers,
        allow_all_origins=False,
    )
    for url in [each for each in served.files if each.startswith(f"/{prefix}/{BRAND}/")]:
        del served.files[url]
    served.add_files(dressed, prefix=prefix)
    _never_asked_again(served)
    app.wsgi_app = served  # type: ignore[method-assign]


def _never_asked_again(served: WhiteNoise) -> None:
    """An address that changes with its file needs no date and no ETag to compare with."""
    for file in served.files.values():
        file.alternatives = [
            (wanted, path, [header for header in headers if header[0] not in VALIDATORS])
            for wanted, path, headers in file.alternatives
        ]


def fingerprint(*folders: Path) -> str:
    """Ten hexadecimal digits that change when any file of the folders does."""
    digest = hashlib.sha256()
    for folder in folders:
        for file in sorted(folder.rglob("*")):
            if file.is_file() and file.suffix not in (".gz", ".br"):
                digest.update(file.relative_to(folder).as_posix().encode() + file.read_bytes())
    return digest.hexdigest()[:10]


@functools.cache
def _dressed(folder: Path, drawings: tuple[Path, ...], tokens: str, kept: Kept) -> Path:
    """A folder of this process: what is not sent as it was written, compressed like the rest."""
    made = Path(tempfile.mkdtemp(prefix="portal-static-"))
    atexit.register(_remove, made, os.getpid())
    (made / BRAND).mkdir()
    texts = {
        STYLE: slim((folder / STYLE).read_text(encoding="utf-8") + tokens, end=""),
    } | {name: slim((folder / name).read_text(encoding="utf-8")) for name in SCRIPTS}
    texts[PAGE] = texts[SCRIPTS[0]] + (folder / HTMX).read_text(encoding="utf-8")
    for drawing in drawings:
        if drawing.suffix == ".svg":
            texts[f"{BRAND}/{drawing.name}"] = drawing.read_text(encoding="utf-8")
        else:
            shutil.copyfile(drawing, made / BRAND / drawing.name)
    for name, text in texts.items():
        _write(made / name, text.encode(), kept)
    return made


def slim(text: str, end: str = "\n") -> str:
    """Our own script or style sheet without the lines that are comments, and without indents.

    Nothing is parsed, so nothing else may stand on a comment's line. A script's line keeps its
    `end`; a style sheet's needs none, since each ends with a sign that says so.
    """
    lines = (line.strip() for line in text.splitlines())
    return "".join(f"{line}{end}" for line in lines if line and not COMMENT.fullmatch(line))


def _megabytes(file: Path) -> str:
    """As French writes it."""
    return f"{file.stat().st_size / 1_000_000:.1f} Mo".replace(".", ",")


def _write(file: Path, content: bytes, kept: Kept) -> None:
    """With its compressed forms, which take longer to make than all else at a start."""
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()[:32]
    for coding, (pack, unpack) in CODINGS.items():
        packed = kept.made(
            f"{digest}.{coding}",
            functools.partial(pack, content),
            functools.partial(_holds, content, unpack),
        )
        file.with_name(f"{file.name}.{coding}").write_bytes(packed)


def _holds(content: bytes, unpack: Callable[[bytes], bytes], packed: bytes) -> bool:
    try:
        return unpack(packed) == content
    except (brotli.error, EOFError, OSError, zlib.error):
        return False


def _remove(made: Path, owner: int) -> None:
    """At the end of the process that made it, not of those forked from it."""
    if os.getpid() == owner:
        shutil.rmtree(made, ignore_errors=True)
