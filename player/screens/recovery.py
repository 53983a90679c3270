"""A forgotten password: the request, the link's page, the end."""

from typing import Self

from player.members import Letter
from player.screens.screen import Screen


class Forgotten(Screen):
    """« Mot de passe oublié ? »."""

    path = "/mot-de-passe-oublie"
    heading = "Mot de passe oublié ?"

    def fill(self, letter: Letter, **changes: str) -> Self:
        """Both fields; `email`, `number` differ."""
        self.write("Email", changes.get("email", letter.email))
        self.write("Numéro d’adhérent", changes.get("number", letter.number))
        return self

    def go_on(self) -> None:
        """« Recevoir le lien »."""
        self.submit("Recevoir le lien")


class Sent(Screen):
    """The same whatever is true."""

    path = "/mot-de-passe-oublie/envoi"
    heading = "Regardez votre boîte mail"


class NewPassword(Screen):
    """The link's page."""

    heading = "Choisissez un nouveau mot de passe"

    def fill(self, password: str, repeat: str | None = None) -> Self:
        """The new one, twice."""
        self.write("Nouveau mot de passe", password)
        self.write("Répétez votre nouveau mot de passe", repeat or password)
        return self

    def go_on(self) -> None:
        """« Enregistrer »."""
        self.submit("Enregistrer")


class Changed(Screen):
    """The new password is in force."""

    heading = "Votre mot de passe est changé"


class LinkOver(Screen):
    """Too late, used, or overtaken by another change."""

    heading = "Ce lien n’est plus valable"
