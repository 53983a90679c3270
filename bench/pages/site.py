"""A folder of static files, served as the portal serves its own."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING
from wsgiref.headers import Headers

from whitenoise import WhiteNoise

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


def _nothing(_environment: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    start_response("404 Not Found", [("Content-Type", "text/plain")])
    return [b"nothing here"]


def _never_cached(headers: Headers, path: str, _url: str) -> None:
    if Path(path).name == "index.html":
        headers["Cache-Control"] = "no-store"


app = WhiteNoise(
    _nothing,
    root=os.environ["SITE_FOLDER"],
    index_file=True,
    immutable_file_test=lambda path, url: True,
    add_headers_function=_never_cached,
)
