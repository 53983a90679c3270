"""Every form of the portal, and what it asks for, read from the page that shows it blank."""

import re
from dataclasses import dataclass
from itertools import takewhile
from xml.etree.ElementTree import Element

from flask import Flask

from tests.checked_client import CheckedClient, tree
from tests.unit.web.door_table import approved
from tests.visitors import RANKS, Progress, Town, path_of

NO_FIELD = "a field of no form"
SECURITY = "/espace/securite"
FACTORS = f"{SECURITY}/deuxieme-etape"
# what no page shows to who has just come so far: the stage, a page with a token, and the fields
HIDDEN: dict[str, tuple[Progress, str, list[str]]] = {
    # a code for closing was asked for; the space is to close; a newer letter waits
    "/espace/mes-donnees/fermer/code": (Progress.MEMBER, "/espace", ["security_code"]),
    "/espace/mes-donnees/fermer/renvoyer": (Progress.MEMBER, "/espace", []),
    "/espace/mes-donnees/garder": (Progress.MEMBER, "/espace", []),
    "/espace/nouveau-courrier": (Progress.MEMBER, "/espace", []),
    # the password was given too long ago
    "/espace/preuve": (Progress.MEMBER, "/espace", ["present_password"]),
    "/espace/preuve/cle": (Progress.MEMBER, "/espace", ["answer", "challenge"]),
    # somebody asks to join the space
    "/espace/rattachement/<roll_id>/autoriser": (Progress.MEMBER, "/espace", []),
    "/espace/rattachement/<roll_id>/refuser": (Progress.MEMBER, "/espace", []),
    # another address waits; another device, another session
    f"{SECURITY}/email/confirmation": (Progress.MEMBER, SECURITY, ["address_code"]),
    f"{SECURITY}/email/renvoyer": (Progress.MEMBER, SECURITY, []),
    f"{SECURITY}/email/annuler": (Progress.MEMBER, SECURITY, []),
    f"{SECURITY}/appareils/<device_id>/oublier": (Progress.MEMBER, SECURITY, []),
    f"{SECURITY}/connexions/<session_id>/fermer": (Progress.MEMBER, SECURITY, []),
    f"{SECURITY}/connexions/fermer": (Progress.MEMBER, SECURITY, []),
    # the member has a second factor, or is adding one
    "/connexion/cle": (Progress.CODE, "/connexion/code", ["answer", "challenge"]),
    "/connexion/application": (Progress.CODE, "/connexion/code", ["app_code"]),
    "/connexion/secours": (Progress.CODE, "/connexion/code", ["recovery_code"]),
    f"{FACTORS}/cle/<passkey_id>/retirer": (Progress.MEMBER, FACTORS, []),
    f"{FACTORS}/application/valider": (Progress.MEMBER, FACTORS, ["name", "app_code"]),
    f"{FACTORS}/application/retirer": (Progress.MEMBER, FACTORS, []),
    f"{FACTORS}/codes": (Progress.MEMBER, FACTORS, []),
    f"{FACTORS}/codes/notes": (Progress.MEMBER, FACTORS, []),
    f"{FACTORS}/mail/arreter": (Progress.MEMBER, FACTORS, []),
    f"{FACTORS}/mail/reprendre": (Progress.MEMBER, FACTORS, []),
}
# forms that are sent elsewhere, and where
ELSEWHERE = {
    "/inscription/validation/<token>": "a button behind a link: test_link",
    "/adresse/<token>": "a button behind a link: address/test_routes",
    "/adresse/retablir/<token>": "a button behind a link: address/test_routes",
    "/nouveau-courrier/<token>": "a button behind a link: takeover/test_routes",
    "/mot-de-passe-oublie/nouveau/<token>": "test_any_text_as_a_new_password…",
    "/deconnexion": "a button that ends the session: test_sessions",
    f"{SECURITY}/deconnecter-partout": "a button that ends the session: security/test_routes",
    f"{SECURITY}/deconnecter-partout/retirer": "test_recent_steps",
    f"{SECURITY}/historique/<entry_id>/pas-moi": "a button: history/test_routes",
    "/espace/mes-donnees/export.json": "200, the file itself: my_data/test_routes",
}
FORMS = sorted({path for verb, path in approved() if verb == "POST"} - {*ELSEWHERE})


@dataclass(frozen=True)
class BlankForm:
    """A form as a browser shows it. `names` are those of its fields but the token's; a button alone
    is sent with a field that it has not."""

    browser: CheckedClient
    action: str
    token: str
    names: list[str]


def blank_form(town: Town, path: str) -> BlankForm:
    """The blank form that is sent to `path`, on the page that shows it to the first stage that may
    send it; the page is the one whose address is most alike."""
    shape = re.compile(re.sub(r"<\w+>", r"\\d+", path))
    pages = {each for verb, each in approved() if verb == "GET" and "<" not in each}
    alike = sorted(pages, key=lambda page: (-_alike(page, path), page))
    for stage in () if path in HIDDEN else Progress:
        if not _may_send(town.app, stage, path):
            continue
        browser = town.browser(stage)
        for page in alike:
            for form in tree(browser.get(page).text).iter("form"):
                if shape.fullmatch(form.get("action") or ""):
                    return _found(browser, form)
    assert path in HIDDEN, f"no page shows the form of {path}: say where it stands in HIDDEN"
    stage, page, names = HIDDEN[path]
    browser = town.browser(stage)
    return BlankForm(browser, re.sub(r"<\w+>", "1", path), browser.csrf(page), names or [NO_FIELD])


def _alike(page: str, path: str) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(page, path, strict=False)))


def _found(browser: CheckedClient, form: Element) -> BlankForm:
    fields = [each for tag in ("input", "select", "textarea") for each in form.iter(tag)]
    values = {each.get("name", ""): each.get("value", "") for each in fields}
    token = values.pop("csrf_token")
    names = [name for name in values if name] or [NO_FIELD]
    return BlankForm(browser, form.get("action", ""), token, names)


def _may_send(app: Flask, stage: Progress, path: str) -> bool:
    rules = [each for each in app.url_map.iter_rules() if path_of(each) == path]
    views = [app.view_functions[each.endpoint] for each in rules if "POST" in (each.methods or ())]
    return any(RANKS[stage] in vars(view)["door"].ranks for view in views)
