"""What the secret key does: keyed hashes, signed links, sealed mails; one key a purpose."""

import hashlib
import hmac
import os
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from itsdangerous import BadSignature, TimestampSigner, URLSafeTimedSerializer

from webapp.services.kernel.world import Clock

_NONCE = 12
_BLOCK = 64  # bytes that SHA-256 takes at a time


class KeyedSeals:
    """Seals made from SECRET_KEY and, for links, from PUBLIC_URL: a link of a test site opens
    nothing here. Stolen rows are worth nothing without the key.

    `former` keys (SECRET_KEY_FALLBACKS) make nothing any more; what they made still opens.
    """

    def __init__(self, secret_key: str, audience: str, clock: Clock, former: Sequence[str] = ()):
        self._secrets = [each.encode() for each in (secret_key, *former)]
        self._audience, self._signer = audience, _stamping(clock)
        self._serializers: dict[tuple[int, str], URLSafeTimedSerializer] = {}
        self._keys: dict[tuple[int, str], bytes] = {}
        self._boxes = [AESGCM(self._key("outbox", age)) for age in range(len(self._secrets))]

    def mac(self, purpose: str, *parts: str) -> bytes:
        """HMAC-SHA-256 of the parts, each with its length so that none runs into the next."""
        return hmac.digest(self._key(purpose), _message(parts), "sha256")

    def each_mac(self, purpose: str, pairs: Iterable[tuple[str, str]]) -> list[bytes]:
        """What `mac` makes of each pair of parts; the key is taken in once for all of them.

        HMAC as RFC 2104 writes it, and the message of a pair on its own line: calls would take
        longer than the hashes.
        """
        key = self._key(purpose).ljust(_BLOCK, b"\0")
        inner, outer = (hashlib.sha256(bytes(sign ^ pad for sign in key)) for pad in (0x36, 0x5C))
        macs = []
        for first, second in pairs:
            within, around = inner.copy(), outer.copy()
            text = f"{len(first)}:{first}{len(second)}:{second}"
            within.update(text.encode() if text.isascii() else _message((first, second)))
            around.update(within.digest())
            macs.append(around.digest())
        return macs

    def same(self, mac: bytes, purpose: str, *parts: str) -> bool:
        """Whether `mac` is the keyed hash of the parts, made with today's key or a former one.
        All keys are tried, whichever it is: the time tells nothing."""
        found = False
        for made in self.macs(purpose, *parts):
            found |= hmac.compare_digest(mac, made)
        return found

    def macs(self, purpose: str, *parts: str) -> tuple[bytes, ...]:
        """The keyed hash under today's key, then under each former one."""
        message, ages = _message(parts), range(len(self._secrets))
        return tuple(hmac.digest(self._key(purpose, age), message, "sha256") for age in ages)

    def seal_link(self, purpose: str, row_id: str) -> str:
        """The row id, signed with HMAC-SHA-256 and stamped with our clock's time."""
        return str(self._serializer(purpose).dumps(row_id))

    def open_link(self, purpose: str, token: str) -> tuple[str, datetime] | None:
        """What `seal_link` sealed. Its age is judged by the row and our clock, not here, so that
        two hosts a few seconds apart agree."""
        for age in range(len(self._secrets)):
            try:
                serializer = self._serializer(purpose, age)
                row_id, made_at = serializer.loads(token, return_timestamp=True)
            except (BadSignature, ValueError, OverflowError):
                continue
            return (row_id, made_at.astimezone(UTC)) if isinstance(row_id, str) else None
        return None

    def lock(self, row_id: str, plain: bytes) -> bytes:
        """AES-256-GCM under a random nonce, bound to the row."""
        nonce = os.urandom(_NONCE)
        return nonce + self._boxes[0].encrypt(nonce, plain, row_id.encode())

    def unlock(self, row_id: str, sealed: bytes) -> bytes:
        """The plain bytes. Raises ValueError when they were changed, or belong to another row."""
        for box in self._boxes:
            try:
                return box.decrypt(sealed[:_NONCE], sealed[_NONCE:], row_id.encode())
            except InvalidTag:
                continue
        raise ValueError(f"row {row_id} does not open with this SECRET_KEY")

    def renewed(self, row_id: str, sealed: bytes) -> bytes:
        """The same content under today's key: as it is when it was so already."""
        try:
            self._boxes[0].decrypt(sealed[:_NONCE], sealed[_NONCE:], row_id.encode())
        except InvalidTag:
            return self.lock(row_id, self.unlock(row_id, sealed))
        return sealed

    def _key(self, purpose: str, age: int = 0) -> bytes:
        """The key of a purpose: today's (0), or derived from the `age`th former one."""
        if (age, purpose) not in self._keys:
            label = b"portal/" + purpose.encode()
            self._keys[age, purpose] = hmac.digest(self._secrets[age], label, "sha256")
        return self._keys[age, purpose]

    def _serializer(self, purpose: str, age: int = 0) -> URLSafeTimedSerializer:
        if (age, purpose) not in self._serializers:
            self._serializers[age, purpose] = URLSafeTimedSerializer(
                self._key("link", age),
                salt=f"{purpose}@{self._audience}",
                signer=self._signer,
                signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256},
            )
        return self._serializers[age, purpose]


def _stamping(clock: Clock) -> type[TimestampSigner]:
    """A signer whose stamps are our clock's time."""

    class OurTime(TimestampSigner):
        def get_timestamp(self) -> int:
            return int(clock.now().timestamp())

    return OurTime


def _message(parts: Sequence[str]) -> bytes:
    """The parts, each with its length in bytes."""
    text = "".join([f"{len(part)}:{part}" for part in parts])
    if text.isascii():  # a sign is a byte
        return text.encode()
    return b"".join([b"%d:%b" % (len(raw), raw) for raw in map(str.encode, parts)])
