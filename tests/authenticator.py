"""A software authenticator: makes passkeys and signs with them, as a phone would."""

import base64
import hashlib
import json
import os
from collections.abc import Sequence

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

ORIGIN = "http://localhost"
PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def text(raw: bytes) -> str:
    """base64url without padding, as browsers write it."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def raw(words: str) -> bytes:
    """What such a text stands for."""
    return base64.urlsafe_b64decode(words + "=" * (-len(words) % 4))


class Phone:
    """One device with one passkey; `counts` as some keys do, others never do."""

    transports: Sequence[object] = ("internal",)

    def __init__(self, *, origin: str = ORIGIN, host: str = "localhost", counts: bool = True):
        self.origin, self.host, self.counts = origin, host, counts
        self.credential_id, self.handle, self.count = os.urandom(16), b"", 0
        self._key = ec.generate_private_key(ec.SECP256R1())

    def make(self, options: str, *, verified: bool = True) -> str:
        """The answer to `navigator.credentials.create`, as the page's script writes it."""
        wanted = json.loads(options)
        self.handle = raw(wanted["user"]["id"])
        attestation = {
            "fmt": "none",
            "attStmt": {},
            "authData": self._data(verified, attested=True),
        }
        client = self._client("webauthn.create", wanted["challenge"])
        return self._written(
            clientDataJSON=text(client), attestationObject=text(cbor2.dumps(attestation))
        )

    def sign(self, options: str, *, verified: bool = True, handle: bytes | None = None) -> str:
        """The answer to `navigator.credentials.get`."""
        wanted = json.loads(options)
        self.count += self.counts
        client = self._client("webauthn.get", wanted["challenge"])
        data = self._data(verified)
        signature = self._key.sign(
            data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256())
        )
        return self._written(
            clientDataJSON=text(client),
            authenticatorData=text(data),
            signature=text(signature),
            userHandle=text(self.handle if handle is None else handle),
        )

    def _written(self, **response: str) -> str:
        name = text(self.credential_id)
        answer = {"id": name, "rawId": name, "type": "public-key"}
        return json.dumps(answer | {"response": response | {"transports": self.transports}})

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _data(self, verified: bool, *, attested: bool = False) -> bytes:
        flags = PRESENT | (VERIFIED if verified else 0) | (ATTESTED if attested else 0)
        data = hashlib.sha256(self.host.encode()).digest() + bytes([flags])
        data += self.count.to_bytes(4, "big")
        if not attested:
            return data
        point = self._key.public_key().public_numbers()
        public = {
            1: 2,
            3: -7,
            -1: 1,
            -2: point.x.to_bytes(32, "big"),
            -3: point.y.to_bytes(32, "big"),
        }
        size = len(self.credential_id).to_bytes(2, "big")
        return data + bytes(range(1, 17)) + size + self.credential_id + cbor2.dumps(public)
