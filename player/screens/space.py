"""Screen 13."""

from typing import Self

from playwright.sync_api import Locator

from player.screens.screen import Screen


class Space(Screen):
    """« Mon espace »."""

    path = "/espace"
    heading = "Mon espace"

    @property
    def warning(self) -> Locator:
        """« Toujours là ? », two minutes before the session's end."""
        return self.page.get_by_role("dialog", name="Toujours là ?")

    def watches(self) -> Self:
        """The page counts until the session's end: its script was fetched after it."""
        self.page.wait_for_function("document.querySelector('#session-end').end > 0")
        return self

    def leave(self) -> None:
        """« Me déconnecter »."""
        self.submit("Me déconnecter")
