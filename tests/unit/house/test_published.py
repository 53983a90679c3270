"""What was published or vendored never changes unseen."""

import hashlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

from webapp.adapters.world import terms_in_force
from webapp.settings import ROOT

HTMX_VERSION = "4.0.1"
HTMX_SHA256 = "a0abb04f2f45a1f89d1d4844023245537e5e6014c87b144553e0607b4cc32130"
TERMS = {"2026-11": "a7fcf5e178d4a5c1e96ad3e69030fb56d9227550a9ecff359c54e1327be8910d"}
HOW = (
    "members accepted these words, so they never change: add templates/terms/AAAA-MM.html with the "
    "new ones and its SHA-256 to TERMS here. (Before the first release, correct the hash instead.)"
)


def test_htmx_is_the_file_that_its_authors_published() -> None:
    file = (ROOT / "static" / "js" / "htmx.min.js").read_bytes()
    assert hashlib.sha256(file).hexdigest() == HTMX_SHA256
    assert f'version="{HTMX_VERSION}"'.encode() in file


def test_htmx_comes_with_its_licence() -> None:
    licence = (ROOT / "static" / "js" / "htmx.LICENSE.txt").read_text()
    assert "BSD" in licence or "Permission to use" in licence


def test_published_terms_never_change() -> None:
    files = (ROOT / "templates" / "terms").glob("*.html")
    found = {file.stem: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}
    assert found == TERMS, HOW


def test_the_terms_in_force_are_the_youngest() -> None:
    assert terms_in_force().version == max(TERMS)
    assert terms_in_force().text_hash == TERMS[max(TERMS)]


def test_terms_say_their_version_and_hold_nothing_that_changes() -> None:
    for version in TERMS:
        text = (ROOT / "templates" / "terms" / f"{version}.html").read_text()
        assert f"Version {version}" in text
        assert not re.search(r"{{|{%", text), "what was accepted must be what stands in the file"


GUIDES = sorted((ROOT / "docs" / "guide").glob("*.pdf"))


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.stem)
def test_a_published_guide_breaks_no_rule_of_pdf_ua_that_pdfua_knows(guide: Path) -> None:
    """2: a warning alone, that the file does not call itself PDF/UA (docs/decisions/guide.md)."""
    command = [sys.executable, "-m", "pdfua", "check", str(guide)]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    assert told.returncode == 2, told.stdout
