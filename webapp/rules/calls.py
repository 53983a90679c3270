"""« Le téléphone sonne »: twelve calls that a mutual gets, as procedures that operators read and QA
plays at the desk. Members never see these.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from webapp.rules.steps import Mark, Procedure, Step, press

FIND = Step(
    "call_find",
    1,
    "Chercher l’adhérent",
    "Ouvrez le guichet. Demandez le numéro d’adhérent, tapez-le en entier, puis appuyez sur "
    "« Chercher ce numéro ».",
    "Pourquoi ouvrir cette page",
    marks=(Mark("Numéro d’adhérent", "Le numéro, en entier"), press("Chercher ce numéro")),
)
WHY = Step(
    "call_why",
    2,
    "Dire pourquoi",
    "Tapez en quelques mots ce que la personne demande : l’adhérent le lira dans son historique. "
    "Puis appuyez sur « Ouvrir pour ce motif ».",
    "Est-ce bien l’adhérent",
    marks=(Mark("Autre motif", "Ce que la personne demande"), press("Ouvrir pour ce motif")),
)
ASK = Step(
    "call_ask",
    3,
    "Poser les questions",
    "Posez les questions sans aider, tapez les réponses, puis appuyez sur « Vérifier les "
    "réponses ».",
    "Que faire",
)
LAST = Step(
    "call_last",
    4,
    "Lire ce qui est à faire",
    "Lisez « Que faire », et dites-le à la personne avec vos mots.",
    "Que faire",
    marks=(Mark("Que faire", "Commencez par là", "text"),),
)


@dataclass(frozen=True)
class Deed:
    """What is done in a call: the link on the member's page, the button, what is then said."""

    link: str
    button: str
    done: str


def _call(
    key: str, title: str, reads: str, deed: Deed | None = None
) -> tuple[Procedure, dict[str, Deed]]:
    """A call in which « Que faire » says these words, and what is done then."""
    read = Step(f"{key}_read", 4, LAST.title, LAST.do, reads, marks=LAST.marks)
    steps = [FIND, WHY, ASK, read]
    if deed is None:
        return Procedure(key, title, tuple(steps)), {}
    act = Step(
        f"{key}_do",
        5,
        deed.link,
        f"Ouvrez l’acte : {deed.link}. Relisez le nom et ce qui va se faire, dites pourquoi, puis "
        "confirmez avec le bouton qui le nomme.",
        deed.done,
        marks=(press(deed.button),),
    )
    return Procedure(key, title, (*steps, act)), {act.key: deed}


_SEND = Deed("Envoyer un courrier", "Demander le courrier", "Courrier demandé")
_ALL = (
    _call("call_letter", "« Je n’ai pas reçu mon courrier »", "Le courrier est encore bon", _SEND),
    _call("call_typo", "« Je me suis trompé d’adresse e-mail »", "recommence l’inscription"),
    _call(
        "call_no_mail", "« Je ne reçois aucun message »", "Un message est parti",
        Deed("Renvoyer le message de confirmation", "Renvoyer le message", "renvoyé"),
    ),
    _call("call_expired", "« Mon code ne marche plus »", "Le courrier n’est plus bon", _SEND),
    _call(
        "call_lost", "« J’ai perdu mon mot de passe et ma boîte mail »", "L’espace est ouvert",
        _SEND,
    ),
    _call(
        "call_locked", "« C’est bloqué »", "Trop d’essais",
        Deed("Lever l’attente", "Lever l’attente", "Attente levée"),
    ),
    _call(
        "call_stolen", "« On m’a volé mon téléphone »", "L’espace est ouvert",
        Deed("Suspendre l’espace", "Suspendre l’espace", "Espace suspendu"),
    ),
    _call("call_name", "« Je me suis mariée, mon nom a changé »", "L’espace est ouvert"),
    _call("call_couple", "« Ma femme et moi avons la même boîte mail »", "doit encore accepter"),
    _call("call_carer", "« Je m’occupe de ma mère »", "Cet espace est partagé"),
    _call(
        "call_death", "« Mon mari est décédé »", "L’espace est ouvert",
        Deed("Noter « décédé »", "Noter « décédé »", "« Décédé » noté"),
    ),
    _call(
        "call_no", "« Je ne veux pas d’espace en ligne »", "Le courrier est encore bon",
        Deed("Noter « ne veut pas »", "Noter « ne veut pas »", "« Ne veut pas » noté"),
    ),
)  # fmt: skip
CALLS = tuple(procedure for procedure, _ in _ALL)
DEEDS: Mapping[str, Deed] = {key: deed for _, deeds in _ALL for key, deed in deeds.items()}
