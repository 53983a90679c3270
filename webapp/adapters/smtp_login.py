"""Signing in at the relay with any name and password: smtplib knows ASCII alone.

A name or password with an accent is sent in UTF-8, as RFC 4616 says.
"""

import smtplib
from base64 import b64encode

ACCEPTED, GO_ON = 235, 334


def login(host: smtplib.SMTP, username: str, password: str) -> None:
    """Sign in. Raises smtplib.SMTPAuthenticationError, SMTPNotSupportedError or what smtplib's
    own `login` does."""
    if f"{username}{password}".isascii():
        host.login(username, password)
        return
    host.ehlo_or_helo_if_needed()
    offered = host.esmtp_features.get("auth", "").upper().split()
    name, secret = username.encode(), password.encode()
    if "PLAIN" in offered:
        status, words = _said(host, "AUTH PLAIN", b"\0".join((b"", name, secret)))
    elif "LOGIN" in offered:
        status, words = _said(host, "AUTH LOGIN", name)
        if status == GO_ON:
            status, words = host.docmd(b64encode(secret).decode())
    else:
        raise smtplib.SMTPNotSupportedError("the relay takes neither PLAIN nor LOGIN")
    if status != ACCEPTED:
        raise smtplib.SMTPAuthenticationError(status, words)


def _said(host: smtplib.SMTP, command: str, secret: bytes) -> tuple[int, bytes]:
    return host.docmd(command, b64encode(secret).decode())
