"""Screens 8 and 11: the member's mailbox."""

from player.post_office import Mail, MailSource

CONFIRMATION = "Demande de confirmation d’inscription"
SECURITY_CODE = "Votre code de sécurité"
RECOVERY = "Choisir un nouveau mot de passe"
PASSWORD_CHANGED = "Votre mot de passe a changé"
TEN_FAILURES = "Dix mots de passe faux"
NEW_LETTER = "Votre accès va changer"
NEW_ACCESS = "Votre nouvel accès est ouvert"
OWN_SPACE = "Votre espace est ouvert"
HAS_A_SPACE = "Vous avez déjà un espace"


class Mailbox:
    """Where the mails to one address arrive."""

    def __init__(self, office: MailSource, address: str):
        self._office, self.address = office, address

    def confirmation(self) -> Mail:
        """The next mail with the link and the 13 digits."""
        return self._office.wait_for(self.address, CONFIRMATION)

    def security_code(self) -> str:
        """The 6 digits of the next mail that has some."""
        return self._office.wait_for(self.address, SECURITY_CODE).security_code
