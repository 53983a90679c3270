"""A mail as a worker claimed it, for tests of what leaves."""

from player.world import START
from webapp.services.kernel.world import ClaimedMail, Mail

CLAIMED = ClaimedMail(
    id="0123456789abcdef0123456789abcdef",
    name="security_code",
    to="odile@example.org",
    mail=Mail(
        "Votre code de sécurité",
        "Voici votre code :\n\n123456\n.\nÀ bientôt.\n",
        "<p>Voici votre code : <b>123456</b></p>\n",
    ),
    attempts=1,
    created_at=START,
)
