"""The paper’s own steps: registration by link or by activation code, sign-in, trusted device.

`do` is what the member does, `see` what must then show; words in « » are fixed by the paper.
"""

from webapp.rules.steps import Mark, Procedure, Step, press

STEPPER = ("Mes infos", "CGU", "Confirmation")

SITE = Step(
    "site",
    1,
    "Le site de la mutuelle",
    "Ouvrez le site de votre mutuelle.",
    "Espace adhérents SMIE",
    "home.page",
    marks=(Mark("SMiE Mutuelle", "Le nom de votre mutuelle : vous êtes au bon endroit", "text"),),
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
    marks=(
        Mark("Numéro d’adhérent", "Votre numéro d’adhérent indiqué dans le courrier"),
        Mark("Code d’accès", "Votre code d’accès indiqué dans le courrier"),
        Mark("Email", "Votre e-mail"),
        Mark("Mot de passe", "Un mot de passe que vous choisissez : 12 caractères ou plus"),
        Mark("Répétez votre mot de passe", "Le même mot de passe, une deuxième fois"),
        press("Continuer"),
    ),
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
    marks=(
        Mark("Votre inscription est prise en compte", "Votre inscription est enregistrée", "text"),
        Mark("ouvrez votre boîte mail", "Ouvrez maintenant votre boîte mail", "text"),
    ),
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
    "Connectez-vous avec votre e-mail et votre nouveau mot de passe. Sur la page « Inscription en "
    "cours », saisissez le code d’activation du message, puis appuyez sur « Valider ».",
    "Votre inscription est finalisée",
    "registration.in_progress",
    marks=(
        Mark("13", "Le code d’activation : 13 chiffres à recopier", "code"),
        Mark("Email", "Votre e-mail"),
        Mark("Mot de passe", "Le mot de passe que vous venez de choisir"),
        press("Je me connecte"),
        Mark("Code d’activation", "Les 13 chiffres du message"),
        press("Valider"),
    ),
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
    "Saisissez votre e-mail et votre mot de passe, puis appuyez sur « Je me connecte ».",
    "Code de sécurité",
    "sign_in.page",
    marks=(
        Mark("Email", "Votre e-mail"),
        Mark("Mot de passe", "Votre mot de passe personnel"),
        press("Je me connecte"),
    ),
)
CODE_MAIL = Step(
    "code_mail",
    11,
    "Le message avec le code",
    "Ouvrez le message « Votre code de sécurité » et notez les 6 chiffres.",
    "Votre code de sécurité",
    marks=(Mark("6", "Les 6 chiffres à noter", "code"),),
)
CODE = Step(
    "code",
    12,
    "Le code de sécurité",
    "Saisissez les 6 chiffres, puis appuyez sur « Valider ».",
    "Mon espace",
    "sign_in.code",
    marks=(
        Mark("Code de sécurité", "Les 6 chiffres reçus par mail"),
        press("Valider"),
    ),
)
SPACE = Step(
    "space",
    13,
    "Mon espace",
    "Vous êtes dans votre espace personnel.",
    "Mon espace",
    "space.page",
    marks=(
        Mark("Bonjour", "Vous êtes dans votre espace", "text"),
        Mark("Me déconnecter", "Pour sortir, appuyez ici", "press"),
    ),
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
SIGN_IN = Procedure(
    "sign_in",
    "Me connecter à mon espace",
    (PASSWORD, CODE_MAIL, CODE, SPACE),
    after=(REGISTRATION,),
)

REMEMBER = Step(
    "remember",
    1,
    "La connexion, avec « Se souvenir de moi »",
    "Saisissez votre e-mail et votre mot de passe, cochez « Se souvenir de moi », puis appuyez sur "
    "« Je me connecte ».",
    "Code de sécurité",
    "sign_in.page",
    marks=(
        Mark("Email", "Votre e-mail"),
        Mark("Mot de passe", "Votre mot de passe personnel"),
        Mark("Se souvenir de moi", "Cochez la case, sur un appareil à vous"),
        press("Je me connecte"),
    ),
)
REMEMBER_CODE = Step(
    "remember_code",
    2,
    "Le code, une dernière fois",
    "Saisissez les 6 chiffres du message « Votre code de sécurité », puis appuyez sur « Valider ».",
    "Mon espace",
    "sign_in.code",
    marks=(
        Mark("6", "Les 6 chiffres à noter", "code"),
        Mark("Code de sécurité", "Les 6 chiffres reçus par mail"),
        press("Valider"),
    ),
)
LEAVE = Step(
    "leave",
    3,
    "La sortie",
    "Quand vous avez fini, appuyez sur « Me déconnecter ».",
    "Vous êtes déconnecté",
    "space.page",
)
REMEMBERED = Step(
    "remembered",
    4,
    "La fois suivante",
    "Votre e-mail est déjà rempli : saisissez votre mot de passe, puis appuyez sur « Je me "
    "connecte ».",
    "Mon espace",
    "sign_in.page",
    marks=(Mark("Mot de passe", "Votre mot de passe suffit"), press("Je me connecte")),
)
DEVICE = Procedure(
    "device",
    "Me connecter sans code sur un appareil à moi",
    (REMEMBER, REMEMBER_CODE, LEAVE, REMEMBERED),
    after=(REGISTRATION,),
)
