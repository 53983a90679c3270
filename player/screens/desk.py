"""The desk's screens, as an operator uses them."""

from typing import Self

from playwright.sync_api import Page

from player.screens.screen import Screen


class Search(Screen):
    """Whom the caller is."""

    heading = "Chercher un adhérent"

    def by_number(self, number: str) -> None:
        """Type the number and search."""
        self.write("Numéro d’adhérent", number)
        self.submit("Chercher ce numéro")


class Why(Screen):
    """Why a member's page is opened."""

    heading = "Pourquoi ouvrir cette page ?"

    def because(self, reason: str) -> None:
        """Give a reason in words."""
        self.write("Autre motif", reason)
        self.submit("Ouvrir pour ce motif")


class Questions(Screen):
    """The questions to the caller."""

    heading = "Est-ce bien l’adhérent ?"

    def answered(self, born: str, postal_code: str) -> None:
        """Type what the caller answers."""
        self.write("Quelle est votre date de naissance ?", born)
        self.write("Quel est votre code postal ?", postal_code)
        self.submit("Vérifier les réponses")


class Member(Screen):
    """One member's page; its title is their name."""

    def __init__(self, page: Page, names: str):
        super().__init__(page)
        self.heading = names

    def choose(self, deed: str) -> "Confirm":
        """Open the page of a deed."""
        with self.replaced():
            self.follow(deed)
        return Confirm(self.page, deed).shows()


class Confirm(Screen):
    """What a deed does, and why it is done."""

    def __init__(self, page: Page, deed: str):
        super().__init__(page)
        self.heading = deed

    def do(self, button: str, reason: str) -> Self:
        """Say why, and do it."""
        self.write("Motif", reason)
        self.submit(button)
        return self
