"""The headers that every answer carries, and the compression that a bare server needs."""

import gzip

from flask import Flask, Response, request

CONTENT_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
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
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), "
    "publickey-credentials-create=(self), publickey-credentials-get=(self)",
}
# What a member who looks for the space may find with a search engine. Nothing else is for them.
FOUND = (
    "/", "/connexion", "/inscription", "/mot-de-passe-oublie", "/aide", "/cgu", "/accessibilite",
)  # fmt: skip
HSTS = "max-age=31536000; includeSubDomains"
OK = 200
WORTH_COMPRESSING = 600  # bytes


def install(app: Flask, *, secure: bool) -> None:
    """Dress every answer."""

    def dress(response: Response) -> Response:
        for name, value in ALWAYS.items():
            response.headers.setdefault(name, value)
        if secure:
            response.headers["Strict-Transport-Security"] = HSTS
        if request.path not in FOUND or response.status_code != OK:
            response.headers["X-Robots-Tag"] = "noindex"
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers["Cache-Control"] = "no-store"
        response.vary.update(("Cookie", "Accept-Encoding"))
        return _compress(response)

    app.after_request(dress)


def static_headers(secure: bool) -> dict[str, str]:
    """What a static file carries besides its own."""
    return {
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
    } | ({"Strict-Transport-Security": HSTS} if secure else {})


def _compress(response: Response) -> Response:
    """gzip for pages. No page repeats what another site could make it say (no GET shows its query
    back, cookies are SameSite=Lax), so that the size of an answer betrays no secret (BREACH)."""
    if response.direct_passthrough or "gzip" not in request.headers.get("Accept-Encoding", ""):
        return response
    body = response.get_data()
    if len(body) < WORTH_COMPRESSING or "Content-Encoding" in response.headers:
        return response
    response.set_data(gzip.compress(body, 6, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    return response
