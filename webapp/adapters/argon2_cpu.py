"""Whether this machine can run the argon2 that was compiled for it (requirements/build-argon2).

A machine that was moved to an older processor would otherwise die at the first password, with no
word but « Illegal instruction ».
"""

from importlib.util import find_spec
from pathlib import Path

from webapp.settings import SettingsError

CPUINFO = Path("/proc/cpuinfo")
STAMP = Path(str(find_spec("_argon2_cffi_bindings").origin)).with_name("processor.txt")  # type: ignore[union-attr]
_FAMILIES = ("avx", "bmi", "fma")  # instructions that compilers choose by processor


def remember() -> None:
    """Write down for whom argon2 was compiled."""
    STAMP.write_text(" ".join(sorted(_instructions())) + "\n")


def check() -> None:
    """Raises SettingsError when argon2 was compiled for another processor than this one."""
    if not STAMP.exists():
        return  # the wheel, which any machine can run
    if missing := set(STAMP.read_text().split()) - _instructions():
        raise SettingsError(
            "argon2 was compiled for another processor (this one lacks "
            f"{', '.join(sorted(missing))}): remove .venv and run `make install` on this machine"
        )


def _instructions() -> set[str]:
    lines = CPUINFO.read_text().splitlines()
    flags = next((line for line in lines if line.startswith("flags")), "")
    return {flag for flag in flags.partition(":")[2].split() if flag.startswith(_FAMILIES)}
