"""The steps that add, use and remove a second step of the member's own."""

from player.scene import Scene, by_key
from player.screens.second_factors import (
    AppStep,
    Codes,
    Direct,
    NewApp,
    NewPasskey,
    RecoveryCodeStep,
    SecondSteps,
    code_of_app,
)
from player.screens.security import Security
from player.screens.sign_in import SignIn
from player.screens.space import Space


def second_steps(scene: Scene) -> SecondSteps:
    """« Ma deuxième étape », from any page of the space."""
    Space(scene.page).follow("Sécurité")
    Security(scene.page).shows().follow("Choisir ma deuxième étape")
    return SecondSteps(scene.page).shows()


def app_start(scene: Scene) -> None:
    second_steps(scene).add_app()
    NewApp(scene.page).shows("Code de l’application")


def app_confirm(scene: Scene) -> None:
    screen = NewApp(scene.page)
    scene.app_link = screen.link
    screen.fill("Mon appli", code_of_app(scene.app_link, scene.stage.clock.now()))
    screen.submit("Valider")
    Codes(scene.page).shows("Nous ne pourrons plus vous les montrer")


def keep_codes(scene: Scene) -> None:
    screen = Codes(scene.page)
    scene.codes = screen.read()
    assert len(scene.codes) == 10
    screen.submit("J’ai gardé mes codes")
    SecondSteps(scene.page).shows("Il vous reste 10 codes")


def key_start(scene: Scene) -> None:
    second_steps(scene).follow("Ajouter une clé d’accès")
    NewPasskey(scene.page).shows("ne quittent jamais votre appareil")


def key_made(scene: Scene) -> None:
    NewPasskey(scene.page).make()
    Codes(scene.page).shows()


def own_password(scene: Scene) -> None:
    SignIn(scene.page).open().fill(scene.letter.email, scene.password).go_on()
    scene.stage.clock.advance(seconds=30)  # the app shows another code than the last time


def app_code(scene: Scene) -> None:
    AppStep(scene.page).enter(code_of_app(scene.app_link, scene.stage.clock.now()))
    Space(scene.page).shows()


def lost_phone(scene: Scene) -> None:
    AppStep(scene.page).follow("Utiliser un code de secours")
    RecoveryCodeStep(scene.page).shows()


def rescue(scene: Scene) -> None:
    RecoveryCodeStep(scene.page).enter(scene.codes[0])
    SecondSteps(scene.page).shows("il ne servira plus")


def key_chosen(scene: Scene) -> None:
    SignIn(scene.page).open().follow("Me connecter avec mon empreinte ou mon visage")
    Direct(scene.page).shows()


def key_used(scene: Scene) -> None:
    Direct(scene.page).use()
    Space(scene.page).shows(scene.letter.email)


def remove(scene: Scene) -> None:
    second_steps(scene).remove("l’application Mon appli")
    SecondSteps(scene.page).shows("C’est votre deuxième étape")


SCRIPTS = by_key(
    app_start,
    app_confirm,
    keep_codes,
    key_start,
    key_made,
    own_password,
    app_code,
    lost_phone,
    rescue,
    key_chosen,
    key_used,
    remove,
)
