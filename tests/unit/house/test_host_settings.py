"""`deploy/portal`: a command run with the host's settings, as systemd reads them."""

import os
import pwd
import subprocess
import sys
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader

import pytest

from webapp import settings
from webapp.settings import ROOT

SCRIPT = ROOT / "deploy" / "portal"
EXAMPLE = ROOT / "deploy" / "settings.example"
ME = pwd.getpwuid(os.geteuid()).pw_name


@pytest.fixture(scope="module")
def portal():
    loader = SourceFileLoader("deploy_portal", str(SCRIPT))
    module = module_from_spec(spec_from_loader("deploy_portal", loader))
    sys.dont_write_bytecode, before = True, sys.dont_write_bytecode
    loader.exec_module(module)
    sys.dont_write_bytecode = before
    return module


# what systemd 252 itself makes of these lines
@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("A=plain value  with  spaces   ", "plain value  with  spaces"),
        ("A = around\t", "around"),
        ("A=\"quoted \"  'and then' tail  ", "quoted and thentail"),
        ("A='single \\ \"kept\" # not'", 'single \\ "kept" # not'),
        (r'A="esc \" \\ \` \q end"', r'esc " \ ` \q end'),
        ("A=Mutuelle Exemple <non@example.org>", "Mutuelle Exemple <non@example.org>"),
        ("A=mid\"quote\"s 'stay'", "mid\"quote\"s 'stay'"),
        ("A=back\\slash\\ \t", "backslash "),
        ("A=two \\\nlines", "two lines"),
        ('A="two\nlines"', "two\nlines"),
        ("A=", ""),
        ("A=a#b ;c", "a#b ;c"),
        ('A=\\"lead', '"lead'),
        ("A=tr\\   ", "tr "),
        ("A=é€ accent", "é€ accent"),
        ("A='unfinished\n", "unfinished\n"),
        ("A=crlf\r\n", "crlf"),
        ("# A=1\n; A=2\nA=3\nA=4", "4"),
        ("=nokey\nnoequals\nA=after", "after"),
    ],
)
def test_a_line_is_read_as_systemd_reads_it(portal, written, read):
    for text in (written, f"{written}\nB=next\n" if read[-1:] != "\n" else written):
        assert portal.read(text)["A"] == read


def test_the_sample_is_read_alike_by_every_documented_way_and_is_right(portal, tmp_path):
    text = EXAMPLE.read_text()
    lines = [each for each in text.splitlines() if each and not each.startswith("#")]
    by_podman = dict(each.split("=", 1) for each in lines)
    assert portal.read(text) == by_podman
    filled = by_podman | {
        "SECRET_KEY": "0123456789" * 4, "MAIL_PASSWORD": "un mot", "BRAND_DIR": "static/brand",
    }  # fmt: skip
    (warning,) = settings.read(filled).warnings
    assert warning.startswith("BRAND_DIR")


def _run(file, *command, **environment):
    return subprocess.run(
        [SCRIPT, *command], cwd=file.parent, capture_output=True, text=True, check=False,
        env={"PATH": os.environ["PATH"], "PORTAL_SETTINGS": str(file), "PORTAL_USER": ME}
        | environment,
    )  # fmt: skip


def test_a_command_has_the_file_s_settings_and_none_of_the_shell_s(tmp_path):
    file = tmp_path / "settings"
    file.write_text(
        'SECRET_KEY="0123456789012345678901234567890123456789"\nPUBLIC_URL=http://localhost\n'
        f"MAIL_SERVER=127.0.0.1\nMAIL_DEFAULT_SENDER=Mutuelle <non@example.org>\n"
        f"export MAIL_PORT=26\nDATABASE_URL=sqlite:///{tmp_path}/portal.sqlite3\n"
    )
    file.chmod(0o600)
    done = _run(file, "database", "upgrade", MAIL_PORT="no port", BRAND_DIR="/nowhere")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "portal.sqlite3").exists()
    assert "« export MAIL_PORT » n’est pas un nom" in done.stderr.replace("\u00a0", " ")
    file.chmod(0o644)
    assert "chmod 600" in _run(file, "--help").stderr


def test_what_is_missing_is_a_line_that_says_what_to_do(tmp_path):
    missing = _run(tmp_path / "none", "database", "upgrade")
    assert (missing.returncode, missing.stderr.count("\n")) == (2, 1)
    assert "deploy/settings.example" in missing.stderr
    (tmp_path / "latin").write_bytes(b"SECRET_KEY=\xe9\n")
    assert "UTF-8" in _run(tmp_path / "latin").stderr


def test_a_portal_that_its_user_can_t_run_is_not_told_to_be_installed_again(tmp_path):
    """A machine whose root has umask 077 makes it so."""
    script, flask = tmp_path / "deploy" / "portal", tmp_path / ".venv" / "bin" / "flask"
    for each in (script, flask):
        each.parent.mkdir(parents=True)
        each.touch()
    script.write_bytes(SCRIPT.read_bytes())
    file = tmp_path / "settings"
    file.touch(0o600)
    environment = {"PATH": os.environ["PATH"], "PORTAL_SETTINGS": str(file), "PORTAL_USER": ME}
    done = subprocess.run(
        [sys.executable, script], env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert f"chmod -R go+rX {tmp_path}" in done.stderr
