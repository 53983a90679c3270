"""Screen 13."""

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

    def leave(self) -> None:
        """« Me déconnecter »."""
        self.submit("Me déconnecter")
