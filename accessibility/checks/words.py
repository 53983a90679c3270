"""What can be judged from the page's words and structure alone."""

import re
from collections.abc import Iterable, Iterator

from accessibility.checks.fields import NOTES
from accessibility.finding import Facts, Finding
from accessibility.inspected_page import InspectedPage

TOOL = "textes et structure"
SITE, GUICHET = "SMIE Mutuelle", "– Guichet –"
# Other functions under the same name: another address than the present one, another password.
FUNCTIONS = {
    "name": ("Nom de cette clé", "Nom de cette application"),
    "email": ("Nouvelle adresse e-mail",),
    "password": ("Nouveau mot de passe",),
    "reason": ("Motif", "Autre motif", "Votre motif"),  # of a look, of a deed, of an answer
    "password_repeat": ("Répétez votre nouveau mot de passe",),
}
CHOICES = ("remove",)  # a box for each thing of the member's own, called by its name
SAYS_NOTHING = re.compile(
    r"^(cliquez ici|ici|lire la suite|en savoir plus|plus|suite|voir|lien|cette page|télécharger)$",
    re.IGNORECASE,
)


def look(inspected: InspectedPage) -> list[Finding]:
    """Title, headings, language, links, landmarks."""
    facts = inspected.facts
    found = [*_lang(facts), *_links(facts), *_order_of_headings(facts), *_structure(facts)]
    if not inspected.is_mail:
        found += [*_title(facts), *_one_h1(facts), *_landmarks(facts)]
    return found


def _fault(rule: str, what: str, *criteria: str, where: str = "") -> Finding:
    return Finding(TOOL, rule, what, where, criteria)


def _title(facts: Facts) -> Iterator[Finding]:
    title = facts["title"]
    if not re.search(rf"^\S.*\s–\s{SITE}$", title):
        yield _fault("titre", f"« {title} » n’a pas la forme « … – {SITE} »", "8.6")
    summary = facts["summary"]
    errors = bool(summary) and not summary["text"].startswith(NOTES)
    if errors != bool(re.match(r"Erreur\s: ", title)):
        yield _fault("titre", f"« {title} » : « Erreur : » si, et seulement si, refus", "8.6")


def _lang(facts: Facts) -> Iterator[Finding]:
    if facts["lang"] != "fr":
        yield _fault("langue", f"lang={facts['lang']!r} au lieu de fr", "8.3", "8.4")


def _one_h1(facts: Facts) -> Iterator[Finding]:
    count = sum(level == 1 for level, _ in facts["headings"])
    if count != 1:
        yield _fault("h1", f"{count} titres de niveau 1", "9.1")


def _order_of_headings(facts: Facts) -> Iterator[Finding]:
    before = 0
    for level, text in facts["headings"]:
        if before and level > before + 1:
            yield _fault("titres", f"« {text} » saute du niveau {before} au {level}", "9.1")
        if not text:
            yield _fault("titres", f"titre vide de niveau {level}", "9.1")
        before = level


def _links(facts: Facts) -> Iterator[Finding]:
    leads: dict[str, str] = {}
    for link in facts["links"]:
        text, href = link["text"], link["href"]
        if SAYS_NOTHING.match(text):
            yield _fault("lien", f"« {text} » ne dit pas où il mène", "6.1", where=link["path"])
        if leads.setdefault(text.lower(), href) != href:
            yield _fault(
                "lien", f"« {text} » mène à deux adresses : {leads[text.lower()]} et {href}", "6.1"
            )
        if link["blank"] and not re.search(r"(nouvel|autre) (fenêtre|onglet)", text):
            yield _fault("fenêtre", f"« {text} » ouvre une fenêtre sans le dire", "13.2")
        is_plain = link["inText"] and not link["alone"]
        if is_plain and not link["underlined"]:
            yield _fault("lien", f"« {text} » n’est pas souligné dans son texte", "10.6")


def _landmarks(facts: Facts) -> Iterator[Finding]:
    names = [each.split("[")[0] for each in facts["landmarks"]]
    for name in ("header", "main", "footer"):
        if names.count(name) != 1:
            yield _fault("repères", f"{names.count(name)} <{name}> au lieu d’un", "9.2", "12.6")


def _structure(facts: Facts) -> Iterator[Finding]:
    counts = facts["counts"]
    banned = {
        "deprecated": ("balise de présentation", "10.1"),
        "emptyParagraphs": ("paragraphe vide", "8.9"),
        "accesskey": ("raccourci accesskey", "12.10"),
        "refresh": ("meta refresh", "13.1"),
        "positive": ("tabindex positif", "12.8"),
        "autoplay": ("lecture automatique", "4.10"),
        "fakeLists": ("liste faite de tirets", "9.3"),
        "layoutTable": ("tableau de mise en forme", "5.3"),
        "backgrounds": ("image de fond", "10.2"),
    }
    for key, (what, criterion) in banned.items():
        if counts[key]:
            yield _fault(what, f"{counts[key]} × {what}", criterion)


def _plain(link: str) -> str:
    """A link of header or foot without what the page alone adds: how conform the site is, of whom
    a space of several speaks. It is the same link, in the same place, to the same page."""
    return re.sub(r"\?pour=[0-9]+$", "", re.sub(r"Accessibilité.*", "Accessibilité", link))


def across(all_facts: Iterable[tuple[str, Facts]]) -> list[tuple[str, Finding]]:
    """What must hold from one screen to another: (state's name, finding)."""
    found: list[tuple[str, Finding]] = []
    titles: dict[str, tuple[str, str]] = {}
    labels: dict[str, tuple[str, str]] = {}
    furniture: dict[object, tuple[str, list[str]]] = {}  # before and within the space; the desk
    for name, facts in all_facts:
        h1 = next((text for level, text in facts["headings"] if level == 1), "")
        title = re.sub(r"^Erreur\s: ", "", facts["title"])
        first, other = titles.setdefault(title, (name, h1))
        if other != h1:
            found.append((name, _fault("titre", f"« {title} » est aussi celui de {first}", "8.6")))
        for field in facts["fields"]:
            if field["name"] in CHOICES or field["label"] in FUNCTIONS.get(field["name"], ()):
                continue
            first, other = labels.setdefault(field["name"], (name, field["label"]))
            if other != field["label"]:
                what = f"« {field['label']} » ici, « {other} » sur {first}"
                found.append((name, _fault("étiquette", what, "11.3")))
        plain = [_plain(each) for each in facts["furniture"]]
        within: object = any(each.startswith("HEADER Mon espace") for each in plain)
        if GUICHET in facts["title"]:  # its bar has the parts of an operator's role
            within = (GUICHET, *plain)
        first, other_links = furniture.setdefault(within, (name, plain))
        if other_links != plain:
            what = f"l’en-tête ou le pied de page n’est pas celui de {first}"
            found.append((name, _fault("navigation", what, "12.2")))
    return found
