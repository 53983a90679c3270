"""« Sécurité », and the pages that it leads to."""

from typing import Self

from player.screens.screen import Screen
from player.world import PASSWORD


class Security(Screen):
    """The page itself."""

    path = "/espace/securite"
    heading = "Sécurité"

    def forget_device(self) -> None:
        """« Oublier », the first device of the list."""
        self.press_first("button", "Oublier")

    def close_session(self) -> None:
        """« Fermer », the first session that is not this one."""
        self.press_first("button", "Fermer")

    def leave_everywhere(self) -> None:
        """« Me déconnecter partout »."""
        self.submit("Me déconnecter partout")


class ChangePassword(Screen):
    """« Changer mon mot de passe »."""

    path = "/espace/securite/mot-de-passe"
    heading = "Changer mon mot de passe"

    def fill(self, password: str, present: str = PASSWORD) -> Self:
        """The present one, the new one twice."""
        self.write("Mot de passe actuel", present)
        self.write("Nouveau mot de passe", password)
        self.write("Répétez votre nouveau mot de passe", password)
        return self

    def go_on(self) -> None:
        """« Enregistrer »."""
        self.submit("Enregistrer")


class PasswordChanged(Screen):
    """The new password is in force, this browser stays."""

    heading = "Votre mot de passe est changé"


class Leaving(Screen):
    """« Me déconnecter partout », where something was added recently."""

    path = "/espace/securite/deconnecter-partout/retirer"
    heading = "Me déconnecter partout"


class ChangeAddress(Screen):
    """« Changer mon adresse e-mail »."""

    path = "/espace/securite/email"
    heading = "Changer mon adresse e-mail"

    def fill(self, email: str, password: str = PASSWORD) -> Self:
        """The new address and the present password."""
        self.write("Nouvelle adresse e-mail", email)
        self.write("Mot de passe actuel", password)
        return self

    def go_on(self) -> None:
        """« Continuer »."""
        self.submit("Continuer")


class ConfirmAddress(Screen):
    """Where the code is typed."""

    path = "/espace/securite/email/confirmation"
    heading = "Confirmez votre nouvelle adresse"

    def enter(self, code: str) -> None:
        """The 6 digits, « Valider »."""
        self.write("Code reçu à la nouvelle adresse", code)
        self.submit("Valider")


class AddressLink(Screen):
    """The link mailed to the new address."""

    heading = "Confirmez votre nouvelle adresse"

    def confirm(self) -> None:
        """« Je confirme cette adresse »."""
        self.submit("Je confirme cette adresse")


class AddressChanged(Screen):
    """The new address is in force."""

    heading = "Votre adresse e-mail est changée"


class UndoAddress(Screen):
    """The link mailed to the former address."""

    heading = "Rétablir votre ancienne adresse"

    def confirm(self) -> None:
        """« Je rétablis mon ancienne adresse »."""
        self.submit("Je rétablis mon ancienne adresse")


class Restored(Screen):
    """The former address is back."""

    heading = "Votre ancienne adresse est rétablie"


class History(Screen):
    """Twelve months."""

    path = "/espace/securite/historique"
    heading = "Historique"

    def dispute(self) -> None:
        """« Ce n’était pas moi », the newest sign-in."""
        self.press_first("link", "Ce n’était pas moi")


class NotMine(Screen):
    """What « Ce n’était pas moi » will do."""

    heading = "Ce n’était pas vous ?"

    def close_all(self) -> None:
        """« Tout fermer »."""
        self.submit("Tout fermer")


class Disputed(Screen):
    """Everything is closed."""

    heading = "Tout est fermé"
