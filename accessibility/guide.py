"""What a person looks at where no script can decide: the steps, in French, a criterion each.

Each step says what to look at, how, and what is right. `picture`: the kind of picture that helps
(inspector.py takes them).
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Steps:
    """`look`: what to look at and how, in order; `right`: what makes it conform."""

    look: tuple[str, ...]
    right: str
    picture: str = "page"


_MEDIA = Steps(
    ("Repérez sur l’écran chaque son, vidéo ou animation.",
     "Écoutez-le ou regardez-le en entier, puis cherchez juste à côté sa transcription, ses sous-titres, son audiodescription et ses commandes.",
     "Parcourez les commandes au clavier."),
    "Tout ce que le média dit ou montre se trouve aussi en texte, ses commandes marchent au clavier et portent un nom, son titre est écrit à côté.",
)  # fmt: skip
_TABLE = Steps(
    ("Repérez chaque tableau de données.",
     "Lisez son titre, puis une case au hasard : demandez-vous quelles lignes et colonnes la disent.",
     "Dans l’inspecteur du navigateur, vérifiez que ces intitulés sont des <th> avec scope, et le titre un <caption>."),
    "Le titre dit ce que contient le tableau, et chaque case se comprend par ses en-têtes.",
)  # fmt: skip
_COMPLEX = Steps(
    ("Repérez les images qui ne se décrivent pas en une phrase (schéma, graphique, plan).",
     "Cherchez la description longue : dans le texte voisin ou derrière un lien placé à côté."),
    "La description donne tout ce que l’image apprend.",
)  # fmt: skip
_SHAPE = Steps(
    ("Lisez toutes les consignes de l’écran.",
     "Relevez celles qui désignent une chose par sa forme, sa taille, sa couleur ou sa place (« à droite », « le bouton rond », « plus bas »).",
     "Fermez les yeux et relisez-les : sauriez-vous encore quoi faire ?"),
    "Chaque consigne nomme aussi la chose par ses mots (« appuyez sur « Renvoyer le code » plus bas »).",
)  # fmt: skip
_CAPTCHA = Steps(
    ("Cherchez une épreuve qui demande de reconnaître une image ou un son.",),
    "Il n’y en a pas, ou bien son alternative dit à quoi elle sert et une autre voie est offerte.",
)
_DOCUMENT = Steps(
    ("Téléchargez chaque document que l’écran propose.",
     "Ouvrez-le avec un lecteur d’écran, ou contrôlez un PDF avec PAC ou veraPDF.",
     "Comparez-le à ce que la page dit de lui."),
    "Le document se lit dans l’ordre, ses titres et tableaux sont balisés ; sinon une page web donne la même chose.",
)  # fmt: skip
_SIGN = Steps(
    ("Repérez les émoticônes, dessins en lettres et abréviations de type SMS.",
     "Cherchez leur sens, écrit à côté ou dans l’attribut title."),
    "Sans le dessin, le texte garde tout son sens.",
)  # fmt: skip
_GROUP = Steps(
    ("Repérez les champs qui vont ensemble : jour, mois et année, cases d’une même question, adresse.",
     "Dans l’inspecteur, vérifiez qu’un fieldset les réunit.",
     "Lisez sa légende, puis l’étiquette d’un seul champ."),
    "La légende et l’étiquette, lues à la suite, suffisent pour savoir quoi répondre.",
)  # fmt: skip

GUIDE: dict[str, Steps] = {
    "1.3": Steps(
        ("Relevez chaque image qui porte un alt (clic droit, Inspecter).",
         "Remplacez-la en pensée par son alt et relisez la phrase."),
        "L’alt, court, dit ce que l’image apprend à cet endroit, sans « image de ».",
    ),
    "1.4": _CAPTCHA, "1.5": _CAPTCHA, "1.6": _COMPLEX, "1.7": _COMPLEX,
    "1.8": Steps(
        ("Agrandissez l’écran à 400 %.",
         "Cherchez des mots qui deviennent flous ou ne se sélectionnent pas à la souris."),
        "Tous les mots se sélectionnent ; seul le dessin d’un logo fait exception.",
    ),
    "1.9": Steps(
        ("Repérez chaque image avec une légende.",
         "Vérifiez que figure et figcaption les réunissent."),
        "La légende est dans le même <figure> que son image.",
    ),
    "2.2": Steps(
        ("Repérez chaque cadre (iframe) et lisez son title.",),
        "Le titre dit ce que le cadre contient.",
    ),
    "3.1": Steps(
        ("Regardez l’image de l’écran en gris (à côté).",
         "Cherchez l’étape en cours, les champs refusés, les liens, ce qui est fait et ce qui reste."),
        "Tout cela se voit encore : un mot, un signe, un trait ou une graisse double chaque couleur.",
        "gris",
    ),
    **{f"4.{n}": _MEDIA for n in range(1, 14)},
    **{f"5.{n}": _TABLE for n in (1, 2, 4, 5, 6, 7)},
    "8.7": Steps(
        ("Lisez tout le texte de l’écran, refus et aides compris.",
         "Relevez les mots d’une autre langue qui ne sont ni des noms propres, ni passés dans l’usage (« e-mail », « cookie » y sont passés).",
         "Inspectez-les : portent-ils lang ?"),
        "Chaque passage dans une autre langue porte son lang ; sinon il n’y en a aucun.",
    ),
    "9.4": Steps(
        ("Repérez les citations, courtes ou longues.",),
        "Une citation courte est dans <q>, une longue dans <blockquote>.",
    ),
    "10.9": _SHAPE, "10.10": _SHAPE,
    "11.5": _GROUP, "11.7": _GROUP,
    "11.8": Steps(
        ("Ouvrez chaque liste de choix.",
         "Si elle est longue, cherchez des groupes."),
        "Les options d’une longue liste sont réunies par optgroup, dont le nom dit ce qui les réunit.",
    ),
    "12.1": Steps(
        ("Comptez les chemins vers cet écran : menu, plan du site, recherche.",
         "Une étape d’un parcours (inscription, connexion) est dispensée : on y vient par l’étape d’avant."),
        "Deux chemins au moins mènent à chaque page qui n’est pas une étape d’un parcours.",
    ),
    "12.3": Steps(("Ouvrez le plan du site et suivez chacun de ses liens.",),
                  "Il montre toutes les parties du site et ses liens marchent."),
    "12.4": Steps(("Cherchez le lien du plan du site sur trois écrans.",),
                  "Il est partout à la même place."),
    "13.3": _DOCUMENT, "13.4": _DOCUMENT, "13.5": _SIGN, "13.6": _SIGN,
}  # fmt: skip
