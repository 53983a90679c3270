"""A phone that knows its owner, without a phone: Chromium's own authenticator."""

from playwright.sync_api import Page


class VirtualAuthenticator:
    """Chromium's own authenticator: a phone that has just recognised its owner."""

    def __init__(self, page: Page):
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

    def recognises(self, owner: bool) -> None:
        """Whether the finger is the right one from now on."""
        state = {"authenticatorId": self._id, "isUserVerified": owner}
        self._cdp.send("WebAuthn.setUserVerified", state)
