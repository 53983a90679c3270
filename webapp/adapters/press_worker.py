"""Sets one file of letters. Run as a script it is the process that does it: it reads the letters
on its input, writes the PDF on its output, and loads nothing of the portal."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

_TEMPLATE = "letter.typ"
_FAULT = 3  # exit code: what went wrong stands on the output


def printed(folder: Path, letters: Sequence[object], moment: int, where: str) -> bytes:
    """The PDF of these letters, set by a process of its own. `moment`: seconds, the time in it.

    Raises PressFault.
    """
    from webapp.services.letters.sheets import PressFault

    command = [sys.executable, "-I", __file__, str(folder), str(moment)]
    told = json.dumps(letters).encode()
    done = subprocess.run(command, input=told, capture_output=True, check=False)  # noqa: S603 - our own script
    if done.returncode == 0:
        return done.stdout
    if done.returncode == _FAULT:
        raise PressFault(done.stdout.decode().replace(_TEMPLATE, where))
    last = done.stderr.decode(errors="replace").strip().splitlines()[-1:] or ["?"]
    raise PressFault(f"L’impression s’est arrêtée ({done.returncode}) : {last[0]}")


def _main(folder: str, moment: str) -> int:
    import typst

    compiler = typst.Compiler(
        str(Path(folder) / _TEMPLATE),
        root=folder,
        font_paths=[str(Path(folder) / "fonts")],
        ignore_system_fonts=True,
        sys_inputs={"sheets": sys.stdin.buffer.read().decode()},
    )
    try:
        pdf, warnings = compiler.compile_with_warnings(
            format="pdf", pdf_standards=["ua-1"], timestamp=int(moment)
        )
    except typst.TypstError as fault:
        sys.stdout.write(_sentence(fault))
        return _FAULT
    if warnings:
        sys.stdout.write(_sentence(warnings[0]))
        return _FAULT
    assert isinstance(pdf, bytes)  # noqa: S101 - one file was asked for
    sys.stdout.buffer.write(pdf)
    return 0


def _sentence(fault: object) -> str:
    message, told = getattr(fault, "message", str(fault)), getattr(fault, "diagnostic", "")
    place = next((line.split("─")[-1].strip() for line in told.splitlines() if ".typ:" in line), "")
    return f"Le modèle du courrier ne peut pas être imprimé : {message} ({place or _TEMPLATE})."


if __name__ == "__main__":
    sys.exit(_main(*sys.argv[1:]))
