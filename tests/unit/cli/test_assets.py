"""`flask assets build`: before any setting is there, for the brand that will be served."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from webapp.adapters.brand import OURS
from webapp.settings import ROOT


def flask_assets_build(**variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "flask", "assets", "build"],
        cwd=ROOT, env={"PATH": os.environ["PATH"], **variables},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def test_it_needs_no_setting_and_says_that_all_is_ready() -> None:
    done = flask_assets_build()
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip() == "Fichiers statiques prêts."


def test_a_brand_that_can_t_be_read_is_one_line(tmp_path: Path) -> None:
    folder = shutil.copytree(OURS, tmp_path / "brand")
    (folder / "mark.svg").unlink()
    for place, told in ((folder, "lacks mark.svg"), (tmp_path, "must be a folder with")):
        done = flask_assets_build(BRAND_DIR=str(place))
        assert (done.returncode, done.stdout) == (2, "")
        assert told in done.stderr and done.stderr.count("\n") == 1
        assert done.stderr.startswith("BRAND_DIR")
