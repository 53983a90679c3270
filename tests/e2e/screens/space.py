"""Screen 13."""

from playwright.sync_api import Locator

from tests.e2e.screens.screen import Screen


class Space(Screen):
    """« Mon espace »."""

    path = "/espace"
    heading = "Mon espace"

    @property
    def warning(self) -> Locator:
        """« Toujours là ? », two minutes before the session's end."""
        return self.page.get_by_role("alertdialog", name="Toujours là ?")

    def forget_device(self) -> None:
        """« Oublier », the first device of the list."""
        with self.replaced():
            self.hand.press(self.page.get_by_role("button", name="Oublier").first, "Oublier")

    def leave(self) -> None:
        """« Me déconnecter »."""
        self.submit("Me déconnecter")

    def leave_everywhere(self) -> None:
        """« Me déconnecter partout »."""
        self.submit("Me déconnecter partout")
