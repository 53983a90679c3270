"""What the portal is made of: every library locked, with its hash, from one index."""

import re
from pathlib import Path

import pytest

from webapp.settings import ROOT

LOCKED = sorted((ROOT / "requirements").glob("*.txt"))


@pytest.mark.parametrize("file", LOCKED, ids=lambda file: file.name)
def test_every_library_has_one_version_and_its_hashes(file: Path) -> None:
    entries = re.split(r"\n(?=\S)", file.read_text().strip())
    entries = [each for each in entries if not each.startswith("#")]
    assert len(entries) > 7
    for entry in entries:
        assert re.match(r"[\w.\[\]-]+==[\w.]+( ;[^\\]+)? \\\n", entry), entry.splitlines()[0]
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), entry.splitlines()[0]


@pytest.mark.parametrize("file", LOCKED, ids=lambda file: file.name)
def test_no_index_but_the_installer_s_own_is_named(file: Path) -> None:
    assert not re.search(r"index-url|find-links|trusted-host|https?:|git\+", file.read_text())


def test_every_install_asks_for_the_hashes() -> None:
    files = (ROOT / "Makefile", ROOT / "requirements" / "install", ROOT / "deploy/Containerfile")
    told = "\n".join(each.read_text().replace("\\\n", "") for each in files)
    installs = re.findall(r"pip install .*", told)
    assert len(installs) >= 2
    assert all("--require-hashes" in each for each in installs)


def test_what_is_compiled_is_fetched_by_its_hashes_too() -> None:
    script = (ROOT / "requirements" / "build-argon2").read_text().replace("\\\n", "")
    fetching = re.findall(r"\$pip (?:install|wheel) .*(?:-r \S+).*", script)
    assert len(fetching) == 3
    assert all("--require-hashes" in each for each in fetching)


def test_how_soon_a_weak_library_is_replaced_is_written_down() -> None:
    assert "within 48 hours when critical, 7 days when high" in (ROOT / "SECURITY.md").read_text()
