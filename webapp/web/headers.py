"""The headers that answers carry, and the compression that a bare server needs."""

import base64
import hashlib
import zlib
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

import brotli
from flask import Flask, Response, request
from werkzeug.http import parse_accept_header

from webapp.web.screens import VARY, arriving, fetched_by_ours

if TYPE_CHECKING:
    from _typeshed import OptExcInfo
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

POLICY = "Content-Security-Policy"
CONTENT_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
SNIFF = ("X-Content-Type-Options", "nosniff")
# What a browser reads of a document, or of what another site asks for. A step is neither: a script
# of ours fetched it, with a header that no link, frame or form can send.
OF_A_DOCUMENT = (
    ("X-Frame-Options", "DENY"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
    ("Referrer-Policy", "same-origin"),
)
# What a member who looks for the space may find with a search engine. Nothing else is for them.
FOUND = (
    "/", "/connexion", "/inscription", "/mot-de-passe-oublie", "/aide", "/cgu", "/accessibilite",
    "/mentions-legales", "/donnees-personnelles", "/plan-du-site",
)  # fmt: skip
YEAR = 365 * 86_400  # seconds
HSTS = f"max-age={YEAR}; includeSubDomains"
WORTH_COMPRESSING = 300  # bytes
_TOKEN = b'name="csrf_token"'  # a form's, which is of one visitor
_GZIP = 16  # added to the window: zlib’s way to ask for gzip’s header
WINDOW = 14  # 16 KiB, as long as the longest page: the usual 4 MiB would only be cleared for it


def install(app: Flask, *, style: str, script: str, secure: bool) -> None:
    """Put the headers on every answer. A view's own content and referrer policies stay. `style` and
    `script` are the one style sheet and the one script that may stand in a page."""
    app.after_request(_compress)
    dressed = _dressed(app.wsgi_app, _with_within(style, script), secure)
    app.wsgi_app = dressed  # type: ignore[assignment,method-assign]


def _with_within(style: str, script: str) -> str:
    """The policy of a page with this style sheet and this script in it."""
    policy = CONTENT_POLICY
    for rule, text in (("style-src 'self'", style), ("script-src 'self'", script)):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        policy = policy.replace(rule, f"{rule} 'sha256-{digest}'")
    return policy


def _dressed(inner: "WSGIApplication", policy_of_arrivals: str, secure: bool) -> "WSGIApplication":
    """Add the headers as WSGI middleware: Flask would look through all of them at each answer."""
    forced = [("Vary", VARY), ("Cache-Control", "no-store"), SNIFF]
    if secure:
        forced.append(("Strict-Transport-Security", HSTS))
    dropped = {name.lower() for name, _ in forced}

    def application(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        def begin(
            status: str, headers: list[tuple[str, str]], fault: "OptExcInfo | None" = None, /
        ) -> Callable[[bytes], object]:
            kept = [each for each in headers if each[0].lower() not in dropped]
            had = {name.lower() for name, _ in kept}
            kept += forced
            if fetched_by_ours(environ):
                return start(status, kept, fault)
            if POLICY.lower() not in had:
                policy = policy_of_arrivals if arriving(environ) else CONTENT_POLICY
                kept.append((POLICY, policy))
            kept += [each for each in OF_A_DOCUMENT if each[0].lower() not in had]
            if environ["PATH_INFO"] not in FOUND or not status.startswith("200 "):
                kept.append(("X-Robots-Tag", "noindex"))
            return start(status, kept, fault)

        return inner(environ, begin)

    return application


def static_headers(secure: bool) -> dict[str, str]:
    """The headers of a static file, besides its own. They are few, since the first page asks for
    four files. A file is the same for everybody, so nothing is kept from other sites."""
    return {
        "Cache-Control": f"max-age={YEAR}, immutable",
        "X-Content-Type-Options": "nosniff",
    } | ({"Strict-Transport-Security": HSTS} if secure else {})


def _compress(response: Response) -> Response:
    """Brotli or gzip for pages. No page repeats what another site could make it say (no GET shows
    its query back, cookies are SameSite=Lax), so that the size of an answer betrays no secret
    (BREACH)."""
    if response.direct_passthrough or "Content-Encoding" in response.headers:
        return response
    coding = _coding(request.headers.get("Accept-Encoding", ""))
    body = response.get_data()
    if coding and len(body) >= WORTH_COMPRESSING:
        for_all = coding == "br" and request.path in FOUND and _TOKEN not in body
        response.set_data(_best_brotli(body) if for_all else CODINGS[coding](body))
        response.headers["Content-Encoding"] = coding
    return response


@lru_cache(maxsize=200)
def _coding(accepted: str) -> str:
    """The best coding of ours that an Accept-Encoding header takes, "" for none. Browsers send a
    handful of different ones."""
    read = parse_accept_header(accepted)
    return next((each for each in CODINGS if read[each] > 0), "")


def _brotli(body: bytes) -> bytes:
    """At the level where the next gains less than it costs: as quick as gzip, an eighth smaller."""
    packed: bytes = brotli.compress(body, quality=5, lgwin=WINDOW)  # type: ignore[no-untyped-call]
    return packed


@lru_cache(maxsize=2 * len(FOUND))
def _best_brotli(body: bytes) -> bytes:
    """At the best level, which takes tens of milliseconds: once a process, for a page that is the
    same for everybody. It is a fifteenth smaller."""
    packed: bytes = brotli.compress(body, quality=11, lgwin=WINDOW)  # type: ignore[no-untyped-call]
    return packed


def _gzip(body: bytes) -> bytes:
    """With tables for a page of this length: the usual ones take longer to clear than to fill."""
    window = 13 if len(body) <= 2**13 else WINDOW
    packing = zlib.compressobj(6, zlib.DEFLATED, _GZIP + window, memLevel=7)
    return packing.compress(body) + packing.flush()


CODINGS = {"br": _brotli, "gzip": _gzip}  # the best first
