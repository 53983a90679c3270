"""The headers that every answer carries, and the compression that a bare server needs."""

import gzip

import brotli
from flask import Flask, Response, request

from webapp.web.screens import VARY

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
ALWAYS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
# What a member who looks for the space may find with a search engine. Nothing else is for them.
FOUND = (
    "/", "/connexion", "/inscription", "/mot-de-passe-oublie", "/aide", "/cgu", "/accessibilite",
)  # fmt: skip
HSTS = "max-age=31536000; includeSubDomains"
OK = 200
WORTH_COMPRESSING = 600  # bytes
WINDOW = 14  # 16 KiB, as long as the longest page: the usual 4 MiB would only be cleared for it


def install(app: Flask, *, secure: bool) -> None:
    """Dress every answer; a view's own content policy stands."""

    forced = {"Vary": VARY, "Cache-Control": "no-store"}
    if secure:
        forced["Strict-Transport-Security"] = HSTS

    def dress(response: Response) -> Response:
        headers = response.headers
        had = {name for name, _ in headers}
        for name in forced.keys() & had:
            del headers[name]
        headers.extend(forced)
        headers.extend([(name, value) for name, value in ALWAYS.items() if name not in had])
        if request.path not in FOUND or response.status_code != OK:
            headers["X-Robots-Tag"] = "noindex"
        headers.setdefault("Referrer-Policy", "same-origin")
        return _compress(response)

    app.after_request(dress)


def static_headers(secure: bool) -> dict[str, str]:
    """What a static file carries besides its own."""
    return {
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
    } | ({"Strict-Transport-Security": HSTS} if secure else {})


def _compress(response: Response) -> Response:
    """Brotli or gzip for pages. No page repeats what another site could make it say (no GET shows
    its query back, cookies are SameSite=Lax), so that the size of an answer betrays no secret
    (BREACH)."""
    if response.direct_passthrough or "Content-Encoding" in response.headers:
        return response
    read = request.accept_encodings
    coding = next((each for each in CODINGS if read[each] > 0), "")
    body = response.get_data()
    if coding and len(body) >= WORTH_COMPRESSING:
        response.set_data(CODINGS[coding](body))
        response.headers["Content-Encoding"] = coding
    return response


def _brotli(body: bytes) -> bytes:
    """At the level where the next gains less than it costs: as quick as gzip, an eighth smaller."""
    packed: bytes = brotli.compress(body, quality=5, lgwin=WINDOW)  # type: ignore[no-untyped-call]
    return packed


def _gzip(body: bytes) -> bytes:
    return gzip.compress(body, 6, mtime=0)


CODINGS = {"br": _brotli, "gzip": _gzip}  # the best first
