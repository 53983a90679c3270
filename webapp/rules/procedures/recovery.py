"""A forgotten password."""

from webapp.rules.procedures.paper import REGISTRATION
from webapp.rules.steps import Mark, Procedure, Step, press

FORGOTTEN = Step(
    "forgotten",
    1,
    "La demande",
    "Sur la page de connexion, appuyez sur « Mot de passe oublié ? », saisissez votre e-mail et "
    "votre numéro d’adhérent, puis appuyez sur « Recevoir le lien ».",
    "Regardez votre boîte mail",
    "recovery.page",
    marks=(
        press("Mot de passe oublié ?"),
        Mark("Email", "Votre e-mail"),
        Mark("Numéro d’adhérent", "Votre numéro d’adhérent"),
        press("Recevoir le lien"),
    ),
)
RECOVERY_MAIL = Step(
    "recovery_mail",
    2,
    "Le message avec le lien",
    "Ouvrez le message « Espace SMiE Mutuelle - Choisir un nouveau mot de passe » et appuyez sur "
    "« Je choisis un nouveau mot de passe ».",
    "Choisissez un nouveau mot de passe",
    "recovery.link",
)
NEW_PASSWORD = Step(
    "new_password",
    3,
    "Le nouveau mot de passe",
    "Saisissez deux fois votre nouveau mot de passe, puis appuyez sur « Enregistrer ».",
    "Votre mot de passe est changé",
    "recovery.link",
    marks=(
        Mark("Nouveau mot de passe", "Un nouveau mot de passe : 12 caractères ou plus"),
        Mark("Répétez votre nouveau mot de passe", "Le même, une deuxième fois"),
        press("Enregistrer"),
    ),
)
RECOVERY = Procedure(
    "recovery",
    "Retrouver l’accès sans mot de passe",
    (FORGOTTEN, RECOVERY_MAIL, NEW_PASSWORD),
    after=(REGISTRATION,),
)
