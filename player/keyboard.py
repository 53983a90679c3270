"""A member who has no mouse: Tab, Enter, Space and letters."""

from playwright.sync_api import Locator, Page, expect

FAR = 40  # no thing on a screen is more Tabs away than that


class Keyboard:
    """Goes to things by Tab, as their order on the page allows."""

    def __init__(self, page: Page):
        self.page = page

    def reach(self, thing: Locator) -> None:
        """Press Tab until the thing has the focus, which must be visible."""
        for _ in range(FAR):
            if thing.evaluate("thing => thing === document.activeElement"):
                assert thing.evaluate("thing => thing.matches(':focus-visible')")
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{thing} is out of reach of the keyboard")

    def fill(self, field: Locator, text: str) -> None:
        """Reach a field and type."""
        self.reach(field)
        self.page.keyboard.type(text)

    def press(self, thing: Locator, key: str = "Enter") -> None:
        """Reach a link, button or box and press it."""
        self.reach(thing)
        self.page.keyboard.press(key)

    def is_at(self, thing: Locator) -> None:
        """The focus is there."""
        expect(thing).to_be_focused()
