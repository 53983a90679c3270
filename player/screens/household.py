"""A space of several: who asks to join it, and whose page is shown."""

from typing import Self

from playwright.sync_api import expect

from player.screens.screen import Screen
from player.screens.space import Space


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


class SharedSpace(Space):
    """« Mon espace », of one of several."""

    def is_of(self, name: str) -> Self:
        """Whose page it is, in words."""
        expect(self.page.get_by_text(f"Espace de {name}")).to_be_visible()
        return self

    def change_to_another(self) -> Self:
        """« Changer de personne »: the first of the others."""
        others = self.page.get_by_role("navigation", name="Changer de personne")
        link = others.get_by_role("link").first
        name = link.inner_text()
        self.actor.press(link, name)
        return self.is_of(name)
