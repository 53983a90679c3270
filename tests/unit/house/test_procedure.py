"""The paper's words stand on the screens and in the mails, and every step is complete."""

import re
from collections.abc import Callable

import pytest

from player.households import GERARD
from player.members import LUCE, ODILE, RENE
from tests import own_steps
from tests.checked_client import CheckedClient, tree
from tests.visitors import Progress, Town
from webapp.rules.procedure import PROCEDURES, STEPPER, Step

ASKING = "/espace/securite/email"
ADDRESSES = {  # where and when a member reads the words that the paper fixes
    "/": (Progress.STREET, ["Espace adhérents SMIE"]),
    "/connexion": (
        Progress.STREET,
        [
            "Je crée mon compte",
            "Connexion à mon compte",
            "Email",
            "Mot de passe",
            "Se souvenir de moi",
            "Je me connecte",
            "deux étapes",
        ],
    ),
    "/inscription": (
        Progress.STREET,
        [
            "Inscription",
            *STEPPER,
            "Numéro d’adhérent",
            "Code d’accès",
            "Email",
            "Mot de passe",
            "Répétez votre mot de passe",
            "Annuler",
            "Continuer",
            "*",
        ],
    ),
    "/inscription/cgu": (
        Progress.DRAFT,
        [
            "Inscription",
            *STEPPER,
            "Conditions générales d’utilisation",
            "J’accepte les conditions générales d’utilisation",
            "Retour",
            "Continuer",
        ],
    ),
    "/inscription/confirmation": (
        Progress.RECORDED,
        [*STEPPER, "Votre inscription est prise en compte"],
    ),
    "/inscription/en-cours": (Progress.WAITING, ["Inscription en cours", "Code d’activation"]),
    "/connexion/code": (Progress.CODE, ["Code de sécurité", "Valider", "Renvoyer le code"]),
    "/espace": (Progress.MEMBER, ["Mon espace"]),
    # my data
    "/espace/mes-donnees": (Progress.MEMBER, ["Mes données", "Télécharger (JSON)"]),
    "/espace/mes-donnees/export": (Progress.MEMBER, ["Toutes mes données"]),
    "/espace/mes-donnees/fermer": (Progress.MEMBER, ["Fermer mon espace", "7 jours"]),
    "/connexion/conditions": (Progress.TERMS, ["Nos conditions ont changé", "Je n’accepte pas"]),
    # second step
    "/espace/securite/deuxieme-etape": (Progress.MEMBER, ["Ajouter une clé d’accès"]),
    "/espace/securite/deuxieme-etape/cle": (Progress.MEMBER, ["Créer ma clé d’accès"]),
    "/connexion/cle/directe": (Progress.STREET, ["Utiliser ma clé d’accès"]),
    "/mot-de-passe-oublie": (
        Progress.STREET,
        ["Mot de passe oublié ?", "Email", "Numéro d’adhérent", "Annuler", "Recevoir le lien", "*"],
    ),
    # security: password, address, sessions, disputes
    "/espace/securite": (
        Progress.MEMBER,
        ["Sécurité", "Mot de passe", "E-mail", "Appareils de confiance", "Connexions ouvertes"],
    ),
    "/espace/securite/mot-de-passe": (
        Progress.MEMBER,
        ["Mot de passe actuel", "Nouveau mot de passe", "Répétez votre nouveau mot de passe"],
    ),
    ASKING: (
        Progress.MEMBER,
        ["Nouvelle adresse e-mail", "Mot de passe actuel", "Continuer"],
    ),
    "/espace/securite/email/confirmation": (Progress.MEMBER, ["Renvoyer le message", "Annuler"]),
    "/espace/securite/historique": (Progress.MEMBER, ["Connexion réussie"]),
}


def _adding_app(town: Town) -> str:
    browser = town.browser(Progress.MEMBER)
    browser.submit(f"{SECOND}/application", {}, page=SECOND)
    return browser.get(f"{SECOND}/application").text


def _new_codes(town: Town) -> str:
    browser = _in_with_app(town)
    browser.submit(f"{SECOND}/codes", {}, page=SECOND)
    return browser.get(f"{SECOND}/codes").text


def _with_app(town: Town, path: str) -> str:
    own_steps.with_app(town.work, own_steps.member(town.work))
    browser = town.browser()
    town.give_password(browser)
    return browser.get(path).text


def _asked(town: Town, path: str) -> str:
    """Odile's page, when René has registered with her address."""
    browser = town.browser(Progress.MEMBER)
    town.register(town.browser(), RENE, email=ODILE.email)
    town.browser().submit(town.mailed_link(), {})
    return browser.get(path).text


def _shared(town: Town) -> str:
    browser = town.browser(Progress.MEMBER)
    town.shared_by(GERARD)
    return browser.get("/espace").text


def _list(town: Town) -> str:
    return _in_with_app(town).get(SECOND).text


def _in_with_app(town: Town) -> CheckedClient:
    """Odile, who has an app, in her space."""
    own_steps.with_app(town.work, own_steps.member(town.work))
    browser = town.browser()
    town.give_password(browser)
    town.work.world.clock.advance(seconds=30)  # type: ignore[attr-defined]
    browser.submit("/connexion/application", {"app_code": own_steps.app_code(town.work)})
    return browser


SECOND = "/espace/securite/deuxieme-etape"
PREPARED: dict[str, Callable[[Town], str]] = {  # by step: screens that more must lead to
    "app_confirm": _adding_app,
    "keep_codes": _new_codes,
    "app_code": lambda town: _with_app(town, "/connexion/application"),
    "lost_phone": lambda town: _with_app(town, "/connexion/application"),
    "rescue": lambda town: _with_app(town, "/connexion/secours"),
    "remove": _list,
    "asked": lambda town: _asked(town, "/espace"),
    "agree": lambda town: _asked(town, "/espace/rattachement"),
    "switch": _shared,
}
STEPS = sorted({step for procedure in PROCEDURES for step in procedure}, key=lambda step: step.key)


def read(text: str) -> str:
    """What is on the page, with plain spaces."""
    return " ".join("".join(tree(text).itertext()).split())


@pytest.mark.parametrize("path", ADDRESSES)
def test_the_words_of_the_paper_stand_on_the_screen(town: Town, path: str) -> None:
    _, fixed = ADDRESSES[path]
    text = opened(town, path)
    for words in fixed:
        assert words in text, words


def opened(town: Town, path: str) -> str:
    """What a member reads there, once whatever the page is about has begun."""
    browser = town.browser(ADDRESSES[path][0])
    if path.startswith("/espace"):
        town.work.world.clock.advance(minutes=1)  # type: ignore[attr-defined]
        town.browser(Progress.MEMBER)  # another of their sessions
        if path != ASKING:  # which leads on once a change waits
            town.ask_address(browser)
    return read(browser.get(path).text)


def test_the_five_fields_are_each_marked_required(town: Town) -> None:
    page = tree(town.browser().get("/inscription").text)
    labels = ["".join(each.itertext()).strip() for each in page.iter("label")]
    assert labels == [
        "Numéro d’adhérent *",
        "Code d’accès *",
        "Email *",
        "Mot de passe *",
        "Répétez votre mot de passe *",
    ]


@pytest.mark.parametrize(
    ("path", "stage", "name"),
    [
        ("/inscription", Progress.STREET, "Mes infos"),
        ("/inscription/cgu", Progress.DRAFT, "CGU"),
        ("/inscription/confirmation", Progress.RECORDED, "Confirmation"),
    ],
)
def test_the_stepper_marks_its_step(town: Town, path: str, stage: Progress, name: str) -> None:
    page = tree(town.browser(stage).get(path).text)
    marked = [each for each in page.iter("li") if each.get("aria-current") == "step"]
    told = ["".join(each.itertext()).split(maxsplit=1)[1] for each in marked]
    assert told == [f"{name}\u00a0: étape en cours"]


def test_the_terms_are_in_a_box_that_a_keyboard_can_scroll(town: Town) -> None:
    page = tree(town.browser(Progress.DRAFT).get("/inscription/cgu").text)
    box = next(each for each in page.iter("div") if each.get("class") == "terms")
    assert (box.get("tabindex"), box.get("role")) == ("0", "region")


def test_the_confirmation_mail_is_the_paper_s(town: Town) -> None:
    town.register(town.browser(), RENE)
    mail = town.mails()[-1]
    assert mail.subject == "Espace SMiE Mutuelle - Demande de confirmation d’inscription"
    for body in (mail.text, read(mail.html)):
        plain = " ".join(body.split())
        for words in ("Je valide mon inscription", "24 heures", "code d’activation"):
            assert words in plain, words
        assert "« Inscription en cours »" in plain
        assert re.search(r"\b\d{4} \d{3} \d{3} \d{3}\b", plain)


def test_the_security_code_s_mail_is_the_paper_s(town: Town) -> None:
    town.browser(Progress.CODE)
    mail = town.mails()[-1]
    assert mail.subject == "Votre code de sécurité"
    for body in (mail.text, read(mail.html)):
        plain = " ".join(body.split())
        for words in ("ne sert qu’une fois", "5 minutes", "Ce n’était pas vous ?"):
            assert words in plain, words
        assert re.search(r"\b\d{3} \d{3} est votre code de sécurité SMiE Mutuelle\.", plain)


def test_the_registration_is_complete_in_the_paper_s_words(town: Town) -> None:
    browser = town.browser()
    town.register(browser, LUCE)
    text = read(browser.submit(town.mailed_link(), {}, partial=True).text)
    assert "Votre inscription est finalisée" in text
    assert "Je me connecte" in text


def test_steps_and_stages_tell_the_same_screens(town: Town) -> None:
    with town.app.test_request_context():
        plain = [step for step in STEPS if _has_plain_address(town, step)]
        told = {town.app.url_for(str(step.endpoint)) for step in plain}
    assert told == set(ADDRESSES)


def _has_plain_address(town: Town, step: Step) -> bool:
    """A link's address has a token; the code that closes is asked for on the page before."""
    if step.endpoint in (None, "closing.code"):
        return False
    if step.key in PREPARED and step.endpoint != "second_factors.page":
        return False
    return not any(rule.arguments for rule in town.app.url_map.iter_rules(step.endpoint))


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.key)
def test_every_step_is_complete(town: Town, step: Step) -> None:
    assert step.title[0].isupper()
    assert step.do.endswith(".")
    assert step.see
    assert 1 <= step.number <= 15
    if step.endpoint is not None:
        assert step.endpoint in town.app.view_functions


@pytest.mark.parametrize("step", [step for step in STEPS if step.endpoint], ids=lambda s: s.key)
def test_what_a_step_tells_to_press_is_on_its_screen(town: Town, step: Step) -> None:
    if step.key in PREPARED:
        text = read(PREPARED[step.key](town))
    elif step.endpoint == "registration.link":
        town.browser(Progress.RECORDED)
        text = read(town.browser().get(town.mailed_link()).text)
    elif step.endpoint == "address.undo_link":
        browser = town.browser(Progress.MEMBER)
        town.ask_address(browser)
        browser.submit(town.address_link(), {})
        text = read(town.browser().get(town.undo_link()).text)
        if step.key == "undo_mail":
            mail = next(each for each in town.mails() if each.name == "address_changed")
            text = mail.subject + read(mail.html)
    elif step.endpoint == "history.not_mine":
        browser = town.browser(Progress.MEMBER)
        text = read(browser.get("/espace/securite/historique/2/pas-moi").text)
    elif step.endpoint == "takeover.link":
        text = read(town.browser().get(town.stop_link()).text)
        if step.key == "stop_mail":  # what it tells to press leads here from the mail
            text = next(read(each.html) for each in town.mails() if each.name == "takeover")
    elif step.endpoint == "recovery.link":
        text = read(town.browser().get(town.recovery_link()).text)
        if step.key == "recovery_mail":  # what it tells to press leads here from the mail
            text = town.mails()[-1].subject + read(town.mails()[-1].html)
    elif step.key in ("close_code", "keep"):
        browser = town.browser(Progress.MEMBER)
        town.ask_to_close(browser)
        text = read(browser.get("/espace/mes-donnees/fermer/code").text)
        if step.key == "keep":
            town.close(browser)
            text = read(browser.get("/espace").text)
    else:
        with town.app.test_request_context():
            path = town.app.url_for(str(step.endpoint))
        text = opened(town, path)
    pressed = re.findall(r"appuyez sur(?: l’onglet)? « ([^»]+) »", step.do)
    if step.key != "finished":  # its screen is the one before, where the link leads from
        for words in pressed:
            assert words in text, words
