"""A second step of one’s own choice: authenticator app, recovery codes, passkeys."""

from webapp.rules.procedures.paper import REGISTRATION, SIGN_IN
from webapp.rules.steps import Mark, Procedure, Step, press

THERE = (press("Sécurité"), press("Choisir ma deuxième étape"))

APP_START = Step(
    "app_start",
    1,
    "Le choix de l’application",
    "Dans votre espace, page « Sécurité », ouvrez « Choisir ma deuxième étape », puis appuyez sur "
    "« Ajouter une application d’authentification ».",
    "Ajouter une application",
    "second_factors.page",
    marks=(*THERE, press("Ajouter une application d’authentification")),
)
APP_CONFIRM = Step(
    "app_confirm",
    2,
    "La clé et le premier code",
    "Donnez la clé à l’application de votre téléphone, saisissez le code qu’elle affiche, puis "
    "appuyez sur « Valider ».",
    "Mes codes de secours",
    "adding_factor.app",
    marks=(
        press("Ouvrir dans mon application"),
        Mark("Code QR", "Ou scannez ce dessin avec le téléphone", "picture"),
        Mark("Nom de cette application", "Un nom pour la reconnaître"),
        Mark("Code de l’application", "Les 6 chiffres que l’application affiche"),
        press("Valider"),
    ),
)
KEEP_CODES = Step(
    "keep_codes",
    3,
    "Les codes de secours",
    "Imprimez les codes ou recopiez-les, puis appuyez sur « J’ai gardé mes codes ».",
    "Ma deuxième étape",
    "second_factors.codes",
)
AUTHENTICATOR = Procedure(
    "authenticator",
    "Ajouter une application",
    (APP_START, APP_CONFIRM, KEEP_CODES),
    after=(REGISTRATION, SIGN_IN),
)

KEY_START = Step(
    "key_start",
    1,
    "Le choix de la clé d’accès",
    "Dans votre espace, page « Sécurité », ouvrez « Choisir ma deuxième étape », puis appuyez sur "
    "« Ajouter une clé d’accès ».",
    "Ajouter une clé d’accès",
    "second_factors.page",
    marks=(*THERE, press("Ajouter une clé d’accès")),
)
KEY_MADE = Step(
    "key_made",
    2,
    "La création de la clé",
    "Donnez-lui un nom, puis appuyez sur « Créer ma clé d’accès » et suivez ce que votre appareil "
    "affiche.",
    "Mes codes de secours",
    "adding_factor.passkey",
    marks=(
        Mark("Nom de cette clé", "Un nom pour la reconnaître"),
        press("Créer ma clé d’accès"),
    ),
)
PASSKEY = Procedure(
    "passkey",
    "Ajouter une clé d’accès",
    (KEY_START, KEY_MADE, KEEP_CODES),
    after=(REGISTRATION, SIGN_IN),
    given="device_with_keys",
)

OWN_PASSWORD = Step(
    "own_password",
    1,
    "L’e-mail et le mot de passe",
    "Saisissez votre e-mail et votre mot de passe, puis appuyez sur « Je me connecte ».",
    "Connexion à mon compte, étape 2 sur 2",
    "sign_in.page",
    marks=(
        Mark("Email", "Votre e-mail"),
        Mark("Mot de passe", "Votre mot de passe personnel"),
        press("Je me connecte"),
    ),
)
APP_CODE = Step(
    "app_code",
    2,
    "Le code de l’application",
    "Saisissez les 6 chiffres que votre application affiche, puis appuyez sur « Valider ».",
    "Mon espace",
    "second_factor.app",
    marks=(
        Mark("Code de l’application", "Les 6 chiffres que l’application affiche"),
        press("Valider"),
    ),
)
SIGN_IN_APP = Procedure(
    "sign_in_app",
    "Me connecter avec mon application",
    (OWN_PASSWORD, APP_CODE),
    after=(REGISTRATION, SIGN_IN, AUTHENTICATOR),
    given="signed_out",
)
LOST_PHONE = Step(
    "lost_phone",
    2,
    "Le téléphone n’est pas là",
    "Appuyez sur « Utiliser un code de secours ».",
    "Saisissez un code de secours",
    "second_factor.app",
)
RESCUE = Step(
    "rescue",
    3,
    "Le code de secours",
    "Saisissez un des codes de votre feuille, puis appuyez sur « Valider ».",
    "Il vous reste 9 codes",
    "second_factor.recovery_code",
    marks=(Mark("Code de secours", "Un des codes de votre feuille"), press("Valider")),
)
RECOVERY_CODE = Procedure(
    "recovery_code",
    "Me connecter avec un code de secours",
    (OWN_PASSWORD, LOST_PHONE, RESCUE),
    after=(REGISTRATION, SIGN_IN, AUTHENTICATOR),
    given="signed_out",
)

KEY_CHOSEN = Step(
    "key_chosen",
    1,
    "La page de connexion",
    "Sur la page de connexion, appuyez sur « Me connecter avec mon empreinte ou mon visage ».",
    "Rien à saisir",
    "sign_in.page",
)
KEY_USED = Step(
    "key_used",
    2,
    "La clé d’accès",
    "Sans rien saisir, appuyez sur « Utiliser ma clé d’accès » et suivez ce que votre appareil "
    "affiche.",
    "Mon espace",
    "second_factor.direct",
)
SIGN_IN_PASSKEY = Procedure(
    "sign_in_passkey",
    "Me connecter avec une clé d’accès",
    (KEY_CHOSEN, KEY_USED),
    after=(REGISTRATION, SIGN_IN, PASSKEY),
    given="signed_out",
)

REMOVE = Step(
    "remove",
    1,
    "La liste de mes deuxièmes étapes",
    "Dans votre espace, page « Sécurité », ouvrez « Choisir ma deuxième étape », puis appuyez sur "
    "« Retirer ».",
    "cette deuxième étape est retirée",
    "second_factors.page",
    marks=(*THERE, press("Retirer")),
)
REMOVE_STEP = Procedure(
    "remove_step",
    "Retirer une deuxième étape",
    (REMOVE,),
    after=(REGISTRATION, SIGN_IN, AUTHENTICATOR),
)

SECOND_STEP = (AUTHENTICATOR, SIGN_IN_APP, RECOVERY_CODE, PASSKEY, SIGN_IN_PASSKEY, REMOVE_STEP)
