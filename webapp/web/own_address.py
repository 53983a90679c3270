"""`/sante` and `/metrics` by the address that a monitor on this machine knows: 127.0.0.1:8000.

A bare loopback name is none of PUBLIC_URL, so every other page answers it 400 (TRUSTED_HOSTS). For
these two it is read as PUBLIC_URL's own name: nothing behind this sees another one.
"""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PATHS = ("/sante", "/metrics")
_LOOPBACK = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?", re.ASCII)
# what a proxy adds: through one, a visitor may have claimed any name
_PASSED_ON = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_FORWARDED", "HTTP_VIA")


def install(app: Flask, public_host: str) -> None:
    """Have both answer. `public_host` is PUBLIC_URL's name, with its port if it has one."""
    app.wsgi_app = _known(app.wsgi_app, public_host)  # type: ignore[assignment,method-assign]


def _known(inner: "WSGIApplication", public_host: str) -> "WSGIApplication":
    def application(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        if environ["PATH_INFO"] in PATHS and _asked_directly(environ):
            environ["HTTP_HOST"] = public_host
        return inner(environ, start)

    return application


def _asked_directly(environ: "WSGIEnvironment") -> bool:
    if any(name in environ for name in _PASSED_ON):
        return False
    return bool(_LOOPBACK.fullmatch(environ.get("HTTP_HOST", "")))
