"""« Mes données »: export, closing, new terms."""

from webapp.rules.procedures.paper import REGISTRATION, SIGN_IN
from webapp.rules.steps import Mark, Procedure, Step, press

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
    "my_data",
    "Voir et emporter mes données",
    (MY_DATA_PAGE, MY_DATA_READ, MY_DATA_FILE),
    after=(REGISTRATION, SIGN_IN),
)

CLOSE_READ = Step(
    "close_read",
    1,
    "Ce que fermer veut dire",
    "En bas de la page « Mes données », appuyez sur « Fermer mon espace ».",
    "Ce qui sera effacé",
    "my_data.page",
    marks=(press("Mes données"), press("Fermer mon espace")),
)
CLOSE_PASSWORD = Step(
    "close_password",
    2,
    "Le mot de passe",
    "Lisez la page, saisissez votre mot de passe, puis appuyez sur « Recevoir le code ».",
    "Nous l’avons envoyé par mail",
    "closing.page",
    marks=(Mark("Mot de passe actuel", "Votre mot de passe"), press("Recevoir le code")),
)
CLOSE_MAIL = Step(
    "close_mail",
    3,
    "Le message avec le code",
    "Ouvrez le message « Votre code pour fermer votre espace » et notez les 6 chiffres.",
    "Votre code pour fermer votre espace",
    marks=(Mark("6", "Les 6 chiffres à noter", "code"),),
)
CLOSE_CODE = Step(
    "close_code",
    4,
    "Le code",
    "Saisissez les 6 chiffres, puis appuyez sur « Fermer mon espace ».",
    "Votre espace sera effacé le",
    "closing.code",
    marks=(Mark("Code de sécurité", "Les 6 chiffres du message"), press("Fermer mon espace")),
)
CLOSE = Procedure(
    "close",
    "Fermer mon espace",
    (CLOSE_READ, CLOSE_PASSWORD, CLOSE_MAIL, CLOSE_CODE),
    after=(REGISTRATION, SIGN_IN),
)

KEEP_SPACE = Step(
    "keep",
    1,
    "Le bouton de votre espace",
    "Dans les 7 jours, connectez-vous, puis appuyez sur « Garder mon espace ».",
    "votre espace reste ouvert",
    "space.page",
)
KEEP = Procedure(
    "keep",
    "Garder finalement mon espace",
    (KEEP_SPACE,),
    after=(REGISTRATION, SIGN_IN, CLOSE),
)

ACCEPT_TERMS = Step(
    "new_terms",
    1,
    "Le nouveau texte",
    "Connectez-vous. Lisez le nouveau texte, cochez « J’accepte les conditions générales "
    "d’utilisation », puis appuyez sur « Continuer ».",
    "vous avez accepté les nouvelles conditions",
    "new_terms.page",
)
NEW_TERMS = Procedure(
    "new_terms",
    "Accepter de nouvelles conditions",
    (ACCEPT_TERMS,),
    after=(REGISTRATION,),
    given="asked_new_terms",
)

REFUSE_TERMS = Step(
    "decline_terms",
    1,
    "Le bouton du bas de la page",
    "Connectez-vous. En bas de la page des nouvelles conditions, appuyez sur « Je n’accepte pas ».",
    "Ce que vous pouvez faire",
    "new_terms.page",
)
DECLINE_TERMS = Procedure(
    "decline_terms",
    "Ne pas accepter de nouvelles conditions",
    (REFUSE_TERMS,),
    after=(REGISTRATION,),
    given="asked_new_terms",
)
