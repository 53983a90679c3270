"""A mail as it goes over the wire: the same bytes each time, whoever writes it again.

Written by hand: the standard library's generator takes longer for a mail than everything else
that a sign-in needs but the password check.
"""

import binascii
import re
from email.utils import formatdate
from functools import lru_cache

from flask_mail import BadHeaderError, sanitize_address, sanitize_subject

from webapp.services.kernel.world import ClaimedMail

_PLAIN_ADDRESS = re.compile(r"[a-z\d_.+-]+@[a-z\d.-]+", re.ASCII | re.IGNORECASE)
_HEAD = """\
Subject: {subject}
From: {sender}
To: {to}
Date: {date}
Message-ID: <{message_id}>
{reply_to}Auto-Submitted: auto-generated
Content-Language: fr
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary="{boundary}"
"""
_PART = """
--{boundary}
Content-Type: text/{kind}; charset="utf-8"
Content-Transfer-Encoding: quoted-printable

"""


def composed(claimed: ClaimedMail, *, sender: str, domain: str, reply_to: str = "") -> bytes:
    """The whole message, with CRLF. Its parts are parted by its own id, not by chance.

    `sender` and `reply_to` are addresses as headers want them. Raises BadHeaderError for what would
    add a header.
    """
    mail, boundary = claimed.mail, f"={claimed.id}="
    if any("\n" in each or "\r" in each for each in (mail.subject, claimed.to, claimed.id)):
        raise BadHeaderError("a header has one line")
    head = _HEAD.format(
        subject=_subject(mail.subject),
        sender=sender,
        to=address(claimed.to),
        date=formatdate(claimed.created_at.timestamp(), localtime=True),
        message_id=f"{claimed.id}@{domain}",
        boundary=boundary,
        reply_to=f"Reply-To: {reply_to}\n" if reply_to else "",
    )
    parts = [_lines(head)]
    for kind, body in (("plain", mail.text), ("html", mail.html)):
        parts += [_lines(_PART.format(boundary=boundary, kind=kind)), quoted(body)]
    return b"".join([*parts, f"\r\n--{boundary}--\r\n".encode()])


def address(text: str) -> str:
    """An address as headers and the relay want it: its domain in ASCII."""
    return text if _PLAIN_ADDRESS.fullmatch(text) else sanitize_address(text, "utf-8")


def quoted(body: str) -> bytes:
    """A body in quoted-printable (RFC 2045), lines ended with CRLF."""
    return binascii.b2a_qp(_lines(body))


def _lines(text: str) -> bytes:
    return text.replace("\r\n", "\n").replace("\n", "\r\n").encode()


@lru_cache(maxsize=200)
def _subject(text: str) -> str:
    """A subject as headers want it; mails of one name have the same."""
    return sanitize_subject(text, "utf-8")
