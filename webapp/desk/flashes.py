"""The flash messages that several screens of the desk say; the others stand beside their views."""

from webapp.web import flash

SESSION_ENDED = flash.declare(
    "guichet-fin",
    "Votre session est terminée : 15 minutes sans rien faire, ou 8 heures en tout. Connectez-vous "
    "de nouveau.",
)
SIGNED_OUT = flash.declare("guichet-sorti", "Vous êtes déconnecté du guichet.")
