"""The paper's words stand on the screens and in the mails, and every step is complete."""

import re

import pytest

from tests.checked_client import tree
from tests.members import LUCE, RENE
from tests.visitors import Stage, Town
from webapp.rules.procedure import PROCEDURES, STEPPER, Step

ADDRESSES = {  # where and when a member reads the words that the paper fixes
    "/": (Stage.STREET, ["Espace adhérents SMIE"]),
    "/connexion": (
        Stage.STREET,
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
        Stage.STREET,
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
        Stage.DRAFT,
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
        Stage.RECORDED,
        [*STEPPER, "Votre inscription est prise en compte"],
    ),
    "/inscription/en-cours": (Stage.WAITING, ["Inscription en cours", "Code d’activation"]),
    "/connexion/code": (Stage.CODE, ["Code de sécurité", "Valider", "Renvoyer le code"]),
    "/espace": (Stage.MEMBER, ["Mon espace"]),
    "/mot-de-passe-oublie": (
        Stage.STREET,
        ["Mot de passe oublié ?", "Email", "Numéro d’adhérent", "Annuler", "Recevoir le lien", "*"],
    ),
}
STEPS = sorted({step for procedure in PROCEDURES for step in procedure}, key=lambda step: step.key)


def read(text: str) -> str:
    """What is on the page, with plain spaces."""
    return " ".join("".join(tree(text).itertext()).split())


@pytest.mark.parametrize("path", ADDRESSES)
def test_the_words_of_the_paper_stand_on_the_screen(town: Town, path: str) -> None:
    stage, fixed = ADDRESSES[path]
    text = read(town.browser(stage).get(path).text)
    for words in fixed:
        assert words in text, words


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
        ("/inscription", Stage.STREET, "Mes infos"),
        ("/inscription/cgu", Stage.DRAFT, "CGU"),
        ("/inscription/confirmation", Stage.RECORDED, "Confirmation"),
    ],
)
def test_the_stepper_marks_its_step(town: Town, path: str, stage: Stage, name: str) -> None:
    page = tree(town.browser(stage).get(path).text)
    marked = [each for each in page.iter("li") if each.get("aria-current") == "step"]
    assert ["".join(each.itertext()).split(maxsplit=1)[1] for each in marked] == [name]


def test_the_terms_are_in_a_box_that_a_keyboard_can_scroll(town: Town) -> None:
    page = tree(town.browser(Stage.DRAFT).get("/inscription/cgu").text)
    box = next(each for each in page.iter("div") if each.get("class") == "terms")
    assert (box.get("tabindex"), box.get("role")) == ("0", "region")


def test_the_confirmation_mail_is_the_paper_s(town: Town) -> None:
    town.register(town.browser(), RENE)
    mail = town.letters()[-1]
    assert mail.subject == "Espace SMiE Mutuelle - Demande de confirmation d’inscription"
    for body in (mail.text, read(mail.html)):
        plain = " ".join(body.split())
        for words in ("Je valide mon inscription", "24 heures", "code d’activation"):
            assert words in plain, words
        assert "« Inscription en cours »" in plain
        assert re.search(r"\b\d{13}\b", plain)


def test_the_security_code_s_mail_is_the_paper_s(town: Town) -> None:
    town.browser(Stage.CODE)
    mail = town.letters()[-1]
    assert mail.subject == "Votre code de sécurité"
    for body in (mail.text, read(mail.html)):
        plain = " ".join(body.split())
        for words in ("ne sert qu’une fois", "5 minutes", "Ce n’était pas vous ?"):
            assert words in plain, words
        assert re.search(r"\b\d{6}\b", plain)


def test_the_registration_is_complete_in_the_paper_s_words(town: Town) -> None:
    browser = town.browser()
    town.register(browser, LUCE)
    text = read(browser.submit(town.mailed_link(), {}, partial=True).text)
    assert "Votre inscription est finalisée" in text
    assert "Je me connecte" in text


def test_steps_and_stages_tell_the_same_screens(town: Town) -> None:
    with town.app.test_request_context():
        told = {town.app.url_for(step.endpoint) for step in STEPS if _has_plain_address(step)}
    assert told == set(ADDRESSES)


def _has_plain_address(step: Step) -> bool:
    return step.endpoint is not None and not step.endpoint.endswith(".link")


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.key)
def test_every_step_is_complete(town: Town, step: Step) -> None:
    assert step.title[0].isupper()
    assert step.do.endswith(".")
    assert step.see
    assert 1 <= step.number <= 13
    if step.endpoint is not None:
        assert step.endpoint in town.app.view_functions


@pytest.mark.parametrize("step", [step for step in STEPS if step.endpoint], ids=lambda s: s.key)
def test_what_a_step_tells_to_press_is_on_its_screen(town: Town, step: Step) -> None:
    if step.endpoint == "registration.link":
        town.browser(Stage.RECORDED)
        text = read(town.browser().get(town.mailed_link()).text)
    elif step.endpoint == "recovery.link":
        text = read(town.browser().get(town.recovery_link()).text)
        if step.key == "recovery_mail":  # what it tells to press leads here from the mail
            text = town.letters()[-1].subject + read(town.letters()[-1].html)
    else:
        with town.app.test_request_context():
            path = town.app.url_for(str(step.endpoint))
        text = read(town.browser(ADDRESSES[path][0]).get(path).text)
    pressed = re.findall(r"appuyez sur(?: l’onglet)? « ([^»]+) »", step.do)
    if step.key != "finished":  # its screen is the one before, where the link leads from
        for words in pressed:
            assert words in text, words
