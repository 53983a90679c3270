"""Passkeys (WebAuthn) through the `webauthn` library: options for browsers, answers verified.

The library is loaded at the first passkey: most processes never see one, and it is heavy.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from urllib.parse import urlsplit

from webapp.rules import lifetimes
from webapp.services.kernel.world import KnownPasskey, MadePasskey, ShownPasskey

TRANSPORTS = ("usb", "nfc", "ble", "smart-card", "hybrid", "internal")  # WebAuthn 3, 5.8.4
LONGEST_ID = 1023  # bytes, as the standard says
_TIMEOUT = int(lifetimes.PASSKEY_CHALLENGE.total_seconds() * 1000)


class WebAuthnPasskeys:
    """Bound to the site of PUBLIC_URL: its host is the keys' « relying party », its origin the only
    one accepted. `mutual` is the name that devices show beside the key. The device must have
    verified its owner, each time."""

    def __init__(self, public_url: str, mutual: str):
        self._mutual = mutual
        parts = urlsplit(public_url)
        self._host, self._origin = parts.hostname or "localhost", f"{parts.scheme}://{parts.netloc}"

    def creation(
        self, *, challenge: bytes, handle: bytes, address: str, known: Sequence[KnownPasskey]
    ) -> str:
        """The options to make a passkey, as JSON: one that is found without typing an address,
        without attestation (we don't ask which make the device is)."""
        from webauthn import generate_registration_options, options_to_json
        from webauthn.helpers.structs import (
            AuthenticatorSelectionCriteria,
            ResidentKeyRequirement,
            UserVerificationRequirement,
        )

        options = generate_registration_options(
            rp_id=self._host,
            rp_name=self._mutual,
            user_id=handle,
            user_name=address,
            challenge=challenge,
            timeout=_TIMEOUT,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED,
                user_verification=UserVerificationRequirement.REQUIRED,
            ),
        )
        told = json.loads(options_to_json(options))
        told["excludeCredentials"] = [_descriptor(each) for each in known]
        del told["rp"]["id"]  # the page's own host, and the one « id » that is no bytes
        return json.dumps(told, separators=(",", ":"))

    def request(self, *, challenge: bytes, known: Sequence[KnownPasskey]) -> str:
        """The options to use a passkey, as JSON; `known` is empty when nobody is known yet. Written
        by hand: each sign-in page carries them, and the library stays out. What browsers take for
        granted is left out: the page's own host, their own patience."""
        options: dict[str, object] = {
            "challenge": _text(challenge),
            "userVerification": "required",
        }
        if known:
            options["allowCredentials"] = [_descriptor(each) for each in known]
        return json.dumps(options, separators=(",", ":"))

    def accepted(self, handle: bytes, ids: Sequence[bytes]) -> str:
        """What `PublicKeyCredential.signalAllAcceptedCredentials` takes, as JSON."""
        known = [_text(each) for each in ids]
        told = {"rpId": self._host, "userId": _text(handle), "allAcceptedCredentialIds": known}
        return json.dumps(told, separators=(",", ":"))

    def made(self, answer: str, challenge: bytes) -> MadePasskey | None:
        """The new passkey of an answer, None when it is not one made for us and this challenge."""
        from webauthn import verify_registration_response
        from webauthn.helpers import parse_registration_credential_json

        try:
            credential = parse_registration_credential_json(answer)
            verified = verify_registration_response(
                credential=credential,
                expected_challenge=challenge,
                expected_rp_id=self._host,
                expected_origin=self._origin,
                require_user_verification=True,
            )
        except Exception:  # whatever a stranger sends: the library's parsers raise many kinds
            return None
        if len(verified.credential_id) > LONGEST_ID:
            return None
        return MadePasskey(
            verified.credential_id,
            verified.credential_public_key,
            verified.sign_count,
            ",".join(each for each in TRANSPORTS if each in (credential.response.transports or [])),
        )

    def shown(self, answer: str) -> ShownPasskey | None:
        """Which passkey an answer says to come from; nothing is verified yet."""
        from webauthn.helpers import parse_authentication_credential_json

        try:
            credential = parse_authentication_credential_json(answer)
        except Exception:  # as above
            return None
        return ShownPasskey(credential.raw_id, credential.response.user_handle)

    def count(self, answer: str, challenge: bytes, public_key: bytes) -> int | None:
        """The signature counter of a verified answer, None when it can't be believed.

        Whether the counter goes back is for the caller, who updates it once.
        """
        from webauthn import verify_authentication_response

        try:
            verified = verify_authentication_response(
                credential=json.loads(answer),
                expected_challenge=challenge,
                expected_rp_id=self._host,
                expected_origin=self._origin,
                credential_public_key=public_key,
                credential_current_sign_count=0,
                require_user_verification=True,
            )
        except Exception:  # as above
            return None
        return verified.new_sign_count


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode("ascii").rstrip("=")


def _descriptor(known: KnownPasskey) -> dict[str, object]:
    transports = [name for name in known.transports.split(",") if name]
    named: dict[str, object] = {"id": _text(known.credential_id), "type": "public-key"}
    return named | ({"transports": transports} if transports else {})
