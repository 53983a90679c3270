"""Who plays, on which page, against which portal: what every script is given."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from playwright.sync_api import BrowserContext, Page

from player.browsers import wait_for_our_script
from player.members import ODILE, Letter
from player.post_office import Mail, MailSource
from player.screens.mailbox import Mailbox
from player.world import NEW_PASSWORD, PASSWORD


class NotHere(Exception):
    """The step cannot be played against this portal or in this profile; the message says why, in
    French."""


class PlayerClock(Protocol):
    """The time by which a portal lives."""

    def now(self) -> datetime:
        """This moment, in UTC."""

    def advance(self, **span: float) -> None:
        """Let time pass: any of timedelta's arguments. Raises NotHere where it can't."""


class PlayedPortal(Protocol):
    """What scripts know of the portal that they play: a stage, or a deployment seen from outside.

    What only the inside of a portal can do raises NotHere where it is played from outside.
    """

    @property
    def url(self) -> str:
        """Its address, without a slash at the end."""

    @property
    def post_office(self) -> MailSource:
        """Where its mails arrive."""

    @property
    def clock(self) -> PlayerClock:
        """Its clock."""

    def sends_another_letter_to(self, letter: Letter) -> Letter:
        """The operator reissues the member's paper letter; returns the newer one."""

    def sends_letter_beside(self, letter: Letter) -> Letter:
        """The mutual has sent a letter to somebody else who reads this member's mailbox."""

    def has_older_terms(self, letter: Letter) -> None:
        """The terms changed since this member accepted them."""


@dataclass
class Scene:
    """Who plays where; `mail` is the one that was opened last."""

    stage: PlayedPortal
    page: Page
    letter: Letter = ODILE
    password: str = PASSWORD
    new_password: str = NEW_PASSWORD
    space_password: str = PASSWORD  # of the space that another letter joins
    remember: bool = False
    mail: Mail | None = None
    app_link: str = ""  # what the member's authenticator app holds
    codes: tuple[str, ...] = ()  # the recovery codes on their sheet
    first_tab: Page | None = None
    opens: Callable[[], BrowserContext] | None = None  # another browser like this one
    desk: str = ""  # the desk's address, where an operator is at work in this browser

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
            wait_for_our_script(context)
        yield context.new_page()
        context.close()


Script = Callable[[Scene], None]


def by_key(*scripts: Script) -> dict[str, Script]:
    """Scripts under the keys of their steps, which are the names of the functions."""
    return {each.__name__: each for each in scripts}


def has_scripts(page: Page) -> bool:
    """Whether the page's own scripts may run."""
    return bool(page.evaluate("matchMedia('(scripting: enabled)').matches"))
