"""What a browser fetched, counted on the wire."""

from typing import Any

from playwright.sync_api import Page

from player.browsers import PHONE

# What a service worker fetches, for a page or for later, counts as nothing: there is none.
WEIGHED: dict[str, Any] = {**PHONE, "service_workers": "block"}


class Wire:
    """Bytes of each answer on the wire, headers with them, told by the browser itself, in a
    context of WEIGHED."""

    def __init__(self, page: Page):
        self._urls: dict[str, tuple[str, str]] = {}
        self.answers: list[tuple[str, str, int]] = []  # kind, address, bytes
        session = page.context.new_cdp_session(page)
        session.on("Network.responseReceived", self._received)
        session.on("Network.loadingFinished", self._finished)
        session.send("Network.enable")

    def take(self) -> list[tuple[str, str, int]]:
        """The answers since the last taking."""
        taken, self.answers = self.answers, []
        return taken

    def _received(self, event: dict[str, Any]) -> None:
        self._urls[event["requestId"]] = (event["type"], event["response"]["url"])

    def _finished(self, event: dict[str, Any]) -> None:
        kind, url = self._urls.get(event["requestId"], ("?", "?"))
        if size := int(event["encodedDataLength"]):  # 0: it was at hand, nothing was asked
            self.answers.append((kind, url, size))
