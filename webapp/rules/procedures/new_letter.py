"""A newer letter, for who lost password and mailbox."""

from webapp.rules.procedures.paper import (
    ABOUT_ME,
    CODE,
    CODE_MAIL,
    CONFIRM,
    CREATE,
    PASSWORD,
    RECORDED,
    REGISTRATION,
    SITE,
    SPACE,
    TAB,
    TERMS,
)
from webapp.rules.steps import Mark, Procedure, Step

NEW_ACCESS = Step(
    "new_access",
    9,
    "Vingt-quatre heures d’attente",
    "Lisez l’écran : par sécurité, votre nouvel accès s’ouvre 24 heures plus tard. Le lendemain, "
    "ouvrez le message « Espace SMiE Mutuelle - Votre nouvel accès est ouvert » et suivez son "
    "lien.",
    "Connexion à mon compte",
    "sign_in.page",
    marks=(
        Mark("votre nouvel accès s’ouvrira", "Le jour et l’heure où votre accès s’ouvre", "text"),
        Mark("Me connecter", "Le lendemain, appuyez sur ce lien", "text"),
    ),
)
NEW_LETTER = Procedure(
    "new_letter",
    "Retrouver mon espace sans mot de passe ni boîte mail, avec un nouveau courrier",
    (
        *(SITE, TAB, CREATE, ABOUT_ME, TERMS, RECORDED, CONFIRM),
        *(NEW_ACCESS, PASSWORD, CODE_MAIL, CODE, SPACE),
    ),
    after=(REGISTRATION,),
    given="another_letter",
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
    "stop_new_letter",
    "Arrêter un nouveau courrier que je n’ai pas demandé",
    (STOP_MAIL, STOP),
    after=(REGISTRATION,),
    given="begun_takeover",
)
