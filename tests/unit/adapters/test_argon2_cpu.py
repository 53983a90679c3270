"""An argon2 that was compiled for another machine is refused with a sentence, not by a crash."""

import os
import subprocess
from pathlib import Path

import pytest

from webapp.adapters import argon2_cpu
from webapp.settings import ROOT, SettingsError


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """Be a machine with these instructions."""
    monkeypatch.setattr(argon2_cpu, "STAMP", tmp_path / "processor.txt")
    monkeypatch.setattr(argon2_cpu, "CPUINFO", tmp_path / "cpuinfo")

    def be(instructions: str) -> None:
        argon2_cpu.CPUINFO.write_text(f"processor\t: 0\nflags\t\t: fpu sse2 {instructions}\n\n" * 2)

    return be


def test_the_wheel_runs_everywhere(machine):
    machine("")
    argon2_cpu.check()


def test_compiled_here_it_runs_here_and_on_what_knows_more(machine):
    machine("avx avx2 bmi2")
    argon2_cpu.remember()
    argon2_cpu.check()
    machine("avx avx2 avx512f bmi2 fma")
    argon2_cpu.check()


def test_on_a_machine_that_knows_less_it_says_what_to_do(machine):
    machine("avx avx2 avx512f bmi2")
    argon2_cpu.remember()
    machine("avx avx2 bmi2")
    with pytest.raises(
        SettingsError, match=r"lacks avx512f\): remove \.venv and run `make install`"
    ):
        argon2_cpu.check()


def test_a_machine_that_does_not_tell_is_not_trusted_with_it(machine):
    machine("avx2")
    argon2_cpu.remember()
    argon2_cpu.CPUINFO.write_text("Features\t: asimd\n")
    with pytest.raises(SettingsError, match="avx2"):
        argon2_cpu.check()


@pytest.mark.parametrize("why", [{"PORTABLE": "1"}, {"PATH": ""}])
def test_what_cannot_be_compiled_leaves_the_wheel_and_says_so(why, tmp_path):
    found = {"PATH": _without_compiler(tmp_path)} | {k: v for k, v in why.items() if v}
    told = subprocess.run(
        [ROOT / "requirements" / "build-argon2"], env=os.environ | found,
        capture_output=True, text=True, check=True,
    ).stderr  # fmt: skip
    assert told.startswith("argon2 n’a pas été compilé : ")
    assert (
        ("PORTABLE est donné" in told)
        or ("compilateur C manque" in told)
        or ("n’y gagne rien" in told)
    )


def _without_compiler(folder: Path) -> str:
    for name in ("sh", "dirname", "uname", "grep"):
        where = next(
            Path(each, name) for each in os.environ["PATH"].split(":") if Path(each, name).exists()
        )
        (folder / name).symlink_to(where)
    return str(folder)
