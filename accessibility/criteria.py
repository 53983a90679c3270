"""The 106 criteria of the RGAA 4.1.2: how each is decided here, for one state.

`absent`: the object that makes it not applicable when the page has none (ABSENT). `decided`: whether
tools and scripts settle it for this portal; where they do only in part, `advice` says what a person
had better reread, and where they do not, guide.py has the steps. A fault found by any tool makes
it « non conforme », whoever else has to look.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from accessibility.finding import Facts, Finding, Result

CONFORM, FAILED, NOT_APPLICABLE, TO_CHECK = (
    "conforme", "non conforme", "non applicable", "à vérifier"
)  # fmt: skip
SOURCE = Path(__file__).with_name("rgaa.json")


def _none(*names: str) -> Callable[[Facts], bool]:
    return lambda facts: not any(facts["counts"][name] for name in names)


# What is not on the page, seen in facts.js.
ABSENT: dict[str, Callable[[Facts], bool]] = {
    "image": _none("img"),
    "image porteuse d’information": _none("informative"),
    "image légendée": _none("figure"),
    "cadre": _none("iframe"),
    "média temporel": _none("media"),
    "média non temporel": _none("object"),
    "tableau": _none("table"),
    "lien": lambda facts: not facts["links"],
    "champ": _none("fields"),
    "groupe de champs": _none("groups", "radios"),
    "liste de choix": _none("select"),
    "citation": _none("quote"),
    "passage dans une autre langue": _none("langs"),
    "sens de lecture": _none("dir"),
    "liste": _none("lists"),
    "document à télécharger": _none("downloads"),
    "moteur de recherche": _none("search"),
    "contenu au survol": _none("tooltip"),
    "pictogramme ou émoticône": _none("emoji"),
    "bouton": lambda facts: not facts["buttons"],
    "saisie engageante": lambda facts: not facts["fields"],
    "mécanisme absent": lambda _facts: True,
}


@dataclass(frozen=True)
class Rule:
    """How one criterion is decided. `by`: what decides it, in words for the report."""

    by: str
    absent: str = ""
    decided: bool = True
    advice: str = ""


def _person(by: str, absent: str = "") -> Rule:
    return Rule(by, absent, decided=False)


_MEDIA = _person("aucun son ni vidéo dans la page", "média temporel")
_OBJECT = _person("aucun object, embed ni canvas", "média non temporel")

RULES: dict[str, Rule] = {
    "1.1": Rule("axe, IBM, AccessLint (alt)", "image"),
    "1.2": Rule("axe, IBM, AccessLint (alt vide)", "image", advice="chaque image à alt vide est-elle un décor ?"),
    "1.3": _person("relecture de chaque alt", "image porteuse d’information"),
    "1.4": _person("aucun CAPTCHA : ni image porteuse, ni canvas", "image porteuse d’information"),
    "1.5": _person("aucun CAPTCHA : ni image porteuse, ni canvas", "image porteuse d’information"),
    "1.6": _person("image complexe", "image porteuse d’information"),
    "1.7": _person("image complexe", "image porteuse d’information"),
    "1.8": _person("texte en image", "image"),
    "1.9": _person("figure et figcaption", "image légendée"),
    "2.1": Rule("axe frame-title, IBM", "cadre"),
    "2.2": _person("titre de chaque cadre", "cadre"),
    "3.1": _person("image en niveaux de gris ; axe link-in-text-block"),
    "3.2": Rule("axe color-contrast en clair et en sombre, IBM, AccessLint", advice="texte survolé"),
    "3.3": Rule("bordures et focus mesurés au pixel, en clair et en sombre", advice="pictogrammes et traits du fil des étapes"),
    **{f"4.{n}": _MEDIA for n in (1, 2, 3, 4, 5, 6, 7, 10, 11, 13)},
    "4.8": _OBJECT, "4.9": _OBJECT, "4.12": _OBJECT,
    **{f"5.{n}": _person("en-têtes et titre du tableau", "tableau") for n in (1, 2, 4, 5, 6, 7)},
    "5.3": Rule("script : aucun tableau de mise en forme", "tableau"),
    "5.8": Rule("script : aucun tableau de mise en forme", "tableau"),
    "6.1": Rule("script : intitulés vides de sens, intitulés identiques d’adresses différentes ; axe", "lien", advice="chaque intitulé se comprend-il hors de sa phrase ?"),
    "6.2": Rule("axe link-name, IBM, html-validate", "lien"),
    "7.1": Rule("axe, IBM, AccessLint (ARIA) ; arbre d’accessibilité transcrit", advice="un essai avec NVDA, VoiceOver et TalkBack"),
    "7.2": Rule("le même état, scripts coupés, a la même structure"),
    "7.3": Rule("parcours de la page avec Tab et Maj+Tab ; axe scrollable-region-focusable"),
    "7.4": Rule("aucun changement de page au focus ; sources : rien à la saisie"),
    "7.5": Rule("annonces et focus relevés à chaque échange (transcriptions)", advice="un essai avec un lecteur d’écran"),
    "8.1": Rule("Nu, html-validate"),
    "8.2": Rule("Nu et html-validate, sur la réponse et sur la page après les échanges"),
    "8.3": Rule("axe html-has-lang, script"),
    "8.4": Rule("axe html-lang-valid, script : fr"),
    "8.5": Rule("axe document-title"),
    "8.6": Rule("script : forme du titre, « Erreur : », un titre par écran", advice="le titre dit-il l’écran ?"),
    "8.7": _person("mots étrangers"),
    "8.8": Rule("axe valid-lang", "passage dans une autre langue", advice="la langue indiquée est-elle la bonne ?"),
    "8.9": Rule("Nu, html-validate, axe p-as-heading ; script : paragraphes vides"),
    "8.10": Rule("aucun attribut dir", "sens de lecture"),
    "9.1": Rule("un h1, aucun niveau sauté (script, axe, html-validate)", advice="les titres résument-ils ce qui suit ?"),
    "9.2": Rule("axe landmark-*, region ; script : un en-tête, un contenu, un pied"),
    "9.3": Rule("axe list, IBM ; script : aucune liste de tirets", "liste"),
    "9.4": _person("citations", "citation"),
    "10.1": Rule("Nu, html-validate : ni balise ni attribut de présentation"),
    "10.2": Rule("script : les mêmes mots sans feuille de style, aucune image de fond"),
    "10.3": Rule("script : le même ordre sans feuille de style", advice="la page sans style se lit-elle dans l’ordre ?"),
    "10.4": Rule("script : texte et zoom à 200 %, rien de coupé ni de superposé"),
    "10.5": Rule("axe dans les deux thèmes ; page en contraste forcé", advice="l’image en contraste forcé"),
    "10.6": Rule("axe link-in-text-block ; script : soulignement", "lien"),
    "10.7": Rule("image avant et après chaque Tab, dans les deux thèmes : 3:1"),
    "10.8": Rule("axe aria-hidden-focus, IBM", advice="ce qui est caché doit-il l’être pour tous ?"),
    "10.9": _person("consignes par forme, taille ou place"),
    "10.10": _person("consignes par forme, taille ou place"),
    "10.11": Rule("script : 320 px de large, 400 % de zoom"),
    "10.12": Rule("script : espacements de WCAG 1.4.12, rien de coupé ni de superposé"),
    "10.13": Rule("aucune infobulle ; sources : rien au survol", "contenu au survol"),
    "10.14": Rule("sources : aucune règle :hover ou :focus ne montre un contenu"),
    "11.1": Rule("axe label, html-validate, IBM ; script : étiquette visible", "champ"),
    "11.2": Rule("axe label-content-name-mismatch", "champ", advice="chaque étiquette dit-elle quoi saisir ?"),
    "11.3": Rule("script : même champ, même étiquette sur tous les écrans", "champ"),
    "11.4": Rule("script : étiquette juste au-dessus du champ, ou à côté de la case", "champ"),
    "11.5": _person("champs de même nature", "groupe de champs"),
    "11.6": Rule("html-validate, IBM : legend", "groupe de champs"),
    "11.7": _person("légende de chaque groupe", "groupe de champs"),
    "11.8": _person("groupes d’options", "liste de choix"),
    "11.9": Rule("axe button-name, html-validate", "bouton", advice="chaque bouton dit-il ce qu’il fait ?"),
    "11.10": Rule("script : champs obligatoires dits, résumé des refus, aria-invalid, aria-describedby", "champ"),
    "11.11": Rule("script : chaque refus dit comment corriger", "champ", advice="les exemples donnés aident-ils ?"),
    "11.12": Rule("parcours : « Retour » garde les réponses, le lien reçu confirme avant tout effet", "saisie engageante", advice="un acte définitif demande-t-il confirmation ?"),
    "11.13": Rule("table des champs (checks/fields.py), axe autocomplete-valid", "champ"),
    "12.1": _person("navigation et plan du site"),
    "12.2": Rule("script : même en-tête et même pied sur toutes les pages"),
    "12.3": _person("plan du site"),
    "12.4": _person("plan du site"),
    "12.5": Rule("aucun moteur de recherche", "moteur de recherche"),
    "12.6": Rule("axe region, landmark-* ; script"),
    "12.7": Rule("axe skip-link, bypass ; premier Tab du parcours au clavier"),
    "12.8": Rule("script : Tab suit l’ordre de la page ; axe focus-order-semantics", advice="l’ordre est-il celui de la lecture ?"),
    "12.9": Rule("script : Tab et Maj+Tab font le tour"),
    "12.10": Rule("sources : aucun raccourci à une touche"),
    "12.11": Rule("aucun contenu au survol ou au focus", "contenu au survol"),
    "13.1": Rule("ni meta refresh ni fin de session sans avertissement (état « Toujours là ? »)"),
    "13.2": Rule("sources et liens : une fenêtre ne s’ouvre que sur un lien qui le dit"),
    "13.3": _person("document à télécharger", "document à télécharger"),
    "13.4": _person("document à télécharger", "document à télécharger"),
    "13.5": _person("pictogramme écrit", "pictogramme ou émoticône"),
    "13.6": _person("pictogramme écrit", "pictogramme ou émoticône"),
    "13.7": Rule("script : aucune animation sans fin, aucun clignotement"),
    "13.8": Rule("script : aucune animation sans fin ; axe blink, marquee"),
    "13.9": Rule("axe css-orientation-lock ; script : téléphone couché"),
    "13.10": Rule("sources : aucun geste complexe", "mécanisme absent"),
    "13.11": Rule("sources : rien n’agit dès l’appui"),
    "13.12": Rule("sources : aucun capteur de mouvement", "mécanisme absent"),
}  # fmt: skip

# A mail has no page around it: what belongs to the mail program is not asked of it.
NOT_OF_MAILS = ("8.6", "9.2", "12.1", "12.2", "12.6", "12.7", "7.2", "7.5", "13.1")


@dataclass(frozen=True)
class Verdict:
    """What is known of a criterion on a state."""

    criterion: str
    state: str
    status: str
    note: str = ""
    findings: tuple[Finding, ...] = ()


@cache
def known() -> dict[str, dict[str, Any]]:
    """The criteria by id, in their order."""
    items = json.loads(SOURCE.read_text(encoding="utf-8"))["items"]
    return {item["id"]: item for item in items}


def verdicts(result: Result, everywhere: Iterable[Finding] = ()) -> list[Verdict]:
    """The 106 of one state, none of one that nobody reached; `everywhere`: findings in the sources,
    which every state shares."""
    if not result.facts:
        return []
    findings = [*result.findings, *everywhere]
    return [_verdict(result, criterion, findings) for criterion in known()]


def _verdict(result: Result, criterion: str, findings: list[Finding]) -> Verdict:
    rule = RULES[criterion]
    broken = tuple(each for each in findings if criterion in each.criteria)
    if broken:
        return Verdict(criterion, result.name, FAILED, rule.by, broken)
    if result.kind == "mail" and criterion in NOT_OF_MAILS:
        return Verdict(criterion, result.name, NOT_APPLICABLE, "relève du logiciel de messagerie")
    if rule.absent and ABSENT[rule.absent](result.facts):
        return Verdict(criterion, result.name, NOT_APPLICABLE, f"absent : {rule.absent}")
    if not rule.decided:
        return Verdict(criterion, result.name, TO_CHECK, rule.by)
    if rule.advice:
        note = f"contrôlé par outils ({rule.by}) ; relecture humaine conseillée : {rule.advice}"
        return Verdict(criterion, result.name, CONFORM, note)
    return Verdict(criterion, result.name, CONFORM, f"contrôlé par outils ({rule.by})")


def summary(all_verdicts: Iterable[Verdict]) -> dict[str, str]:
    """One status a criterion over all states, as the RGAA counts: one failure fails it."""
    order = (FAILED, TO_CHECK, CONFORM, NOT_APPLICABLE)
    told: dict[str, str] = {}
    for each in all_verdicts:
        now = told.get(each.criterion, NOT_APPLICABLE)
        told[each.criterion] = min(now, each.status, key=order.index)
    return told
