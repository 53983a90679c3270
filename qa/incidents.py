"""What goes wrong on the way, as procedures that QA reads and plays. Members never see these.

Where `do` speaks of the tester's own acts (cut the network, close the tab), a person can do it too.
"""

from webapp.rules.procedures.paper import (
    ABOUT_ME,
    CODE_MAIL,
    CONFIRM,
    CREATE,
    FINISHED,
    PASSWORD,
    RECORDED,
    REGISTRATION,
    SITE,
    TAB,
    TERMS,
)
from webapp.rules.steps import Procedure, Step

WRONG_ACCESS_CODE = Procedure(
    "wrong_access_code",
    "Le code d’accès est mal recopié",
    (
        SITE,
        TAB,
        CREATE,
        Step(
            "mistyped_code",
            5,
            "Un code d’accès faux",
            "Complétez les cinq champs en changeant un signe du code d’accès, puis appuyez sur "
            "« Continuer ».",
            "Le numéro d’adhérent et le code d’accès ne vont pas ensemble",
            "registration.about_me",
        ),
        Step(
            "corrected_code",
            5,
            "Le code d’accès corrigé",
            "Vérifiez que le numéro et l’e-mail sont restés. Saisissez le bon code d’accès et, là "
            "où ils ne sont pas restés, les deux mots de passe, puis appuyez sur « Continuer ».",
            "J’accepte les conditions générales d’utilisation",
            "registration.about_me",
        ),
    ),
)
MISTYPED_EMAIL = Procedure(
    "mistyped_email",
    "Une faute dans l’e-mail, réparée avec le courrier",
    (
        Step(
            "mistyped_email",
            5,
            "Un e-mail avec une faute",
            "Ouvrez la page « Inscription », complétez les cinq champs avec une faute dans "
            "l’e-mail, puis appuyez sur « Continuer ».",
            "J’accepte les conditions générales d’utilisation",
            "registration.about_me",
        ),
        TERMS,
        RECORDED,
        Step(
            "mended_email",
            5,
            "La même inscription, avec le bon e-mail",
            "Ouvrez de nouveau la page « Inscription », appuyez sur « Inscrire une autre "
            "personne », complétez les cinq champs avec le même courrier et le bon e-mail, puis "
            "appuyez sur « Continuer ».",
            "J’accepte les conditions générales d’utilisation",
            "registration.about_me",
        ),
        TERMS,
        RECORDED,
        CONFIRM,
        FINISHED,
    ),
)
EXPIRED_LINK = Procedure(
    "expired_link",
    "Le lien a plus de 24 heures",
    (
        *REGISTRATION.steps[:6],
        Step(
            "expired_link",
            8,
            "Le lien, un jour trop tard",
            "Attendez 24 heures, ouvrez le message de confirmation et appuyez sur « Je valide mon "
            "inscription ».",
            "Cette inscription n’est plus valable",
            "registration.link",
        ),
    ),
)
LATE_MAIL = Procedure(
    "late_mail",
    "Le message du code arrive en retard",
    (
        PASSWORD,
        Step(
            "second_code",
            12,
            "Un deuxième code",
            "Attendez une minute sans ouvrir le message, puis appuyez sur « Renvoyer le code ».",
            "un nouveau message est parti",
            "sign_in.code",
        ),
        Step(
            "first_code",
            12,
            "Le premier code, toujours bon",
            "Ouvrez le premier des deux messages, saisissez ses 6 chiffres, puis appuyez sur "
            "« Valider ».",
            "Mon espace",
            "sign_in.code",
        ),
    ),
    after=(REGISTRATION,),
)
FIVE_WRONG_CODES = Procedure(
    "five_wrong_codes",
    "Cinq codes faux",
    (
        PASSWORD,
        CODE_MAIL,
        Step(
            "five_wrong_codes",
            12,
            "Cinq codes faux",
            "Saisissez cinq fois un autre code que celui du message, et appuyez chaque fois sur "
            "« Valider ».",
            "Cinq codes faux",
            "sign_in.code",
        ),
    ),
    after=(REGISTRATION,),
)
LOST_NETWORK = Procedure(
    "lost_network",
    "Le réseau est coupé au mauvais moment",
    (
        Step(
            "lost_network",
            10,
            "Sans réseau",
            "Saisissez votre e-mail et votre mot de passe, coupez le réseau, puis appuyez sur « "
            "Je me connecte ».",
            "Pas de connexion",
            "sign_in.page",
        ),
        Step(
            "found_network",
            10,
            "Le réseau revient",
            "Vérifiez que rien n’est effacé, rétablissez le réseau, puis appuyez de nouveau sur "
            "« Je me connecte ».",
            "Code de sécurité",
            "sign_in.page",
        ),
    ),
    after=(REGISTRATION,),
)
TWO_TABS = Procedure(
    "two_tabs",
    "Deux onglets ouverts",
    (
        SITE,
        TAB,
        CREATE,
        ABOUT_ME,
        Step(
            "second_tab",
            6,
            "Les conditions dans un deuxième onglet",
            "Ouvrez la même adresse dans un deuxième onglet, cochez « J’accepte les conditions "
            "générales d’utilisation », puis appuyez sur « Continuer ».",
            "Votre inscription est prise en compte",
            "registration.terms",
        ),
        Step(
            "first_tab",
            6,
            "Les mêmes conditions dans le premier",
            "Revenez au premier onglet, cochez « J’accepte les conditions générales "
            "d’utilisation », puis appuyez sur « Continuer ».",
            "Votre inscription est prise en compte",
            "registration.terms",
        ),
        CONFIRM,
    ),
)
CLOSED_BROWSER = Procedure(
    "closed_browser",
    "Le navigateur est fermé en chemin",
    (
        SITE,
        TAB,
        CREATE,
        ABOUT_ME,
        Step(
            "closed_browser",
            6,
            "L’onglet fermé, puis rouvert",
            "Fermez l’onglet, ouvrez-en un autre à l’adresse /inscription/confirmation.",
            "J’accepte les conditions générales d’utilisation",
            "registration.terms",
        ),
        TERMS,
        Step(
            "other_device",
            8,
            "Le lien sur un autre appareil",
            "Fermez le navigateur. Sur un autre appareil, ouvrez le message de confirmation, "
            "appuyez sur « Je valide mon inscription », puis sur le bouton du même nom.",
            "Votre inscription est finalisée",
            "registration.link",
        ),
    ),
)

INCIDENTS = (
    WRONG_ACCESS_CODE,
    MISTYPED_EMAIL,
    EXPIRED_LINK,
    LATE_MAIL,
    FIVE_WRONG_CODES,
    LOST_NETWORK,
    TWO_TABS,
    CLOSED_BROWSER,
)
