"""Sets a part of a file of letters. Run as a script it is the process that does it: it reads the
part on its input, writes the PDF on its output, and loads nothing of the portal."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

_DRIVER, _TEMPLATE = "press.typ", "letter.typ"
_PLACE = re.compile(r"(\w+\.typ):(\d+):\d+")
_ALONE = {"RAYON_NUM_THREADS": "1"}  # another thread of typst's is 30 MB more, and no faster here
_FAULT = 3  # exit code: what went wrong stands on the output


def printed(folder: Path, part: Mapping[str, object], moment: int, where: str) -> bytes:
    """The PDF of a part (see press.typ), set by a process of its own. `moment`: seconds since 1970,
    the time in it.

    Raises PressFault.
    """
    from webapp.services.letters.sheets import PressFault

    command = [sys.executable, "-I", __file__, str(folder), str(moment)]
    told = json.dumps(part).encode()
    env = {**os.environ, **_ALONE}
    done = subprocess.run(command, input=told, env=env, capture_output=True, check=False)  # noqa: S603 - our own script
    if done.returncode == 0:
        return done.stdout
    if done.returncode == _FAULT:
        message, file, line = json.loads(done.stdout)
        place = f"{where if file == _TEMPLATE else file}, ligne {line}"
        raise PressFault(f"Le modèle du courrier ne s’imprime pas : {message} ({place}).")
    last = done.stderr.decode(errors="replace").strip().splitlines()[-1:] or ["?"]
    raise PressFault(f"L’impression s’est arrêtée ({done.returncode}) : {last[0]}")


def _main(folder: str, moment: str) -> int:
    import typst

    compiler = typst.Compiler(
        str(Path(folder) / _DRIVER),
        root=folder,
        font_paths=[str(Path(folder) / "fonts")],
        ignore_system_fonts=True,
        sys_inputs={"part": sys.stdin.buffer.read().decode()},
    )
    try:
        pdf, warnings = compiler.compile_with_warnings(
            format="pdf", pdf_standards=["ua-1"], timestamp=int(moment)
        )
    except typst.TypstError as fault:
        sys.stdout.write(_told(fault))
        return _FAULT
    if warnings:
        sys.stdout.write(_told(warnings[0]))
        return _FAULT
    assert isinstance(pdf, bytes)  # noqa: S101 - one file was asked for
    sys.stdout.buffer.write(pdf)
    return 0


def _told(fault: object) -> str:
    """The fault as typst says it, and where it stands."""
    message = str(getattr(fault, "message", fault)).removeprefix("assertion failed: ")
    place = _PLACE.search(str(getattr(fault, "diagnostic", "")))
    return json.dumps([message, *(place.groups() if place else (_DRIVER, "1"))])


if __name__ == "__main__":
    sys.exit(_main(*sys.argv[1:]))
