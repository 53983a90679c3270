"""How somebody acts on a screen. Screens say what is done; the browser's hand says how."""

from weakref import WeakKeyDictionary

from playwright.sync_api import BrowserContext, Locator, Page


class Hand:
    """A finger or a mouse."""

    def write(self, field: Locator, text: str) -> None:
        """Fill in a field, whatever is in it."""
        field.fill(text)

    def tick(self, box: Locator) -> None:
        """Tick a box."""
        box.check()

    def press(self, thing: Locator, name: str) -> None:
        """Press the link or button that people call `name`."""
        thing.click()


_HANDS: WeakKeyDictionary[BrowserContext, Hand] = WeakKeyDictionary()
_FINGER = Hand()


def lend(hand: Hand, context: BrowserContext) -> None:
    """From now on all that screens do in this browser is done by this hand."""
    _HANDS[context] = hand


def hand_of(page: Page) -> Hand:
    """The hand in the page's browser; a finger where none was lent."""
    return _HANDS.get(page.context, _FINGER)
