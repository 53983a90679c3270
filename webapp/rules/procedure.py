"""The procedure, said once: the numbered steps of the paper that members receive.

Routes, titles, the stepper, the guard, the browser tests and the help page all read it.
`do` is what the member does, `see` what must then show; words in « » are fixed by the paper.
"""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Step:
    """One numbered step. `endpoint` serves its screen (None: it happens in the mailbox)."""

    key: str
    number: int
    title: str
    do: str
    see: str
    endpoint: str | None = None


@dataclass(frozen=True)
class Procedure:
    """Steps played one after the other, under a name that QA reads."""

    key: str
    title: str
    steps: tuple[Step, ...]

    def __iter__(self):  # type: ignore[no-untyped-def]
        return iter(self.steps)


STEPPER = ("Mes infos", "CGU", "Confirmation")

SITE = Step(
    "site",
    1,
    "Le site de la mutuelle",
    "Ouvrez le site de votre mutuelle.",
    "Espace adhérents SMIE",
    "home.page",
)
TAB = Step(
    "tab",
    2,
    "L’onglet de l’espace adhérents",
    "En haut à droite de la page d’accueil, appuyez sur l’onglet « Espace adhérents SMIE ».",
    "Je crée mon compte",
    "sign_in.page",
)
CREATE = Step(
    "create",
    3,
    "La création du compte",
    "Appuyez sur « Je crée mon compte ».",
    "Inscription",
    "registration.about_me",
)
ABOUT_ME = Step(
    "about_me",
    5,
    "Mes infos",
    "Complétez les cinq champs avec votre courrier sous les yeux, puis appuyez sur « Continuer ».",
    "Conditions générales d’utilisation",
    "registration.about_me",
)
TERMS = Step(
    "terms",
    6,
    "Les conditions générales",
    "Lisez les conditions, cochez « J’accepte les conditions générales d’utilisation », "
    "puis appuyez sur « Continuer ».",
    "Votre inscription est prise en compte",
    "registration.terms",
)
RECORDED = Step(
    "recorded",
    7,
    "L’inscription est prise en compte",
    "Lisez l’écran : un message vous attend dans votre boîte mail.",
    "Votre inscription est prise en compte",
    "registration.recorded",
)
CONFIRM = Step(
    "confirm",
    8,
    "Le message de confirmation",
    "Ouvrez le message « Espace SMiE Mutuelle - Demande de confirmation d’inscription » "
    "et appuyez sur « Je valide mon inscription ».",
    "Votre inscription est finalisée",
    "registration.link",
)
ACTIVATE = Step(
    "activate",
    8,
    "Le code d’activation, si le lien ne marche pas",
    "Connectez-vous avec votre e-mail et votre nouveau mot de passe, puis tapez sur la page "
    "« Inscription en cours » le code d’activation du message.",
    "Votre inscription est finalisée",
    "registration.in_progress",
)
FINISHED = Step(
    "finished",
    9,
    "L’inscription est finalisée",
    "Appuyez sur « Je me connecte ».",
    "Connexion à mon compte",
    "sign_in.page",
)
PASSWORD = Step(
    "password",
    10,
    "La connexion : e-mail et mot de passe",
    "Tapez votre e-mail et votre mot de passe, puis appuyez sur « Je me connecte ».",
    "Code de sécurité",
    "sign_in.page",
)
CODE_MAIL = Step(
    "code_mail",
    11,
    "Le message avec le code",
    "Ouvrez le message « Votre code de sécurité » et notez les 6 chiffres.",
    "Votre code de sécurité",
)
CODE = Step(
    "code",
    12,
    "Le code de sécurité",
    "Tapez les 6 chiffres, puis appuyez sur « Valider ».",
    "Mon espace",
    "sign_in.code",
)
SPACE = Step(
    "space",
    13,
    "Mon espace",
    "Vous êtes dans votre espace personnel.",
    "Mon espace",
    "space.page",
)

REGISTRATION = Procedure(
    "registration",
    "Créer mon espace",
    (SITE, TAB, CREATE, ABOUT_ME, TERMS, RECORDED, CONFIRM, FINISHED),
)
ACTIVATION = Procedure(
    "activation",
    "Créer mon espace avec le code d’activation",
    (SITE, TAB, CREATE, ABOUT_ME, TERMS, RECORDED, ACTIVATE, FINISHED),
)
SIGN_IN = Procedure("sign_in", "Me connecter à mon espace", (PASSWORD, CODE_MAIL, CODE, SPACE))

FORGOTTEN = Step(
    "forgotten",
    1,
    "La demande",
    "Sur la page de connexion, appuyez sur « Mot de passe oublié ? », tapez votre e-mail et votre "
    "numéro d’adhérent, puis appuyez sur « Recevoir le lien ».",
    "Regardez votre boîte mail",
    "recovery.page",
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
    "Tapez deux fois votre nouveau mot de passe, puis appuyez sur « Enregistrer ».",
    "Votre mot de passe est changé",
    "recovery.link",
)
RECOVERY = Procedure(
    "recovery", "Retrouver l’accès sans mot de passe", (FORGOTTEN, RECOVERY_MAIL, NEW_PASSWORD)
)

# security: password, address, sessions, disputes
OPEN_SECURITY = Step(
    "open_security",
    1,
    "La page Sécurité",
    "Dans votre espace, appuyez sur « Sécurité ».",
    "Changer mon mot de passe",
    "space.page",
)
TO_NEW_PASSWORD = Step(
    "to_new_password",
    2,
    "Le changement",
    "Sous « Mot de passe », appuyez sur « Changer mon mot de passe ».",
    "Mot de passe actuel",
    "security.page",
)
CHANGED_PASSWORD = Step(
    "changed_password",
    3,
    "L’ancien, puis le nouveau",
    "Tapez votre mot de passe actuel, puis deux fois le nouveau, et appuyez sur « Enregistrer ».",
    "Votre mot de passe est changé",
    "security.new_password",
)
TO_NEW_ADDRESS = Step(
    "to_new_address",
    2,
    "Le changement",
    "Sous « E-mail », appuyez sur « Changer mon adresse e-mail ».",
    "Nouvelle adresse e-mail",
    "security.page",
)
NEW_ADDRESS = Step(
    "new_address",
    3,
    "La nouvelle adresse",
    "Tapez la nouvelle adresse et votre mot de passe actuel, puis appuyez sur « Continuer ».",
    "Confirmez votre nouvelle adresse",
    "address.page",
)
ADDRESS_CODE = Step(
    "address_code",
    4,
    "Le code reçu à la nouvelle adresse",
    "Ouvrez le message « Confirmez votre nouvelle adresse », tapez ses 6 chiffres, puis appuyez "
    "sur « Valider ».",
    "Votre adresse e-mail est changée",
    "address.confirmation",
)
UNDO_MAIL = Step(
    "undo_mail",
    1,
    "Le message à l’ancienne adresse",
    "Ouvrez le message « Espace SMiE Mutuelle - Votre adresse e-mail a changé » et appuyez sur "
    "« Je rétablis mon ancienne adresse ».",
    "Rétablir votre ancienne adresse",
    "address.undo_link",
)
UNDO = Step(
    "undo",
    2,
    "Le retour à l’ancienne adresse",
    "Lisez ce qui va se passer, puis appuyez sur « Je rétablis mon ancienne adresse ».",
    "Votre ancienne adresse est rétablie",
    "address.undo_link",
)
FORCED_PASSWORD = Step(
    "forced_password",
    5,
    "Un nouveau mot de passe",
    "Ouvrez le message « Espace SMiE Mutuelle - Choisissez un nouveau mot de passe », suivez son "
    "lien, tapez deux fois le nouveau, puis appuyez sur « Enregistrer ».",
    "Votre mot de passe est changé",
    "recovery.link",
)
CLOSE_SESSION = Step(
    "close_session",
    2,
    "Les connexions ouvertes",
    "Sous « Connexions ouvertes », appuyez sur « Fermer » en face de celle qui n’est pas la vôtre.",
    "cette connexion est fermée",
    "security.page",
)
TO_HISTORY = Step(
    "to_history",
    2,
    "L’historique",
    "Sous « Historique », appuyez sur « Voir l’historique ».",
    "Connexion réussie",
    "security.page",
)
NOT_MINE = Step(
    "not_mine",
    3,
    "La connexion que vous ne reconnaissez pas",
    "En face de cette connexion, appuyez sur « Ce n’était pas moi ».",
    "Ce n’était pas vous ?",
    "history.page",
)
CLOSE_ALL = Step(
    "close_all",
    4,
    "Tout fermer",
    "Lisez ce qui va se passer, puis appuyez sur « Tout fermer ».",
    "Tout est fermé",
    "history.not_mine",
)
CHANGE_PASSWORD = Procedure(
    "change_password",
    "Changer mon mot de passe",
    (OPEN_SECURITY, TO_NEW_PASSWORD, CHANGED_PASSWORD),
)
FORCED_AFTER_UNDO = replace(FORCED_PASSWORD, key="forced_after_undo", number=3)
CHANGE_ADDRESS = Procedure(
    "change_address",
    "Changer mon adresse e-mail",
    (OPEN_SECURITY, TO_NEW_ADDRESS, NEW_ADDRESS, ADDRESS_CODE),
)
UNDO_ADDRESS = Procedure(
    "undo_address",
    "Rétablir mon ancienne adresse e-mail",
    (UNDO_MAIL, UNDO, FORCED_AFTER_UNDO),
)
SESSIONS = Procedure("sessions", "Fermer une connexion oubliée", (OPEN_SECURITY, CLOSE_SESSION))
DISPUTE = Procedure(
    "dispute",
    "Dire qu’une connexion n’était pas la mienne",
    (OPEN_SECURITY, TO_HISTORY, NOT_MINE, CLOSE_ALL, FORCED_PASSWORD),
)

# my data
MY_DATA_PAGE = Step(
    "my_data",
    1,
    "La page de vos données",
    "Dans votre espace, appuyez sur « Mes données ».",
    "Emporter mes données",
    "space.page",
)
MY_DATA_READ = Step(
    "my_data_read",
    2,
    "La version à lire ou à imprimer",
    "Pour tout lire ou imprimer, appuyez sur « Version à lire ou imprimer ».",
    "Toutes mes données",
    "my_data.page",
)
MY_DATA_FILE = Step(
    "my_data_file",
    3,
    "Le fichier",
    "Pour confier vos données à un autre service, appuyez sur « Télécharger (JSON) ».",
    "Toutes mes données",
    "my_data.export",
)
MY_DATA = Procedure(
    "my_data", "Voir et emporter mes données", (MY_DATA_PAGE, MY_DATA_READ, MY_DATA_FILE)
)

CLOSE_READ = Step(
    "close_read",
    1,
    "Ce que fermer veut dire",
    "En bas de la page « Mes données », appuyez sur « Fermer mon espace ».",
    "Ce qui sera effacé",
    "my_data.page",
)
CLOSE_PASSWORD = Step(
    "close_password",
    2,
    "Le mot de passe",
    "Lisez la page, tapez votre mot de passe, puis appuyez sur « Recevoir le code ».",
    "Nous l’avons envoyé par mail",
    "closing.page",
)
CLOSE_MAIL = Step(
    "close_mail",
    3,
    "Le message avec le code",
    "Ouvrez le message « Votre code pour fermer votre espace » et notez les 6 chiffres.",
    "Votre code pour fermer votre espace",
)
CLOSE_CODE = Step(
    "close_code",
    4,
    "Le code",
    "Tapez les 6 chiffres, puis appuyez sur « Fermer mon espace ».",
    "Votre espace sera effacé le",
    "closing.code",
)
CLOSE = Procedure(
    "close", "Fermer mon espace", (CLOSE_READ, CLOSE_PASSWORD, CLOSE_MAIL, CLOSE_CODE)
)

KEEP_SPACE = Step(
    "keep",
    1,
    "Le bouton de votre espace",
    "Dans les 7 jours, connectez-vous, puis appuyez sur « Garder mon espace ».",
    "votre espace reste ouvert",
    "space.page",
)
KEEP = Procedure("keep", "Garder finalement mon espace", (KEEP_SPACE,))

ACCEPT_TERMS = Step(
    "new_terms",
    1,
    "Le nouveau texte",
    "Connectez-vous. Lisez le nouveau texte, cochez « J’accepte les conditions générales "
    "d’utilisation », puis appuyez sur « Continuer ».",
    "vous avez accepté les nouvelles conditions",
    "new_terms.page",
)
NEW_TERMS = Procedure("new_terms", "Accepter de nouvelles conditions", (ACCEPT_TERMS,))

REFUSE_TERMS = Step(
    "decline_terms",
    1,
    "Le bouton du bas de la page",
    "Connectez-vous. En bas de la page des nouvelles conditions, appuyez sur « Je n’accepte pas ».",
    "Ce que vous pouvez faire",
    "new_terms.page",
)
DECLINE_TERMS = Procedure(
    "decline_terms", "Ne pas accepter de nouvelles conditions", (REFUSE_TERMS,)
)

APP_START = Step(
    "app_start",
    1,
    "Le choix de l’application",
    "Dans votre espace, page « Sécurité », ouvrez « Choisir ma deuxième étape », puis appuyez sur "
    "« Ajouter une application d’authentification ».",
    "Ajouter une application",
    "second_step.page",
)
APP_CONFIRM = Step(
    "app_confirm",
    2,
    "La clé et le premier code",
    "Donnez la clé à l’application de votre téléphone, tapez le code qu’elle affiche, puis appuyez "
    "sur « Valider ».",
    "Mes codes de secours",
    "adding_step.app",
)
KEEP_CODES = Step(
    "keep_codes",
    3,
    "Les codes de secours",
    "Imprimez les codes ou recopiez-les, puis appuyez sur « J’ai gardé mes codes ».",
    "Ma deuxième étape",
    "second_step.codes",
)
AUTHENTICATOR = Procedure(
    "authenticator", "Ajouter une application", (APP_START, APP_CONFIRM, KEEP_CODES)
)

KEY_START = Step(
    "key_start",
    1,
    "Le choix de la clé d’accès",
    "Dans votre espace, page « Sécurité », ouvrez « Choisir ma deuxième étape », puis appuyez sur "
    "« Ajouter une clé d’accès ».",
    "Ajouter une clé d’accès",
    "second_step.page",
)
KEY_MADE = Step(
    "key_made",
    2,
    "La création de la clé",
    "Donnez-lui un nom, puis appuyez sur « Créer ma clé d’accès » et suivez ce que votre appareil "
    "affiche.",
    "Mes codes de secours",
    "adding_step.passkey",
)
PASSKEY = Procedure("passkey", "Ajouter une clé d’accès", (KEY_START, KEY_MADE, KEEP_CODES))

OWN_PASSWORD = Step(
    "own_password",
    1,
    "L’e-mail et le mot de passe",
    "Tapez votre e-mail et votre mot de passe, puis appuyez sur « Je me connecte ».",
    "Connexion à mon compte, étape 2 sur 2",
    "sign_in.page",
)
APP_CODE = Step(
    "app_code",
    2,
    "Le code de l’application",
    "Tapez les 6 chiffres que votre application affiche, puis appuyez sur « Valider ».",
    "Mon espace",
    "ways.app",
)
SIGN_IN_APP = Procedure(
    "sign_in_app", "Me connecter avec mon application", (OWN_PASSWORD, APP_CODE)
)
LOST_PHONE = Step(
    "lost_phone",
    2,
    "Le téléphone n’est pas là",
    "Appuyez sur « Utiliser un code de secours ».",
    "Saisissez un code de secours",
    "ways.app",
)
RESCUE = Step(
    "rescue",
    3,
    "Le code de secours",
    "Tapez un des codes de votre feuille, puis appuyez sur « Valider ».",
    "Il vous reste 9 codes",
    "ways.recovery_code",
)
RECOVERY_CODE = Procedure(
    "recovery_code", "Me connecter avec un code de secours", (OWN_PASSWORD, LOST_PHONE, RESCUE)
)

KEY_CHOSEN = Step(
    "key_chosen",
    1,
    "La page de connexion",
    "Sur la page de connexion, appuyez sur « Me connecter avec une clé d’accès ».",
    "Rien à taper",
    "sign_in.page",
)
KEY_USED = Step(
    "key_used",
    2,
    "La clé d’accès",
    "Sans rien taper, appuyez sur « Utiliser ma clé d’accès » et suivez ce que votre appareil "
    "affiche.",
    "Mon espace",
    "ways.direct",
)
SIGN_IN_PASSKEY = Procedure(
    "sign_in_passkey", "Me connecter avec une clé d’accès", (KEY_CHOSEN, KEY_USED)
)

REMOVE = Step(
    "remove",
    1,
    "La liste de mes deuxièmes étapes",
    "Dans votre espace, page « Sécurité », ouvrez « Choisir ma deuxième étape », puis appuyez sur "
    "« Retirer ».",
    "cette deuxième étape est retirée",
    "second_step.page",
)
REMOVE_STEP = Procedure("remove_step", "Retirer une deuxième étape", (REMOVE,))

SECOND_STEP = (AUTHENTICATOR, SIGN_IN_APP, RECOVERY_CODE, PASSKEY, SIGN_IN_PASSKEY, REMOVE_STEP)

NEW_ACCESS = Step(
    "new_access",
    9,
    "Vingt-quatre heures d’attente",
    "Lisez l’écran : par sécurité, votre nouvel accès s’ouvre 24 heures plus tard. Le lendemain, "
    "ouvrez le message « Espace SMiE Mutuelle - Votre nouvel accès est ouvert » et suivez son "
    "lien.",
    "Connexion à mon compte",
    "sign_in.page",
)
NEW_LETTER = Procedure(
    "new_letter",
    "Retrouver mon espace sans mot de passe ni boîte mail, avec un nouveau courrier",
    (
        *(SITE, TAB, CREATE, ABOUT_ME, TERMS, RECORDED, CONFIRM),
        *(NEW_ACCESS, PASSWORD, CODE_MAIL, CODE, SPACE),
    ),
)

STOP_MAIL = Step(
    "stop_mail",
    1,
    "Le message qui prévient",
    "Ouvrez le message « Espace SMiE Mutuelle - Votre accès va changer ». "
    "Si ce n’est pas vous, appuyez sur « J’arrête ce changement ».",
    "Un nouveau courrier va remplacer votre accès",
    "takeover.link",
)
STOP = Step(
    "stop_takeover",
    2,
    "L’arrêt",
    "Vérifiez la page, puis appuyez sur « J’arrête ce changement ».",
    "Le changement est arrêté",
    "takeover.link",
)
STOP_NEW_LETTER = Procedure(
    "stop_new_letter", "Arrêter un nouveau courrier que je n’ai pas demandé", (STOP_MAIL, STOP)
)

PROCEDURES = (
    *(REGISTRATION, ACTIVATION, SIGN_IN, RECOVERY, *SECOND_STEP),
    *(NEW_LETTER, STOP_NEW_LETTER),
    *(CHANGE_PASSWORD, CHANGE_ADDRESS, UNDO_ADDRESS, SESSIONS, DISPUTE),
    *(MY_DATA, CLOSE, KEEP, NEW_TERMS, DECLINE_TERMS),
)
