"""Second steps of the member's own: added, asked for, removed."""

from playwright.sync_api import expect

from accessibility.states.state import State
from accessibility.visit import Visit
from player.members import ODILE
from player.scene import Scene
from player.screens.mailbox import RECOVERY as RECOVERY_MAIL
from player.screens.recovery import NewPassword
from player.screens.second_factors import (
    AppStep,
    Direct,
    NewApp,
    NewPasskey,
    PasskeyStep,
    Proof,
    RecoveryCodeStep,
    SecondSteps,
    code_of_app,
)
from player.screens.security import (
    ChangePassword,
    Disputed,
    History,
    Leaving,
    NotMine,
    PasswordChanged,
    Security,
)
from player.screens.sign_in import SecurityCode, SignIn
from player.virtual_authenticator import VirtualAuthenticator
from player.walk import Who
from player.world import NEW_PASSWORD
from webapp.rules.procedure import (
    AUTHENTICATOR,
    PASSKEY,
    RECOVERY,
    RECOVERY_CODE,
    SIGN_IN,
    SIGN_IN_APP,
)


def page(visit: Visit) -> None:
    visit.walk(SIGN_IN)
    SecondSteps(visit.page).open()


def page_full(visit: Visit) -> None:
    """A passkey with its recovery codes, then an app."""
    _has_passkey(visit)
    visit.sign_in_by_mail()
    visit.walk(AUTHENTICATOR, until="app_start")
    screen = NewApp(visit.page)
    screen.fill("Mon appli", code_of_app(screen.link, visit.stage.clock.now())).submit("Valider")
    SecondSteps(visit.page).shows("Mon appli")


def _signed_in_with_app(visit: Visit) -> Scene:
    visit.walk(SIGN_IN)
    return visit.walk(AUTHENTICATOR)


def _has_app(visit: Visit) -> Who:
    """Added on another device; what the member holds of it."""
    scene = visit.elsewhere(SIGN_IN)
    added = visit.walk(AUTHENTICATOR, page=scene.page)
    return {"app_link": added.app_link, "codes": added.codes}


def _has_passkey(visit: Visit) -> None:
    """Added on another device, whose scripts may run."""
    scene = visit.elsewhere(SIGN_IN, scripts=True)
    VirtualAuthenticator(scene.page)
    visit.walk(PASSKEY, page=scene.page)
    visit.minute_passes()


def steps_all(visit: Visit) -> None:
    _signed_in_with_app(visit)
    SecondSteps(visit.page).shows("Il vous reste 10 codes")


def removed(visit: Visit) -> None:
    _signed_in_with_app(visit)
    SecondSteps(visit.page).remove("l’application Mon appli")
    SecondSteps(visit.page).shows("C’est votre deuxième étape")


def mail_stopped(visit: Visit) -> None:
    _signed_in_with_app(visit)
    SecondSteps(visit.page).submit("Ne plus envoyer de code par mail")
    SecondSteps(visit.page).shows("nous ne vous enverrons plus de code par mail")


def password_recent(visit: Visit) -> None:
    """What was added recently may go with the old password."""
    _signed_in_with_app(visit)
    ChangePassword(visit.page).open()


def password_recent_gone(visit: Visit) -> None:
    password_recent(visit)
    screen = ChangePassword(visit.page).fill(NEW_PASSWORD)
    for box in visit.page.get_by_role("checkbox").all():
        screen.actor.tick(box)
    screen.go_on()
    PasswordChanged(visit.page).shows("Retiré en même temps")


def security_recent(visit: Visit) -> None:
    _signed_in_with_app(visit)
    Security(visit.page).open()


def leaving(visit: Visit) -> None:
    security_recent(visit)
    Security(visit.page).follow("Retirer un ajout et me déconnecter partout")
    Leaving(visit.page).shows()


def choose_recent(visit: Visit) -> None:
    """The same behind a recovery link."""
    _has_app(visit)
    scene = visit.elsewhere(RECOVERY, until="forgotten")
    mail = scene.open_mail(RECOVERY_MAIL)
    visit.page.goto(mail.target("Je choisis un nouveau mot de passe"))
    NewPassword(visit.page).shows("Mon appli")


def choose_recent_nameless(visit: Visit) -> None:
    """After « Ce n’était pas moi » nothing is named before the member number is."""
    scene = visit.elsewhere(SIGN_IN)
    added = visit.walk(AUTHENTICATOR, page=scene.page)
    visit.minute_passes()
    visit.elsewhere(SIGN_IN_APP, app_link=added.app_link, codes=added.codes)
    History(scene.page).open().dispute()
    NotMine(scene.page).close_all()
    Disputed(scene.page).shows()
    mail = visit.stage.post_office.wait_for(ODILE.email, "Choisissez un nouveau mot de passe")
    visit.page.goto(mail.target("Je choisis un nouveau mot de passe"))
    NewPassword(visit.page).shows("ce qui a été ajouté récemment")


def left_recent_gone(visit: Visit) -> None:
    leaving(visit)
    screen = Leaving(visit.page)
    for box in visit.page.get_by_role("checkbox").all():
        screen.actor.tick(box)
    screen.submit("Me déconnecter partout")
    SignIn(visit.page).shows("Retiré en même temps")


def app(visit: Visit) -> None:
    visit.walk(SIGN_IN)
    visit.walk(AUTHENTICATOR, until="app_start")


def app_refused(visit: Visit) -> None:
    app(visit)
    NewApp(visit.page).fill("", "000").submit("Valider")
    NewApp(visit.page).refuses("6 chiffres")


def codes(visit: Visit) -> None:
    visit.walk(SIGN_IN)
    visit.walk(AUTHENTICATOR, until="app_confirm")


def passkey(visit: Visit) -> None:
    visit.walk(SIGN_IN)
    visit.walk(PASSKEY, until="key_start")


def passkey_unnamed(visit: Visit) -> None:
    passkey(visit)
    VirtualAuthenticator(visit.page)
    NewPasskey(visit.page).field("Nom de cette clé").fill("")
    NewPasskey(visit.page).make()
    NewPasskey(visit.page).refuses("Donnez un nom")


def app_step(visit: Visit) -> None:
    visit.walk(SIGN_IN_APP, until="own_password", **_has_app(visit))
    AppStep(visit.page).shows()


def app_step_wrong(visit: Visit) -> None:
    app_step(visit)
    AppStep(visit.page).enter("000000")
    AppStep(visit.page).refuses("Ce code n’est pas le bon")


def recovery_code(visit: Visit) -> None:
    visit.walk(RECOVERY_CODE, until="lost_phone", **_has_app(visit))


def recovery_code_wrong(visit: Visit) -> None:
    recovery_code(visit)
    RecoveryCodeStep(visit.page).enter("7K4M-Q2XD")
    RecoveryCodeStep(visit.page).refuses("n’est pas le bon")


def rescued(visit: Visit) -> None:
    visit.walk(RECOVERY_CODE, **_has_app(visit))


def passkey_step(visit: Visit) -> None:
    _has_passkey(visit)
    SignIn(visit.page).open().fill(ODILE.email).go_on()
    PasskeyStep(visit.page).shows("Une autre façon")


def passkey_silent(visit: Visit) -> None:
    """The device has no such passkey, or its owner said no."""
    passkey_step(visit)
    VirtualAuthenticator(visit.page)
    # the step takes the focus a moment after it came, from who is quicker than a hand too
    expect(visit.page.get_by_role("heading", level=1)).to_be_focused()
    PasskeyStep(visit.page).press("Utiliser ma clé d’accès")
    PasskeyStep(visit.page).says("Rien n’a été envoyé")


def mailed_instead(visit: Visit) -> None:
    passkey_step(visit)
    PasskeyStep(visit.page).submit("Recevoir un code par mail")
    SecurityCode(visit.page).shows("Une autre façon")


def direct(visit: Visit) -> None:
    Direct(visit.page).open()


def proof(visit: Visit) -> None:
    _has_passkey(visit)
    visit.sign_in_by_mail()
    visit.stage.clock.advance(minutes=11)
    visit.page.goto(NewPasskey.path)
    Proof(visit.page).shows("Ou sans mot de passe")


STATES: tuple[State, ...] = (
    State("etapes", "Ma deuxième étape", "second_factors/page.html", page),
    State("etapes-application", "Ma deuxième étape, une application", "second_factors/page.html", steps_all),
    State("etapes-cle", "Ma deuxième étape, tout", "second_factors/page.html", page_full),
    State("etapes-retiree", "Deuxième étape retirée", "second_factors/page.html", removed),
    State("etapes-sans-mail", "Plus de code par mail", "second_factors/page.html", mail_stopped),
    State("application", "Ajouter une application", "second_factors/app.html", app),
    State("application-refusee", "Application refusée", "second_factors/app.html", app_refused),
    State("codes-secours", "Mes codes de secours", "second_factors/codes.html", codes),
    State("cle", "Ajouter une clé d’accès", "second_factors/passkey.html", passkey),
    State("cle-sans-nom", "Clé d’accès sans nom", "second_factors/passkey.html", passkey_unnamed,
          needs_scripts=True),
    State("etape-application", "Connexion, application", "sign_in/app.html", app_step),
    State("etape-application-fausse", "Application, code faux", "sign_in/app.html", app_step_wrong),
    State("etape-secours", "Connexion, code de secours", "sign_in/recovery_code.html", recovery_code),
    State("etape-secours-faux", "Code de secours faux", "sign_in/recovery_code.html", recovery_code_wrong),
    State("etape-secours-servi", "Un code de secours a servi", "second_factors/page.html", rescued),
    State("etape-cle", "Connexion, clé d’accès", "sign_in/passkey.html", passkey_step),
    State("etape-cle-muette", "Clé d’accès, pas de réponse", "sign_in/passkey.html", passkey_silent,
          needs_scripts=True),
    State("etape-mail", "Code par mail à la place", "sign_in/code.html", mailed_instead),
    State("cle-directe", "Connexion par clé d’accès", "sign_in/direct.html", direct),
    State("preuve-cle", "C’est bien vous ? avec une clé", "reauthentication/page.html", proof),
    State("passe-recent", "Changer de mot de passe, ajout récent", "security/password.html", password_recent),
    State("passe-recent-fait", "Mot de passe changé, ajout retiré", "security/password_changed.html", password_recent_gone),
    State("securite-recente", "Sécurité, ajout récent", "security/page.html", security_recent),
    State("partir-partout", "Me déconnecter partout", "security/leaving.html", leaving),
    State("choix-recent", "Nouveau mot de passe, ajout récent", "recovery/choose.html", choose_recent),
    State("choix-sans-nom", "Nouveau mot de passe, ajout sans nom", "recovery/choose.html", choose_recent_nameless),
    State("parti-partout", "Déconnecté partout, ajout retiré", "sign_in/page.html", left_recent_gone),
)  # fmt: skip
