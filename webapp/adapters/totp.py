"""Authenticator apps (TOTP, RFC 6238) through `pyotp`, and their QR code through `segno`, both
loaded at the first app: most processes never see one."""

from __future__ import annotations

import base64
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING

from webapp.rules.credentials import APP_CODE_DIGITS
from webapp.services.kernel.world import Drawing

if TYPE_CHECKING:
    import pyotp

WINDOW = 1  # steps of 30 seconds, before and after: clocks differ, people type slowly
QUIET = 4  # modules of white around a QR code, as its standard says


class PyotpCodes:
    """SHA-1, 6 digits, 30 seconds: what every app understands. Apps show the name of `mutual`."""

    def __init__(self, mutual: str):
        self._mutual = mutual

    def step(self, secret: bytes, code: str, now: datetime) -> int | None:
        """The number of the 30-second step whose code it is, None when it is none of today's."""
        from pyotp.exceptions import OTPVerificationError

        try:
            return _totp(secret).verify_and_get_timecode(code, for_time=now, valid_window=WINDOW)
        except OTPVerificationError:
            return None

    def key(self, secret: bytes) -> str:
        """The secret as an app wants it typed: base32."""
        return base64.b32encode(secret).decode("ascii")

    def link(self, secret: bytes, address: str) -> str:
        """The otpauth: link that an app opens, or reads as a QR code."""
        return _totp(secret).provisioning_uri(name=address, issuer_name=self._mutual)

    def drawing(self, link: str) -> Drawing:
        """The link's QR code: dark modules as one path of horizontal bars."""
        import segno

        code = segno.make(link, error="m", micro=False)
        bars = []
        for y, row in enumerate(code.matrix, start=QUIET):
            x = QUIET
            for dark, run in groupby(row):
                length = len(list(run))
                if dark:
                    bars.append(f"M{x} {y}h{length}v1h-{length}z")
                x += length
        return Drawing(len(code.matrix) + 2 * QUIET, "".join(bars))


def _totp(secret: bytes) -> pyotp.TOTP:
    import pyotp

    return pyotp.TOTP(base64.b32encode(secret).decode("ascii"), digits=APP_CODE_DIGITS)
