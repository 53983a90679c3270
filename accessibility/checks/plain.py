"""With scripts off the same state says the same: its structure, as a screen reader walks it."""

import difflib
import re

from playwright.sync_api import Page

from accessibility.finding import Finding
from accessibility.transcript import steady

TOOL = "sans script"
# What only scripts bring, and what is only said without them (static/js/portal.js, portal.css).
_OWN = ".reveal, [data-if-passkey], [data-print], .no-scripts"


def structure(page: Page) -> str:
    """The page's tree of roles and names, without what only scripts bring and the focus's place.

    The page is no longer what it was: look at it no more.
    """
    page.evaluate(f"document.querySelectorAll('{_OWN}').forEach((each) => each.remove())")
    # passwords that nothing was said against stay in the browser, and in no page
    page.evaluate(
        "document.querySelectorAll('[data-kept]').forEach((each) => { each.value = ''; })"
    )
    lines = steady(page.locator("body").aria_snapshot()).splitlines()
    return "\n".join(
        re.sub(r" \[active\]", "", line) for line in lines if line.strip() != "- status"
    )


def compare(with_scripts: str, without: str) -> list[Finding]:
    """A difference is a finding."""
    if with_scripts == without:
        return []
    changes = difflib.unified_diff(
        with_scripts.splitlines(), without.splitlines(), "avec", "sans", "", "", 0
    )
    return [Finding(TOOL, "autre structure", "\n".join(list(changes)[2:12]))]
