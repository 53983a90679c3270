"""Who asks to join a space."""

from player.screens.screen import Screen


class Asking(Screen):
    """« Qui demande à rejoindre cet espace »."""

    path = "/espace/rattachement"
    heading = "Qui demande à rejoindre cet espace"

    def agree(self) -> None:
        """« Autoriser »."""
        self.press_first("button", "Autoriser")

    def refuse(self) -> None:
        """« Refuser »."""
        self.press_first("button", "Refuser")
