"""A newer letter: the page of the link that stops it, and how it ended."""

from player.screens.screen import Screen


class StopPage(Screen):
    """The former address's link."""

    heading = "Un nouveau courrier va remplacer votre accès"

    def stop(self) -> None:
        """The one button."""
        self.submit("J’arrête ce changement")


class Stopped(Screen):
    """Nothing changes."""

    heading = "Le changement est arrêté"


class TooLate(Screen):
    """It took effect."""

    heading = "Le changement a déjà eu lieu"
