"""« Sécurité »: password, address, sessions, disputes."""

from dataclasses import replace

from webapp.rules.procedures.paper import REGISTRATION, SIGN_IN
from webapp.rules.steps import Mark, Procedure, Step, press

PRESENT = Mark("Mot de passe actuel", "Votre mot de passe actuel")
TWICE = (
    Mark("Nouveau mot de passe", "Un nouveau mot de passe : 12 caractères ou plus"),
    Mark("Répétez votre nouveau mot de passe", "Le même, une deuxième fois"),
    press("Enregistrer"),
)

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
    "Saisissez votre mot de passe actuel, puis deux fois le nouveau, et appuyez sur "
    "« Enregistrer ».",
    "Votre mot de passe est changé",
    "security.new_password",
    marks=(PRESENT, *TWICE),
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
    "Saisissez la nouvelle adresse et votre mot de passe actuel, puis appuyez sur « Continuer ».",
    "Confirmez votre nouvelle adresse",
    "address.page",
    marks=(
        Mark("Nouvelle adresse e-mail", "Votre nouvelle adresse e-mail"),
        PRESENT,
        press("Continuer"),
    ),
)
ADDRESS_CODE = Step(
    "address_code",
    4,
    "Le code reçu à la nouvelle adresse",
    "Ouvrez le message « Confirmez votre nouvelle adresse », saisissez ses 6 chiffres, puis "
    "appuyez sur « Valider ».",
    "Votre adresse e-mail est changée",
    "address.confirmation",
    marks=(
        Mark("6", "Les 6 chiffres à recopier", "code"),
        Mark("Code reçu à la nouvelle adresse", "Les 6 chiffres du message"),
        press("Valider"),
    ),
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
    "bouton « Je choisis un nouveau mot de passe », saisissez votre numéro d’adhérent et deux "
    "fois le nouveau mot de passe, puis appuyez sur « Enregistrer ».",
    "Votre mot de passe est changé",
    "recovery.link",
    marks=(
        press("Je choisis un nouveau mot de passe"),
        Mark("Numéro d’adhérent", "Votre numéro d’adhérent"),
        *TWICE,
    ),
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
    after=(REGISTRATION, SIGN_IN),
)
FORCED_AFTER_UNDO = replace(FORCED_PASSWORD, key="forced_after_undo", number=3)
CHANGE_ADDRESS = Procedure(
    "change_address",
    "Changer mon adresse e-mail",
    (OPEN_SECURITY, TO_NEW_ADDRESS, NEW_ADDRESS, ADDRESS_CODE),
    after=(REGISTRATION, SIGN_IN),
)
UNDO_ADDRESS = Procedure(
    "undo_address",
    "Rétablir mon ancienne adresse e-mail",
    (UNDO_MAIL, UNDO, FORCED_AFTER_UNDO),
    after=(REGISTRATION, SIGN_IN, CHANGE_ADDRESS),
)
SESSIONS = Procedure(
    "sessions",
    "Fermer une connexion oubliée",
    (OPEN_SECURITY, CLOSE_SESSION),
    after=(REGISTRATION, SIGN_IN),
    given="another_session",
)
DISPUTE = Procedure(
    "dispute",
    "Dire qu’une connexion n’était pas la mienne",
    (OPEN_SECURITY, TO_HISTORY, NOT_MINE, CLOSE_ALL, FORCED_PASSWORD),
    after=(REGISTRATION, SIGN_IN),
    given="another_session",
)
