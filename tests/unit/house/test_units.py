"""The units, as systemd itself reads them."""

import shutil
import subprocess
from pathlib import Path

import pytest

from webapp.settings import ROOT

DEPLOY = ROOT / "deploy"
MISSING = "systemd-analyze is not installed (Debian: apt-get install systemd)"
pytestmark = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason=MISSING)


def faults(folder: Path, text: str = "") -> str:
    """What `systemd-analyze verify` says of the units; `text` is added to the one of the web."""
    home = folder / "portal"
    (home / ".venv" / "bin").mkdir(parents=True)
    for program in ("flask", "gunicorn"):
        shutil.copy("/bin/true", home / ".venv" / "bin" / program)
    units = []
    for file in [*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")]:
        unit = folder / file.name
        unit.write_text(file.read_text().replace("/srv/portal", str(home)))
        units.append(str(unit))
    with (folder / "portal-web@.service").open("a") as web:
        web.write(text)
    command = ["systemd-analyze", "verify", *units]
    return subprocess.run(command, capture_output=True, text=True, check=False).stderr


def test_systemd_finds_no_fault_in_them(tmp_path: Path) -> None:
    assert faults(tmp_path) == ""


def test_it_would_find_one(tmp_path: Path) -> None:
    assert "Unknown key 'KilMode'" in faults(tmp_path, "[Service]\nKilMode=mixed\n")
