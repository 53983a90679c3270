"""A folder of static files, served as the portal serves its own."""

import os
from pathlib import Path

from whitenoise import WhiteNoise


def _nothing(_environment, start_response):
    start_response("404 Not Found", [("Content-Type", "text/plain")])
    return [b"nothing here"]


def _never_cached(headers, path, _url) -> None:
    if Path(path).name == "index.html":
        headers["Cache-Control"] = "no-store"


app = WhiteNoise(
    _nothing,
    root=os.environ["SITE_FOLDER"],
    index_file=True,
    immutable_file_test=lambda path, url: True,
    add_headers_function=_never_cached,
)
