"""What the secret key does: keyed hashes, signed links, sealed letters; one key a purpose."""

import hashlib
import hmac
import os
from datetime import UTC, datetime

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from itsdangerous import BadSignature, TimestampSigner, URLSafeTimedSerializer

from webapp.services.work import Clock

_NONCE = 12


class KeyedSeals:
    """Seals made from SECRET_KEY and, for links, from PUBLIC_URL: a link of a test site opens
    nothing here. Stolen rows are worth nothing without the key."""

    def __init__(self, secret_key: str, audience: str, clock: Clock):
        self._secret, self._audience, self._clock = secret_key.encode(), audience, clock
        self._keys: dict[str, bytes] = {}
        self._box = AESGCM(self._key("outbox"))

    def mac(self, purpose: str, *parts: str) -> bytes:
        """HMAC-SHA-256 of the parts, each with its length so that none runs into the next."""
        message = b"".join(b"%d:%b" % (len(raw), raw) for raw in (part.encode() for part in parts))
        return hmac.digest(self._key(purpose), message, "sha256")

    def seal_link(self, purpose: str, row_id: str) -> str:
        """The row id, signed with HMAC-SHA-256 and stamped with our clock's time."""
        return str(self._serializer(purpose).dumps(row_id))

    def open_link(self, purpose: str, token: str) -> tuple[str, datetime] | None:
        """What `seal_link` sealed. Its age is judged by the row and our clock, not here, so that
        two hosts a few seconds apart agree."""
        try:
            row_id, made_at = self._serializer(purpose).loads(token, return_timestamp=True)
        except (BadSignature, ValueError, OverflowError):
            return None
        return (row_id, made_at.astimezone(UTC)) if isinstance(row_id, str) else None

    def lock(self, row_id: str, plain: bytes) -> bytes:
        """AES-256-GCM under a random nonce, bound to the row."""
        nonce = os.urandom(_NONCE)
        return nonce + self._box.encrypt(nonce, plain, row_id.encode())

    def unlock(self, row_id: str, sealed: bytes) -> bytes:
        """The plain bytes. Raises ValueError when they were changed, or belong to another row."""
        try:
            return self._box.decrypt(sealed[:_NONCE], sealed[_NONCE:], row_id.encode())
        except InvalidTag:
            raise ValueError(f"outbox row {row_id} does not open with this SECRET_KEY") from None

    def _key(self, purpose: str) -> bytes:
        if purpose not in self._keys:
            label = b"portal/" + purpose.encode()
            self._keys[purpose] = hmac.digest(self._secret, label, "sha256")
        return self._keys[purpose]

    def _serializer(self, purpose: str) -> URLSafeTimedSerializer:
        clock = self._clock

        class OurTime(TimestampSigner):
            def get_timestamp(self) -> int:
                return int(clock.now().timestamp())

        return URLSafeTimedSerializer(
            self._key("link"),
            salt=f"{purpose}@{self._audience}",
            signer=OurTime,
            signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256},
        )
