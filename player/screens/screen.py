"""What all screens have in common. Things are found by role and visible name, as people do."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal, Self

from playwright.sync_api import Locator, Page, expect

from player.actors import Actor, actor_of


def spaced(words: str) -> str:
    """A pattern of these words, whatever spaces French typography puts between them."""
    return re.escape(words).replace("\\ ", "\\s")


class Screen:
    """A screen is known by its h1 (`heading`) and, where it has one of its own, its `path`."""

    path = ""
    heading = ""

    def __init__(self, page: Page):
        self.page = page

    def open(self) -> Self:
        """Type its address."""
        self.page.goto(self.path)
        return self.shows()

    def shows(self, *words: str) -> Self:
        """Its heading is there, and these words."""
        # wait_for looks again much sooner than expect does
        self.page.get_by_role("heading", level=1, name=self.heading, exact=True).wait_for()
        self.says(*words)
        return self

    def says(self, *words: str) -> None:
        """These words can be read."""
        for each in words:
            self.page.get_by_text(each).filter(visible=True).first.wait_for()

    def refuses(self, *words: str) -> Self:
        """The same screen says that there is a problem, and, there or beside a field, these
        words."""
        expect(self.summary).to_contain_text("Il y a un problème")
        expect(self.page).to_have_title(re.compile(r"^Erreur\s: "))
        return self.shows(*words)

    def notes(self, title: str, *words: str) -> Self:
        """The same screen says something that is no error."""
        expect(self.page.get_by_role("group", name=title)).to_be_focused()
        expect(self.page).not_to_have_title(re.compile(r"^Erreur"))
        return self.shows(*words)

    @property
    def h1(self) -> Locator:
        """Its one title."""
        return self.page.get_by_role("heading", level=1)

    @property
    def summary(self) -> Locator:
        """The summary of what is wrong, or the notice of a page that got no answer."""
        groups = self.page.get_by_role("group")
        notice = groups.filter(has=self.page.get_by_role("button", name="Fermer", exact=True))
        return notice.or_(self.page.get_by_role("group", name="Il y a un problème"))

    def field(self, label: str) -> Locator:
        """The field with this label, its star left aside."""
        return self.page.get_by_label(re.compile(f"^{spaced(label)}( \\*)?$"))

    def button(self, name: str) -> Locator:
        """The button with this name."""
        return self.page.get_by_role("button", name=name, exact=True)

    @property
    def actor(self) -> Actor:
        """Who acts on this screen, and how."""
        return actor_of(self.page)

    def write(self, label: str, text: str) -> None:
        """Fill in the field with this label."""
        self.actor.write(self.field(label), text)

    def check(self, label: str) -> None:
        """Tick the box with this label."""
        self.actor.tick(self.field(label))

    def press(self, name: str) -> None:
        """Press a button."""
        self.actor.press(self.button(name), name)

    def press_first(self, role: Literal["button", "link"], name: str) -> None:
        """The first of several whose names begin with the words that are read there."""
        several = self.page.get_by_role(role, name=re.compile(f"^{spaced(name)}"))
        with self.replaced():
            self.actor.press(several.first, name)

    def submit(self, name: str) -> None:
        """Press a button and wait for the answer, be it the same screen again."""
        with self.replaced():
            self.press(name)

    @contextmanager
    def replaced(self) -> Iterator[None]:
        """What is done here must bring a new screen; it is waited for."""
        self.h1.evaluate("h1 => { h1.dataset.seen = 'yes' }")
        yield
        self.page.locator("h1[data-seen]").wait_for(state="detached")

    def follow(self, name: str) -> None:
        """Press a link."""
        self.actor.press(self.page.get_by_role("link", name=name, exact=True), name)
