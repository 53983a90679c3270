"""gunicorn's settings, as its own program reads them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from webapp.settings import ROOT


def test_they_are_found_from_any_folder(tmp_path: Path, sqlite_template: Path) -> None:
    database = shutil.copy(sqlite_template, tmp_path)
    command = [sys.executable, "-m", "gunicorn", "wsgi:app", "--check-config"]
    command += ["--chdir", str(ROOT), "--config", str(ROOT / "gunicorn.conf.py")]
    variables = {"DEMO": "1", "DATABASE_URL": f"sqlite:///{database}", "PATH": os.environ["PATH"]}
    run = subprocess.run(
        command,
        cwd=tmp_path,
        env=variables,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 0, run.stderr
