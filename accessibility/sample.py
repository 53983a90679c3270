"""The pages that an audit judges: the sample of the RGAA, at most 20 (its grid has no more sheets).

Chosen as the RGAA asks: the pages that are owed (home, contact, legal notices, statement, help, site
map, sign-in), every page of the process that most members go through, one of each other kind and
look, and 10 % more at random. The two at random were drawn once, on 2026-11-30, from the thirty
kinds of page that were left; « at random » must not mean another page at each run.

A page is what its states show, refusals and messages included.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    """`key`: what judgements name it by, and its first state. `why`: the reason to be in the sample.
    `computed`: it says what the audit came to, so that a verdict on it may not hang on its figures."""

    title: str
    address: str
    states: tuple[str, ...]
    why: str
    computed: bool = False

    @property
    def key(self) -> str:
        """The name of its first state."""
        return self.states[0]


_OWED, _PROCESS, _KIND, DRAWN = "page obligatoire", "parcours", "type de page", "tirage au sort"

SAMPLE: tuple[Page, ...] = (
    Page("Accueil", "/", ("accueil",), _OWED),
    Page("Aide et contact, avec le guide à télécharger", "/aide", ("aide",), _OWED),
    Page("Mentions légales", "/mentions-legales", ("mentions",), _OWED),
    Page("Déclaration d’accessibilité", "/accessibilite", ("accessibilite",), _OWED, computed=True),
    Page("Plan du site", "/plan-du-site", ("plan",), _OWED),
    Page("Données personnelles", "/donnees-personnelles", ("vos-donnees",), _KIND),
    Page("Connexion", "/connexion", ("connexion", "connexion-vide", "connexion-refusee"), _OWED),
    Page(
        "Connexion, code de sécurité", "/connexion/code",
        ("code", "code-vide", "code-faux", "code-renvoye"), _OWED,
    ),
    Page("Inscription, mes infos", "/inscription", ("infos", "infos-vides", "infos-refusees"), _PROCESS),
    Page("Inscription, CGU", "/inscription/cgu", ("conditions", "conditions-refus"), _PROCESS),
    Page("Inscription, confirmation", "/inscription/confirmation", ("enregistree", "renvoi"), _PROCESS),
    Page("Inscription, lien du message", "/inscription/validation/…", ("lien",), _PROCESS),
    Page("Inscription finalisée", "/inscription/validation/…", ("finalisee",), _PROCESS),
    Page("Inscription en cours", "/inscription/en-cours", ("en-cours", "en-cours-faux"), _PROCESS),
    Page("Mot de passe oublié", "/mot-de-passe-oublie", ("oubli", "oubli-vide"), _KIND),
    Page("Mon espace", "/espace", ("espace", "session-fin"), _KIND),
    Page(
        "Ajouter une application, avec un code QR", "/espace/securite/deuxieme-etape/application",
        ("application", "application-refusee"), _KIND,
    ),
    Page("Mes données", "/espace/mes-donnees", ("donnees",), _KIND),
    Page("Mot de passe changé", "/mot-de-passe-oublie/fait", ("change",), DRAWN),
    Page("Une inscription attend", "/inscription", ("attend",), DRAWN),
)  # fmt: skip
KEYS = tuple(page.key for page in SAMPLE)


def number(page: Page) -> str:
    """« P01 », as the grid names its sheets."""
    return f"P{KEYS.index(page.key) + 1:02}"
