"""Screens 10 and 12."""

from typing import Self

from playwright.sync_api import expect

from player.screens.screen import Screen
from player.world import PASSWORD


class SignIn(Screen):
    """Screen 10."""

    path = "/connexion"
    heading = "Connexion à mon compte"

    def fill(self, email: str, password: str = PASSWORD, *, remember: bool = False) -> Self:
        """E-mail, password, « Se souvenir de moi »."""
        self.write("Email", email)
        return self.fill_password(password, remember=remember)

    def fill_password(self, password: str = PASSWORD, *, remember: bool = False) -> Self:
        """The e-mail is there already."""
        self.write("Mot de passe", password)
        if remember:
            self.check("Se souvenir de moi")
        return self

    def go_on(self) -> None:
        """« Je me connecte »."""
        self.submit("Je me connecte")

    def knows(self, email: str) -> Self:
        """The e-mail is filled in."""
        expect(self.field("Email")).to_have_value(email)
        return self


class Shut(Screen):
    """The space is closed: its member left the mutual, or died."""

    path = "/connexion/espace-ferme"
    heading = "Cet espace est fermé"

    def leave(self) -> None:
        """« Me déconnecter »."""
        self.submit("Me déconnecter")


class Suspended(Shut):
    """An operator keeps everybody out of the space: told after both steps."""

    heading = "Cet espace est suspendu"


class Held(Shut):
    """The same, told to whoever has a letter or a mailed link alone: it names no suspension."""

    heading = "Appelez-nous pour continuer"


class SecurityCode(Screen):
    """Screen 12."""

    path = "/connexion/code"
    heading = "Saisissez votre code de sécurité"

    def enter(self, code: str) -> None:
        """The 6 digits, « Valider »."""
        self.write("Code de sécurité", code)
        self.submit("Valider")

    def send_again(self) -> None:
        """« Renvoyer le code »."""
        self.submit("Renvoyer le code")
