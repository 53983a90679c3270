"""Several letters, one mailbox: the second one joins the space that the first one opened."""

from webapp.rules.procedures.paper import (
    ABOUT_ME,
    ACTIVATE,
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
from webapp.rules.steps import Mark, Procedure, Step, press

AGREEMENT = Step(
    "agreement",
    9,
    "L’accord qui manque",
    "Lisez l’écran : il reste l’accord de la personne qui a déjà l’espace, dans les 7 jours. "
    "Appuyez sur « Je me connecte ».",
    "Connexion à mon compte",
    "sign_in.page",
)
OWNER = Step(
    "owner",
    10,
    "La connexion à l’espace qui existe déjà",
    "La personne qui a déjà l’espace tape son e-mail et son mot de passe, puis appuie sur "
    "« Je me connecte ».",
    "Code de sécurité",
    "sign_in.page",
    marks=(
        Mark("Email", "L’e-mail que vous partagez"),
        Mark("Mot de passe", "Le mot de passe de l’espace qui existe déjà"),
        press("Je me connecte"),
    ),
)
ASKED = Step(
    "asked",
    13,
    "La demande",
    "Dans « Mon espace », appuyez sur « Répondre ».",
    "Qui demande à rejoindre cet espace",
    "household.page",
)
AGREE = Step(
    "agree",
    14,
    "L’accord",
    "Lisez qui demande, puis appuyez sur « Autoriser ».",
    "fait maintenant partie de votre espace",
    "household.page",
)
SWITCH = Step(
    "switch",
    15,
    "D’une personne à l’autre",
    "Sous « Changer de personne », appuyez sur le nom de l’autre personne : la page est la sienne.",
    "Changer de personne",
    "space.page",
    marks=(
        Mark("Espace de", "De qui parle cette page", "text"),
        Mark("Changer de personne", "Pour voir l’autre, appuyez sur son nom", "text"),
    ),
)
OWN_ACCESS = Step(
    "own_access",
    9,
    "Vingt-quatre heures d’attente",
    "Lisez l’écran : par sécurité, votre espace s’ouvre 24 heures plus tard. Le lendemain, ouvrez "
    "le message « Espace SMiE Mutuelle - Votre espace est ouvert » et appuyez sur "
    "« Je me connecte ».",
    "Connexion à mon compte",
    "sign_in.page",
)

_JOINING = (SITE, TAB, CREATE, ABOUT_ME, TERMS, RECORDED)
_AGREEING = (AGREEMENT, OWNER, CODE_MAIL, CODE, ASKED, AGREE, SWITCH)
COUPLE = Procedure(
    "couple",
    "Le couple : partager un espace avec mon conjoint, quand nous avons la même boîte mail",
    (*_JOINING, CONFIRM, *_AGREEING),
    after=(REGISTRATION,),
    given="letter_of_another",
)
CARER = Procedure(
    "carer",
    "La fille de Mme Exemple : aider un parent avec ma boîte mail",
    (*_JOINING, ACTIVATE, *_AGREEING),
    after=(REGISTRATION,),
    given="letter_of_another",
)
OWN_SPACE = Procedure(
    "own_space",
    "Avoir mon propre espace après en avoir partagé un, avec un nouveau courrier",
    (*_JOINING, CONFIRM, OWN_ACCESS, PASSWORD, CODE_MAIL, CODE, SPACE),
    after=(REGISTRATION, COUPLE),
    given="another_letter",
)
