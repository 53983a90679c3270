"""A second step of the member's own choice: added, used at each sign-in, removed.

App and recovery codes are played with HTMX and with scripts off. A passkey is asked for by a
script: with scripts off its pages say so and offer the other ways.
"""

import pytest

from player.camera import cameras
from player.members import ODILE
from player.screens.mailbox import SECURITY_CODE
from player.screens.screen import Screen
from player.screens.second_factors import (
    AppStep,
    Codes,
    Direct,
    NewPasskey,
    PasskeyStep,
    Proof,
    SecondSteps,
)
from player.screens.sign_in import SecurityCode, SignIn
from player.screens.space import Space
from player.virtual_authenticator import VirtualAuthenticator
from player.walk import signed_in, walk
from webapp.rules.procedure import (
    AUTHENTICATOR,
    PASSKEY,
    RECOVERY_CODE,
    REMOVE_STEP,
    SIGN_IN,
    SIGN_IN_APP,
    SIGN_IN_PASSKEY,
)


@pytest.fixture
def host():
    return "localhost"


@pytest.fixture(autouse=True)
def member(stage):
    stage.has_account_of(ODILE)


@pytest.fixture
def phone_with_key(stage, phone):
    """Odile's phone, signed in, its passkey added."""
    device = VirtualAuthenticator(phone)
    signed_in(stage, phone)
    walk(PASSKEY, stage, phone, *cameras("phone-passkey"))
    return phone, device


def play_app(stage, page, film):
    signed_in(stage, page)
    scene = walk(AUTHENTICATOR, stage, page, *cameras(f"{film}-add"))
    Screen(page).submit("Me déconnecter")
    kept = {"app_link": scene.app_link, "codes": scene.codes}
    walk(SIGN_IN_APP, stage, page, *cameras(f"{film}-sign-in"), **kept)
    Space(page).leave()
    walk(RECOVERY_CODE, stage, page, *cameras(f"{film}-rescue"), **kept)
    Space(page).open()
    walk(REMOVE_STEP, stage, page, *cameras(f"{film}-remove"))


def test_an_app_and_its_recovery_codes(stage, page, scripts):
    play_app(stage, page, film=f"phone-{'htmx' if scripts else 'plain'}-app")
    assert stage.mails(ODILE.email, SECURITY_CODE) == 0
    assert stage.mails(ODILE.email, "Une application ajoutée") == 1
    assert stage.mails(ODILE.email, "Un code de secours a servi") == 1
    assert stage.mails(ODILE.email, "Une application retirée") == 1
    Space(page).open().leave()
    walk(SIGN_IN, stage, page)


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_on_postgresql_too(stage, phone):
    play_app(stage, phone, film="postgresql-app")


def test_a_passkey_is_the_second_step(stage, phone_with_key):
    page, _ = phone_with_key
    assert stage.mails(ODILE.email, "Une clé d’accès ajoutée") == 1
    Screen(page).submit("Me déconnecter")
    SignIn(page).open().fill(ODILE.email).go_on()
    PasskeyStep(page).shows("Une autre façon").use()
    Space(page).shows(ODILE.email)
    assert stage.mails(ODILE.email, SECURITY_CODE) == 0


def test_or_the_mailed_code_when_it_is_asked_for(stage, phone_with_key):
    page, _ = phone_with_key
    Screen(page).submit("Me déconnecter")
    SignIn(page).open().fill(ODILE.email).go_on()
    PasskeyStep(page).shows().submit("Recevoir un code par mail")
    code = stage.post_office.wait_for(ODILE.email, SECURITY_CODE).security_code
    SecurityCode(page).shows().enter(code)
    Space(page).shows(ODILE.email)


def test_a_passkey_is_the_whole_sign_in(stage, phone_with_key):
    page, _ = phone_with_key
    Screen(page).submit("Me déconnecter")
    walk(SIGN_IN_PASSKEY, stage, page, *cameras("phone-passkey-sign-in"))


def test_a_finger_that_is_not_recognised_is_told_and_nothing_is_lost(stage, phone_with_key):
    page, device = phone_with_key
    Screen(page).submit("Me déconnecter")
    device.recognises(False)
    Direct(page).open().press("Utiliser ma clé d’accès")
    Direct(page).says("Rien n’a été envoyé")
    device.recognises(True)
    Direct(page).use()
    Space(page).shows()


def test_the_same_device_is_not_added_twice(phone_with_key):
    page, _ = phone_with_key
    NewPasskey(page).open().press("Créer ma clé d’accès")
    NewPasskey(page).says("a déjà une clé d’accès")


def test_a_passkey_proves_that_it_is_me(stage, phone_with_key):
    page, _ = phone_with_key
    stage.clock.advance(minutes=11)
    page.goto(NewPasskey.path)
    Proof(page).shows("Ou sans mot de passe").submit("Utiliser ma clé d’accès")
    NewPasskey(page).shows()


def test_removed_it_opens_nothing_any_more(stage, phone_with_key):
    page, _ = phone_with_key
    # a device that is not told, and keeps it
    page.add_init_script("delete PublicKeyCredential.signalAllAcceptedCredentials")
    SecondSteps(page).open().remove("la clé d’accès Chrome sur Linux")
    SecondSteps(page).shows("est retirée", "C’est votre deuxième étape")
    Screen(page).submit("Me déconnecter")
    Direct(page).open().use()
    Direct(page).refuses("n’ouvre aucun espace")


def test_the_mail_can_be_stopped_and_is_then_not_offered(stage, phone_with_key):
    page, _ = phone_with_key
    SecondSteps(page).open().submit("Ne plus envoyer de code par mail")
    SecondSteps(page).shows("nous ne vous enverrons plus de code par mail")
    Screen(page).submit("Me déconnecter")
    SignIn(page).open().fill(ODILE.email).go_on()
    PasskeyStep(page).shows("Utiliser un code de secours")
    assert not page.get_by_role("button", name="Recevoir un code par mail").is_visible()


def test_with_scripts_off_a_passkey_s_page_says_so_and_offers_other_ways(
    stage, phone_with_key, open_browser
):
    page = open_browser(scripts=False)
    SignIn(page).open()
    assert not page.get_by_role(
        "link", name="Me connecter avec mon empreinte ou mon visage"
    ).is_visible()
    SignIn(page).fill(ODILE.email).go_on()
    PasskeyStep(page).shows("a besoin de JavaScript", "Recevoir un code par mail")
    PasskeyStep(page).use()
    PasskeyStep(page).refuses("n’a pas répondu")


def test_codes_are_shown_for_ten_minutes_to_this_browser_alone(stage, phone_with_key):
    page, _ = phone_with_key
    SecondSteps(page).open().submit("Nouveaux codes de secours")
    shown = Codes(page).shows().read()
    page.reload()
    assert Codes(page).shows().read() == shown
    stage.clock.advance(minutes=10)
    page.goto(Codes.path)
    SecondSteps(page).shows()
    assert AppStep.path not in page.url
