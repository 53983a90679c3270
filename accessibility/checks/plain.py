"""With scripts off the same state says the same: its structure, as a screen reader walks it."""

import difflib
import re

from playwright.sync_api import Page

from accessibility.finding import Finding
from accessibility.transcript import steady

TOOL = "sans script"
# What only scripts bring: the button that shows a password; and the place of the focus.
_SCRIPTS_OWN = re.compile(r'button "(?:Afficher|Masquer) le mot de passe"')


def structure(page: Page) -> str:
    """The page's tree of roles and names, without what only scripts bring."""
    tree = steady(page.locator("body").aria_snapshot())
    lines = [line for line in tree.splitlines() if not _SCRIPTS_OWN.search(line)]
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
