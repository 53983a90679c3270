"""Forms: the purpose of each field, what is required, and how a refusal is told."""

import re
from collections.abc import Iterator

from accessibility.finding import Facts, Finding
from accessibility.inspected_page import InspectedPage

TOOL = "formulaires"

# What each field is for, by its name: the tokens that its autocomplete may have. Add yours.
# "": none, for what no list of purposes has, and is found again on the way back.
PURPOSES: dict[str, tuple[str, ...]] = {
    "email": ("username", "username webauthn", "email"),
    "number": ("", "off"),  # « off »: no user name beside a password
    "access_code": ("", "off"),  # « off »: what a QR code brought
    "password": ("current-password", "new-password"),
    "password_repeat": ("new-password",),
    "new_password": ("new-password",),
    "present_password": ("current-password",),
    "security_code": ("one-time-code",),
    "activation_code": ("one-time-code",),
    "address_code": ("one-time-code",),
    "app_code": ("one-time-code",),
    "name": ("off",),  # of a passkey or an app: nobody's own
    "recovery_code": ("one-time-code", "off"),
    # of the desk: nothing that is told of who types it
    "reason": ("", "off"),
    **dict.fromkeys(("last_name", "first_name", "born", "birth_date", "postal_code"), ("off",)),
    **dict.fromkeys(("space_email", "operator", "role", "on"), ("", "off")),
    **dict.fromkeys(("first_day", "last_day"), ("", "off")),
    "encoding": ("", "off"),
    "sheet": ("", "off"),
    "columns": ("", "off"),
    "unused_since": ("", "off"),
    "limit": ("", "off"),
    "key": ("", "off"),
    "day": ("", "off"),
    "numbers": ("", "off"),
}
NOTES = ("Un instant", "Une question", "C’est noté")  # titles of what is no error
NO_PURPOSE = ("checkbox", "radio", "submit", "button", "file")


def look(inspected: InspectedPage) -> list[Finding]:
    """Every rule on the fields of this page."""
    if inspected.is_mail:
        return []
    facts = inspected.facts
    return [
        *_purposes(facts),
        *_labels(facts),
        *_required(facts),
        *_errors(facts),
        *_manners(facts),
    ]


def _fault(rule: str, what: str, *criteria: str, where: str = "") -> Finding:
    return Finding(TOOL, rule, what, where, criteria)


def _purposes(facts: Facts) -> Iterator[Finding]:
    for field in facts["fields"]:
        if field["type"] in NO_PURPOSE:
            continue
        expected, token = PURPOSES.get(field["name"]), field["autocomplete"] or ""
        if expected is None:
            what = f"le champ « {field['name']} » n’est pas au tableau (checks/fields.py)"
            yield _fault("finalité", what, "11.13")
        elif token not in expected:
            what = f"autocomplete={token!r} au lieu de {' ou '.join(expected)}"
            yield _fault("finalité", what, "11.13", where=field["id"])


def _labels(facts: Facts) -> Iterator[Finding]:
    for field in facts["fields"]:
        if not field["label"] or not field["labelBox"]:
            yield _fault("étiquette", "aucune étiquette visible", "11.1", where=field["id"])
            continue
        label, tick = field["labelBox"], field["type"] in ("checkbox", "radio")
        beside = abs(label["y"] + label["height"] / 2 - field["y"] - field["height"] / 2) < 40
        above = 0 <= field["y"] - (label["y"] + label["height"]) < 200
        if not (beside if tick else above):
            yield _fault("étiquette", f"« {field['label']} » est loin de son champ", "11.4")
        if field["placeholder"]:
            yield _fault("étiquette", "un texte indicatif disparaît à la saisie", "11.1")


def _required(facts: Facts) -> Iterator[Finding]:
    must = [each for each in facts["fields"] if each["required"] and each["type"] != "checkbox"]
    if len(must) > 1 and "obligatoires" not in facts["text"]:
        yield _fault("obligatoire", "aucune phrase ne dit ce qui est obligatoire", "11.10")
    for form in facts["forms"]:
        if not form["novalidate"]:
            yield _fault("obligatoire", "sans novalidate, le navigateur refuse à sa façon", "11.10")
        if form["buttons"] != 1:
            yield _fault("bouton", f"{form['buttons']} boutons d’envoi", "11.9")


def _errors(facts: Facts) -> Iterator[Finding]:
    summary = facts["summary"]
    wrong = [each for each in facts["fields"] if each["invalid"]]
    if not summary:
        if wrong:
            yield _fault("refus", "un champ est refusé, aucun résumé ne le dit", "11.10")
        return
    if not summary["text"].startswith(("Il y a un problème", *NOTES)):
        yield _fault("refus", "le résumé ne commence pas par « Il y a un problème »", "11.10")
    if not facts["focus"] or facts["focus"]["path"] != "div#errors":
        yield _fault("refus", f"le focus n’est pas au résumé : {facts['focus']}", "7.5", "12.8")
    told = {href[1:]: text for href, text in summary["links"] if href.startswith("#")}
    for field in wrong:
        words = [each for each in field["described"] if each and each.startswith("Erreur")]
        if field["id"] not in told:
            yield _fault("refus", f"le résumé ne mène pas à « {field['label']} »", "11.10")
        elif not told[field["id"]].startswith(field["label"]):
            yield _fault("refus", f"le résumé ne nomme pas « {field['label']} »", "11.10")
        yield from map(_unhelpful, filter(_says_too_little, words or [""]))
    asked = {field["id"] for field in facts["fields"] if field["asked"]}
    for href in set(told) - {field["id"] for field in wrong} - asked:
        yield _fault("refus", f"le résumé mène à #{href}, qui n’est pas refusé", "11.10")
    links = {text for _, text in summary["links"]}
    yield from map(_unhelpful, filter(_says_too_little, set(summary["items"]) - links))


def _says_too_little(sentence: str) -> bool:
    unkind = re.search(r"invalide|veuillez", sentence, re.IGNORECASE)
    return bool(unkind) or not re.search(r"[.!?]$", sentence)


def _unhelpful(sentence: str) -> Finding:
    return _fault("refus", f"« {sentence} » ne dit pas comment corriger", "11.11")


def _manners(facts: Facts) -> Iterator[Finding]:
    """What a phone and a password manager expect."""
    for field in facts["fields"]:
        if field["type"] == "password" and field["value"]:
            yield _fault("secret", f"« {field['label']} » revient rempli", where=field["id"])
        if field["type"] == "password" and field["maxlength"]:
            yield _fault("secret", "maxlength coupe les mots de passe collés", where=field["id"])
        if field["type"] not in NO_PURPOSE and field["size"] < 16:
            yield _fault("zoom", f"texte de {field['size']} px : un téléphone agrandit au focus")
        if field["type"] == "number":
            yield _fault("saisie", "type=number au lieu d’inputmode", where=field["id"])
        if field["autofocus"]:
            yield _fault("focus", "autofocus sur un champ fait sauter ce qui précède", "12.8")
