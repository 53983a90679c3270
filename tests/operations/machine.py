"""A Debian 12 of its own to play on: a root made by debootstrap, in namespaces of its own.

Its network is loopback alone, so that every port is free and nothing else can be called; only
what fetches packages has the network of the machine that plays. Nothing of it outlives the play.
What costs minutes to fetch stays in build/operations.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.operations.pages import Block, blocks
from webapp.settings import ROOT

CACHE = ROOT / "build" / "operations"
HERE = Path(__file__).parent
HOSTS = (
    "127.0.0.1 localhost espace.example.org db.example.org smtp.example.org imap.example.org "
    "guichet.intra.example.org\n"
)
_MIRROR = "http://deb.debian.org/debian"
_SOURCES = f"""\
deb {_MIRROR} bookworm main
deb {_MIRROR} bookworm-updates main
deb http://deb.debian.org/debian-security bookworm-security main
"""
# devices of its own: a package, or a program of ours, that changes one must not change the host's
_DEVICES = {"null": 3, "zero": 5, "full": 7, "random": 8, "urandom": 9}  # minor numbers, of major 1
# the first process of the namespaces: it waits, buries what ended, and ends them all with itself
_FIRST = """
import signal, sys
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
signal.signal(signal.SIGTERM, lambda *_: sys.exit())
while True: signal.pause()
"""
_FETCHES = ("apt-get ",)
_ENVIRONMENT = {
    "HOME": "/root", "LC_ALL": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive",
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
}  # fmt: skip


class Failed(Exception):
    """A block that did not end well: what was typed, what it answered."""


@dataclass
class Visits:
    """What the members of one visit met, without a failure. `slowest`: seconds of a request."""

    registrations: int = 0
    sign_ins: int = 0
    requests: int = 0
    posts: int = 0
    slowest: float = 0.0

    def __str__(self) -> str:
        return f"{self.registrations} registrations, {self.sign_ins} sign-ins, 0 failures"


@dataclass
class Machine:
    """The machine while it stands. `log`: everything that was typed and answered."""

    root: Path
    first: int
    log: Path
    typed: int = 0
    visits: list[Visits] = field(default_factory=list)
    every_visit: list[Visits] = field(default_factory=list)

    def take_visits(self) -> list[Visits]:
        """What members met since this was asked last."""
        taken, self.visits = self.visits, []
        self.every_visit += taken
        return taken

    def follow(self, page: Path, heading: str = "") -> str:
        """Type a page's blocks in their order; `heading`: those below it alone. Raises Failed."""
        found = blocks(page, heading)
        if not found:
            raise Failed(f"{page.name} has nothing to type below « {heading} »")
        return "".join(self.type(block) for block in found)

    def type(self, block: Block) -> str:
        """Type a document's block; returns what it answered. What fetches packages, up to the end
        of that command, has the network, and a shell of its own. Raises Failed."""
        self.typed += 1
        return "".join(self.run(part, str(block)) for part in _parts(block.typed))

    def run(self, typed: str, where: str = "the play") -> str:
        """Root types this in a shell; returns both outputs. Raises Failed."""
        done = self.attempt(typed)
        with self.log.open("a") as log:
            log.write(f"\n## {where}\n{typed}-- {done.returncode}\n{done.stdout}")
        if done.returncode:
            raise Failed(f"{where} ended with {done.returncode}\n{typed}\n{done.stdout[-3000:]}")
        return done.stdout

    def attempt(self, typed: str) -> "subprocess.CompletedProcess[str]":
        """The same, whatever comes of it."""
        shell = ["/bin/bash", "-e", "-u", "-o", "pipefail", "-c", typed]
        given = [f"{name}={value}" for name, value in _ENVIRONMENT.items()]
        fetches = any(each in typed for each in _FETCHES)
        answer = self.root.parent / "answer"
        with answer.open("w") as told:  # no pipe: a daemon that it starts would hold it open
            done = subprocess.run(
                [*self._enter(network=not fetches), "chroot", self.root, "env", "-C", "/root", "-i",
                 *given, *shell],
                stdin=subprocess.DEVNULL, stdout=told, stderr=told, check=False, timeout=900,
            )  # fmt: skip
        text = answer.read_text(errors="replace")
        return subprocess.CompletedProcess(done.args, done.returncode, text)

    def beside(self, *arguments: str) -> "subprocess.Popen[str]":
        """A process of this checkout on the machine's network: members, not operators."""
        return subprocess.Popen(
            ["nsenter", "-t", str(self.first), "-n", "--", *arguments],
            cwd=ROOT, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True,
        )  # fmt: skip

    def _enter(self, *, network: bool) -> list[str]:
        spaces = ["-m", "-p", "-u", "-i"] + (["-n"] if network else [])
        return ["nsenter", "-t", str(self.first), *spaces]


def _parts(typed: str) -> list[str]:
    lines = typed.splitlines(keepends=True)
    last = max((n for n, line in enumerate(lines) if any(f in line for f in _FETCHES)), default=-1)
    while last >= 0 and lines[last].endswith("\\\n"):
        last += 1
    return [part for part in ("".join(lines[: last + 1]), "".join(lines[last + 1 :])) if part]


@contextmanager
def machine() -> Iterator[Machine]:
    """A new one, with nothing but Debian's base."""
    base, wheels = _base(), _wheels()
    folder = Path(tempfile.mkdtemp(prefix="operations-"))
    root, log = folder / "root", CACHE / "typed.log"
    subprocess.run(["cp", "-a", base, root], check=True)
    _settle(root)
    log.write_text("")
    mirror = folder / "portal.git"
    subprocess.run(["git", "clone", "--quiet", "--bare", ROOT, mirror], check=True)
    holder = subprocess.Popen(
        ["unshare", "-m", "-p", "-n", "-u", "-i", "--fork", "--propagation", "private",
         "sh", "-c", _mounts(root, wheels, mirror), "sh"],
    )  # fmt: skip
    try:
        yield Machine(root, _first_of(holder.pid, root), log)
    finally:
        for child in _children(holder.pid):
            os.kill(child, signal.SIGTERM)
        holder.wait()
        shutil.rmtree(folder)


def _mounts(root: Path, wheels: Path, mirror: Path) -> str:
    seen = {CACHE / "archives": "var/cache/apt/archives", wheels: "opt/wheels", mirror: "opt/git"}
    lines = [f"mkdir -p {root}/{to} && mount --bind {of} {root}/{to}" for of, to in seen.items()]
    return "\n".join([
        "set -e", "ip link set lo up", "hostname espace", *lines,
        f"mount -t proc proc {root}/proc", f"mount -t tmpfs tmpfs {root}/run",
        *_devices(root / "dev"), f"touch {root}/.stands", f"exec python3 -c '{_FIRST}'",
    ])  # fmt: skip


def _devices(dev: Path) -> list[str]:
    made = [f"mknod -m 666 {dev}/{name} c 1 {minor}" for name, minor in _DEVICES.items()]
    return [
        f"mount -t tmpfs -o mode=755 tmpfs {dev}", *made, f"mknod -m 666 {dev}/tty c 5 0",
        f"mkdir -m 1777 {dev}/shm", f"mkdir {dev}/pts", f"ln -s pts/ptmx {dev}/ptmx",
        f"mount -t devpts -o newinstance,ptmxmode=0666 devpts {dev}/pts",
        f"ln -s /proc/self/fd {dev}/fd",
        *(f"ln -s fd/{n} {dev}/{name}" for n, name in enumerate(("stdin", "stdout", "stderr"))),
    ]  # fmt: skip


def _settle(root: Path) -> None:
    """What an installer of Debian and a mutual's network would have seen to."""
    etc, programs = root / "etc", root / "usr" / "local" / "bin"
    (etc / "apt" / "sources.list").write_text(_SOURCES)
    (etc / "hosts").write_text(HOSTS)
    (etc / "hostname").write_text("espace\n")
    (etc / "mailname").write_text("espace.example.org\n")
    shutil.copy("/etc/resolv.conf", etc / "resolv.conf")
    (etc / "pip.conf").write_text("[global]\nno-index = true\nfind-links = /opt/wheels\n")
    (etc / "gitconfig").write_text(
        '[url "file:///opt/git"]\n\tinsteadOf = https://git.example.org/portal.git\n'
        "[safe]\n\tdirectory = *\n"
    )
    policy = root / "usr" / "sbin" / "policy-rc.d"
    policy.write_text("#!/bin/sh\nexit 101\n")  # what fetches is not on the machine's network yet
    policy.chmod(0o755)
    shutil.copy(HERE / "systemctl", programs / "systemctl")
    (programs / "systemctl").chmod(0o755)


def _base() -> Path:
    """Debian's base system, made once."""
    base = CACHE / "base"
    (CACHE / "archives" / "partial").mkdir(parents=True, exist_ok=True)
    if not base.exists():
        making = CACHE / "making"
        shutil.rmtree(making, ignore_errors=True)
        kept = ["--variant=minbase", "--include=ca-certificates,iproute2"]
        subprocess.run(
            ["debootstrap", *kept, "bookworm", making, _MIRROR],
            check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        making.rename(base)
    return base


def _wheels() -> Path:
    """The locked libraries, fetched by this machine's own pip and its settings."""
    wheels = CACHE / "wheels"
    pip = [ROOT / ".venv" / "bin" / "pip", "download", "-qq", "--require-hashes", "-d", wheels]
    for file in ("run.txt", "build.txt"):
        subprocess.run([*pip, "-r", ROOT / "requirements" / file], check=True)
    return wheels


def _first_of(holder: int, root: Path) -> int:
    for _ in range(200):
        if (root / ".stands").exists() and (children := _children(holder)):
            return children[0]
        time.sleep(0.05)
    raise Failed("the machine's namespaces did not come up")


def _children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(each) for each in found.read_text().split()] if found.exists() else []
