"""A phone that knows its owner, without a phone: Chromium's own authenticator."""

from playwright.sync_api import Page

# With one that answers by itself, the sign-in page would be left as soon as it is opened.
_NO_AUTOFILL = "PublicKeyCredential.isConditionalMediationAvailable = async () => false;"


class VirtualAuthenticator:
    """Chromium's own authenticator: a phone that has just recognised its owner. `autofill`: its
    browser offers passkeys in the field of the e-mail."""

    def __init__(self, page: Page, *, autofill: bool = False):
        if not autofill:
            page.context.add_init_script(_NO_AUTOFILL)
        self._cdp = page.context.new_cdp_session(page)
        self._cdp.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        added = self._cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        self._id = added["authenticatorId"]

    def holds(self) -> int:
        """How many passkeys it has."""
        found = self._cdp.send("WebAuthn.getCredentials", {"authenticatorId": self._id})
        return len(found["credentials"])

    def recognises(self, owner: bool) -> None:
        """Whether the finger is the right one from now on."""
        state = {"authenticatorId": self._id, "isUserVerified": owner}
        self._cdp.send("WebAuthn.setUserVerified", state)

    def answers(self, by_itself: bool) -> None:
        """Whether it answers as soon as it is asked, or waits for a finger that does not come."""
        state = {"authenticatorId": self._id, "enabled": by_itself}
        self._cdp.send("WebAuthn.setAutomaticPresenceSimulation", state)
