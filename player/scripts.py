"""For each step of the procedure, what the member does and what must then show."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import BrowserContext, Page

from player import scripts_my_data, scripts_second, scripts_takeover
from player.members import ODILE, Letter
from player.post_office import Mail
from player.screens.home import Home
from player.screens.mailbox import CONFIRMATION, RECOVERY, SECURITY_CODE, Mailbox
from player.screens.recovery import Changed, Forgotten, NewPassword, Sent
from player.screens.registration import AboutMe, Finished, InProgress, Link, Recorded, Terms
from player.screens.sign_in import SecurityCode, SignIn
from player.screens.space import Space
from player.scripts_security import SECURITY_SCRIPTS
from player.stage import Stage
from player.world import NEW_PASSWORD, PASSWORD


class NotHere(Exception):
    """The step cannot be played in this place or profile; the message says why, in French."""


@dataclass
class Scene:
    """Who plays where; `mail` is the one that was opened last."""

    stage: Stage
    page: Page
    letter: Letter = ODILE
    password: str = PASSWORD
    new_password: str = NEW_PASSWORD
    remember: bool = False
    mail: Mail | None = None
    app_link: str = ""  # what the member's authenticator app holds
    codes: tuple[str, ...] = ()  # the recovery codes on their sheet
    first_tab: Page | None = None
    opens: Callable[[], BrowserContext] | None = None  # another browser like this one

    @property
    def mailbox(self) -> Mailbox:
        """The member's."""
        return Mailbox(self.stage.post_office, self.letter.email)

    def open_mail(self, subject_part: str, to: str = "") -> Mail:
        """Wait for the next mail and open it."""
        self.mail = self.stage.post_office.wait_for(to or self.letter.email, subject_part)
        return self.mail

    @contextmanager
    def another_browser(self) -> Iterator[Page]:
        """A page in a browser that has never been here; closed afterwards."""
        if self.opens:
            context = self.opens()
        else:
            browser = self.page.context.browser
            assert browser
            context = browser.new_context(base_url=self.stage.url, locale="fr-FR")
        yield context.new_page()
        context.close()


def site(scene: Scene) -> None:
    Home(scene.page).open()


def tab(scene: Scene) -> None:
    Home(scene.page).press_the_tab()
    SignIn(scene.page).shows("Je crée mon compte")


def create(scene: Scene) -> None:
    SignIn(scene.page).follow("Je crée mon compte")
    AboutMe(scene.page).shows("Mes infos", "CGU", "Confirmation", "Annuler")


def about_me(scene: Scene) -> None:
    AboutMe(scene.page).fill(scene.letter, scene.password).go_on()
    Terms(scene.page).shows("J’accepte les conditions générales d’utilisation", "Retour")


def terms(scene: Scene) -> None:
    Terms(scene.page).accept().go_on()
    Recorded(scene.page).shows(scene.letter.email, "24 heures")


def recorded(scene: Scene) -> None:
    Recorded(scene.page).shows("ouvrez votre boîte mail")


def confirm(scene: Scene) -> None:
    mail = scene.open_mail(CONFIRMATION)
    assert mail.says("24 heures")
    press_the_link(scene.page, mail)


def activate(scene: Scene) -> None:
    mail = scene.open_mail(CONFIRMATION)
    SignIn(scene.page).open().fill(scene.letter.email, scene.password).go_on()
    InProgress(scene.page).shows(scene.letter.email).activate(mail.activation_code)
    Finished(scene.page).shows()


def finished(scene: Scene) -> None:
    Finished(scene.page).follow("Je me connecte")
    SignIn(scene.page).shows("deux étapes")


def password(scene: Scene) -> None:
    """From wherever the member is; a new page first goes to the sign-in page."""
    screen = SignIn(scene.page)
    if scene.page.url == "about:blank":
        screen.open()
    screen.fill(scene.letter.email, scene.password, remember=scene.remember).go_on()
    SecurityCode(scene.page).shows("5 minutes")


def code_mail(scene: Scene) -> None:
    mail = scene.open_mail(SECURITY_CODE)
    assert mail.says("5 minutes")
    assert mail.says("Ce n’était pas vous ?")


def code(scene: Scene) -> None:
    assert scene.mail is not None
    SecurityCode(scene.page).enter(scene.mail.security_code)
    Space(scene.page).shows()


def space(scene: Scene) -> None:
    Space(scene.page).shows(scene.letter.number, scene.letter.email)


def remember(scene: Scene) -> None:
    scene.remember = True
    password(scene)


def remember_code(scene: Scene) -> None:
    code_mail(scene)
    code(scene)


def leave(scene: Scene) -> None:
    Space(scene.page).shows("Un appareil de confiance").leave()
    SignIn(scene.page).shows("Vous êtes déconnecté")


def remembered(scene: Scene) -> None:
    SignIn(scene.page).knows(scene.letter.email).fill_password(scene.password).go_on()
    Space(scene.page).shows()


def forgotten(scene: Scene) -> None:
    SignIn(scene.page).open().follow("Mot de passe oublié ?")
    Forgotten(scene.page).shows("plus accès à votre boîte mail").fill(scene.letter).go_on()
    Sent(scene.page).shows("30 minutes")


def recovery_mail(scene: Scene) -> None:
    mail = scene.open_mail(RECOVERY)
    assert mail.says("30 minutes")
    scene.page.goto(mail.target("Je choisis un nouveau mot de passe"))


def new_password(scene: Scene) -> None:
    """From then on the member signs in with it."""
    NewPassword(scene.page).fill(scene.new_password).go_on()
    scene.password = scene.new_password
    Changed(scene.page).shows("Je me connecte")


SCRIPTS: dict[str, Callable[[Scene], None]] = {
    each.__name__: each
    for each in (
        site, tab, create, about_me, terms, recorded, confirm, activate, finished,
        password, code_mail, code, space, forgotten, recovery_mail, new_password,
        remember, remember_code, leave, remembered,
    )
}  # fmt: skip
SCRIPTS |= SECURITY_SCRIPTS

SCRIPTS |= scripts_my_data.SCRIPTS

SCRIPTS |= scripts_second.SCRIPTS
SCRIPTS |= scripts_takeover.SCRIPTS  # a newer letter

IN_THE_MAIL = ("code_mail", "close_mail")


def sees(step_key: str, words: str, scene: Scene) -> None:
    """The words that the step promises are on the screen, or in the mail."""
    if step_key in IN_THE_MAIL:
        assert scene.mail is not None
        assert words in scene.mail.subject
        return
    scene.page.get_by_text(words).filter(visible=True).first.wait_for()


def press_the_link(page: Page, mail: Mail) -> None:
    """In the browser that registered one click is enough; with scripts off there is a button."""
    page.goto(mail.link)
    if not has_scripts(page):
        Link(page).shows().confirm()
    Finished(page).shows()


def has_scripts(page: Page) -> bool:
    """Whether the page's own scripts may run."""
    return bool(page.evaluate("matchMedia('(scripting: enabled)').matches"))
