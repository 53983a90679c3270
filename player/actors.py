"""How somebody acts on a screen. Screens say what is done; the browser's actor says how."""

from weakref import WeakKeyDictionary

from playwright.sync_api import BrowserContext, Locator, Page


class Actor:
    """A member with a finger or a mouse."""

    def write(self, field: Locator, text: str) -> None:
        """Fill in a field, whatever is in it."""
        field.fill(text)

    def tick(self, box: Locator) -> None:
        """Tick a box."""
        box.check()

    def press(self, thing: Locator, name: str) -> None:
        """Press the link or button that people call `name`."""
        thing.click()


_ACTORS: WeakKeyDictionary[BrowserContext, Actor] = WeakKeyDictionary()
_ANYBODY = Actor()


def cast(actor: Actor, context: BrowserContext) -> None:
    """From now on all that screens do in this browser is done by this actor."""
    _ACTORS[context] = actor


def actor_of(page: Page) -> Actor:
    """The actor in the page's browser: a member with a finger where none was cast."""
    return _ACTORS.get(page.context, _ANYBODY)
