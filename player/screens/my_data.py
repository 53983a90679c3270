"""« Mes données », the print, closing a space, new terms."""

from playwright.sync_api import Download

from player.screens.screen import Screen
from player.world import PASSWORD


class MyData(Screen):
    """« Mes données »."""

    path = "/espace/mes-donnees"
    heading = "Mes données"


class AllMyData(Screen):
    """The version to read or to print."""

    path = "/espace/mes-donnees/export"
    heading = "Toutes mes données"

    def download(self) -> Download:
        """« Télécharger (JSON) »."""
        with self.page.expect_download() as download:
            self.press("Télécharger (JSON)")
        return download.value


class TermsProof(Screen):
    """The proof of terms accepted."""

    heading = "Preuve de mon accord"


class Proof(Screen):
    """« C’est bien vous ? »"""

    heading = "C’est bien vous ?"

    def give(self, password: str = PASSWORD) -> None:
        """The present password, « Continuer »."""
        self.write("Mot de passe actuel", password)
        self.submit("Continuer")


class Close(Screen):
    """« Fermer mon espace »."""

    path = "/espace/mes-donnees/fermer"
    heading = "Fermer mon espace"

    def ask(self, password: str = PASSWORD) -> None:
        """The present password, « Recevoir le code »."""
        self.write("Mot de passe actuel", password)
        self.submit("Recevoir le code")

    def keep(self) -> None:
        """« Garder mon espace »."""
        self.submit("Garder mon espace")


class CloseCode(Screen):
    """The mailed code that closes."""

    path = "/espace/mes-donnees/fermer/code"
    heading = "Fermer mon espace : le code"

    def enter(self, code: str) -> None:
        """The 6 digits, « Fermer mon espace »."""
        self.write("Code de sécurité", code)
        self.submit("Fermer mon espace")


class NewTerms(Screen):
    """New terms, before the space."""

    path = "/connexion/conditions"
    heading = "Nos conditions ont changé"

    def accept(self) -> None:
        """The box, « Continuer »."""
        self.check("J’accepte les conditions générales d’utilisation")
        self.submit("Continuer")

    def decline(self) -> None:
        """« Je n’accepte pas »."""
        self.submit("Je n’accepte pas")


class Declined(Screen):
    """What is still possible."""

    path = "/connexion/conditions/refus"
    heading = "Vous n’avez pas accepté les nouvelles conditions"
