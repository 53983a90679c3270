"""A desktop that nobody sees: a screen, its buses, the voice that writes, and Orca on top.

Each part is started in the one order that works (docs/accessibility.md), and ended by its own id.
"""

import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

PATIENCE = 60.0
PROGRAMS = {
    "orca": "orca", "speech-dispatcher": "speech-dispatcher", "Xvfb": "xvfb", "xdotool": "xdotool",
    "openbox": "openbox", "dbus-daemon": "dbus", "dbus-send": "dbus",
}  # fmt: skip
BUS_LAUNCHERS = ("/usr/libexec/at-spi-bus-launcher", "/usr/lib/at-spi2-core/at-spi-bus-launcher")
VOICE = Path(__file__).with_name("voice.sh")

_SERVER = """DefaultLanguage "fr"
SymbolsPreproc "char"
SymbolsPreprocFile "symbols.dic"
SymbolsPreprocFile "orca.dic"
SymbolsPreprocFile "orca-chars.dic"
AddModule "file" "sd_generic" "file.conf"
DefaultModule file
AudioOutputMethod "alsa"
AudioALSADevice "null"
DisableAutoSpawn
"""  # the generic module opens a sound device though it plays nothing
_MODULE = """GenericExecuteSynth "sh {voice} {file} \\'$DATA\\'"
GenericMaxChunkLength 2000
GenericLanguage "fr" "fr" "utf-8"
AddVoice "fr" "MALE1" "fr"
DefaultVoice "fr"
"""
# What is typed is known; Orca would say each letter.
_CUSTOM = "import orca.settings\norca.settings.enableKeyEcho = False\n"


class MissingError(Exception):
    """Something that is needed is not on this machine."""


@dataclass
class Desktop:
    """Where browsers are started: their environment, and the file of what is said."""

    home: Path
    environment: dict[str, str]
    spoken: Path

    def lines(self) -> list[str]:
        """All that was written so far."""
        return self.spoken.read_text(encoding="utf-8", errors="replace").splitlines()

    def run(self, *command: str) -> str:
        """A short command on this desktop; its output."""
        done = subprocess.run(
            command,
            env=self.environment,
            capture_output=True,
            text=True,
            check=True,
            timeout=PATIENCE,
        )
        return done.stdout.strip()

    def start(self, stack: ExitStack, *command: str, gives: bool = False) -> str:
        """A long one, ended with the stack. `gives`: the first line that it writes on descriptor 3,
        its own display or address."""
        reading, writing = os.pipe()
        os.set_inheritable(writing, True)
        # by its path: sh knows no descriptor of two digits
        line = " ".join(["exec", '"$@"', f"3>/dev/fd/{writing}" if gives else ""])
        log = (self.home / f"{Path(command[0]).name}.log").open("ab")
        process = subprocess.Popen(
            ["sh", "-c", line, "sh", *command], env=self.environment, stdout=log, stderr=log,
            pass_fds=(writing,) if gives else (), start_new_session=True,
        )  # fmt: skip
        log.close()
        os.close(writing)
        stack.callback(_end, process)
        with os.fdopen(reading, encoding="utf-8") as told:
            return told.readline().strip() if gives else ""


def check_programs() -> None:
    """Raises MissingError with the names of Debian's packages that are not there."""
    missing = {package for name, package in PROGRAMS.items() if not shutil.which(name)}
    if not _bus_launcher():
        missing.add("at-spi2-core")
    if missing:
        raise MissingError(f"Debian's packages {', '.join(sorted(missing))} are not there")
    if "fr_FR.utf8" not in subprocess.run(
        ["locale", "-a"], capture_output=True, text=True, check=False
    ).stdout.replace("UTF-8", "utf8"):
        raise MissingError("the locale fr_FR.UTF-8 is not there (/etc/locale.gen, then locale-gen)")


@contextmanager
def opened() -> Iterator[Desktop]:
    """The desktop, with Orca awake."""
    check_programs()
    with tempfile.TemporaryDirectory(prefix="sr-") as folder, ExitStack() as stack:
        desktop = _furnished(Path(folder))
        say = desktop.environment
        shown = ("Xvfb", "-displayfd", "3", "-screen", "0", "1280x900x24", "-nolisten", "tcp")
        say["DISPLAY"] = ":" + desktop.start(stack, *shown, gives=True)
        bus = ("dbus-daemon", "--session", "--nofork", "--print-address=3")
        say["DBUS_SESSION_BUS_ADDRESS"] = desktop.start(stack, *bus, gives=True)
        config = str(desktop.home / "speech")
        desktop.start(stack, "speech-dispatcher", "-s", "-C", config, "-L", config, "-t", "0")
        desktop.start(stack, "openbox")
        desktop.start(stack, _bus_launcher(), "--launch-immediately")
        time.sleep(1)
        for name in ("IsEnabled", "ScreenReaderEnabled"):
            desktop.run(
                "dbus-send", "--session", "--print-reply", "--dest=org.a11y.Bus", "/org/a11y/bus",
                "org.freedesktop.DBus.Properties.Set", "string:org.a11y.Status", f"string:{name}",
                "variant:boolean:true",
            )  # fmt: skip
        desktop.start(stack, "orca")
        _wait_for_orca(desktop)
        yield desktop


def _furnished(folder: Path) -> Desktop:
    """Configuration files, and an environment without anything of the caller's own."""
    home, spoken = folder / "h", folder / "spoken"
    modules, orca, runtime = home / "speech/modules", home / ".local/share/orca", folder / "r"
    for each in (modules, orca):
        each.mkdir(parents=True)
    runtime.mkdir(mode=0o700)
    spoken.touch()
    (home / "speech/speechd.conf").write_text(_SERVER)
    (modules / "file.conf").write_text(_MODULE.format(voice=VOICE, file=spoken))
    (orca / "orca-customizations.py").write_text(_CUSTOM)
    # Orca runs once a user, by what pgrep says: another one of this user's is none of its business
    blind = home / "bin/pgrep"
    blind.parent.mkdir()
    blind.write_text("#!/bin/sh\nexit 1\n")
    blind.chmod(0o700)
    environment = {
        "PATH": f"{blind.parent}:{os.environ['PATH']}", "HOME": str(home), "XDG_RUNTIME_DIR": str(runtime),
        "LANG": "fr_FR.UTF-8", "LC_ALL": "fr_FR.UTF-8", "LANGUAGE": "fr", "TZ": "Europe/Paris",
        "GNOME_ACCESSIBILITY": "1", "GSETTINGS_BACKEND": "keyfile", "NO_AT_BRIDGE": "0",
    }  # fmt: skip
    return Desktop(home, environment, spoken)


def _wait_for_orca(desktop: Desktop) -> None:
    until = time.monotonic() + PATIENCE
    while not any("Lecteur d’écran activé" in each for each in desktop.lines()):
        if time.monotonic() > until:
            logs = {
                each.name: each.read_text(errors="replace")[-400:]
                for each in desktop.home.glob("*.log")
            }
            raise MissingError(f"Orca says nothing: {json.dumps(logs, ensure_ascii=False)}")
        time.sleep(0.2)


def _bus_launcher() -> str:
    return next((each for each in BUS_LAUNCHERS if Path(each).exists()), "")


def _end(process: subprocess.Popen[bytes]) -> None:
    """With all that it started itself, which is in its own group."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, sign)
        with suppress(subprocess.TimeoutExpired):
            process.wait(3)
