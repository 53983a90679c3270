"""Second steps of the member's own: the page that lists them, those that add, those that ask."""

from datetime import datetime
from typing import Self

from pyotp import TOTP, parse_uri

from player.screens.screen import Screen


class SecondSteps(Screen):
    """« Ma deuxième étape », in the space."""

    path = "/espace/securite/deuxieme-etape"
    heading = "Ma deuxième étape"

    def add_app(self) -> None:
        """« Ajouter une application d’authentification »."""
        self.submit("Ajouter une application d’authentification")

    def remove(self, what: str) -> None:
        """« Retirer », beside this one."""
        with self.replaced():
            self.actor.press(self.button(f"Retirer {what}"), "Retirer")


class NewApp(Screen):
    """« Ajouter une application »."""

    heading = "Ajouter une application"

    @property
    def link(self) -> str:
        """What the phone's app would open."""
        button = self.page.get_by_role("link", name="Ouvrir dans mon application")
        return button.get_attribute("href") or ""

    def fill(self, name: str, code: str) -> Self:
        """A name and the first code."""
        self.write("Nom de cette application", name)
        self.write("Code de l’application", code)
        return self


class NewPasskey(Screen):
    """« Ajouter une clé d’accès »."""

    path = "/espace/securite/deuxieme-etape/cle"
    heading = "Ajouter une clé d’accès"

    def make(self) -> None:
        """« Créer ma clé d’accès »: the device does the rest."""
        self.submit("Créer ma clé d’accès")


class Codes(Screen):
    """« Mes codes de secours », shown once."""

    path = "/espace/securite/deuxieme-etape/codes"
    heading = "Mes codes de secours"

    def read(self) -> tuple[str, ...]:
        """The ten codes."""
        listed = self.page.get_by_role("main").get_by_role("listitem").all_inner_texts()
        return tuple(each.strip() for each in listed if "-" in each and len(each.strip()) == 9)


class AppStep(Screen):
    """The sign-in's second step with an app."""

    path = "/connexion/application"
    heading = "Ouvrez votre application"

    def enter(self, code: str) -> None:
        """The 6 digits, « Valider »."""
        self.write("Code de l’application", code)
        self.submit("Valider")


class RecoveryCodeStep(Screen):
    """The sign-in's second step with a code of the sheet."""

    path = "/connexion/secours"
    heading = "Saisissez un code de secours"

    def enter(self, code: str) -> None:
        """A code of the sheet, « Valider »."""
        self.write("Code de secours", code)
        self.submit("Valider")


class PasskeyStep(Screen):
    """The sign-in's second step with a passkey."""

    path = "/connexion/cle"
    heading = "Utilisez votre clé d’accès"

    def use(self) -> None:
        """« Utiliser ma clé d’accès »."""
        self.submit("Utiliser ma clé d’accès")


class Direct(Screen):
    """A passkey as the whole sign-in."""

    path = "/connexion/cle/directe"
    heading = "Me connecter avec une clé d’accès"

    def use(self) -> None:
        """« Utiliser ma clé d’accès »."""
        self.submit("Utiliser ma clé d’accès")


class Proof(Screen):
    """« C’est bien vous ? », before what is sensitive."""

    path = "/espace/preuve"
    heading = "C’est bien vous ?"


def code_of_app(link: str, now: datetime) -> str:
    """What the app that holds this link shows at this moment."""
    app = parse_uri(link)
    assert isinstance(app, TOTP)
    return app.at(now)
