"""`make attack`: each tool against a running portal, its report in build/attack/, a line each.

A tool that is missing is put into a virtual environment of its own below build/ (pinned); one that
can't be had is told with the reason. Exit code 1 when a tool found something.
"""

import json
import re
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable
from pathlib import Path

from tests.faults.portal import Portal, portal
from tests.faults.proxy import installed
from tests.faults.relay import HOST
from tests.faults.visitor import Visitor
from webapp.settings import ROOT

BUILD = ROOT / "build" / "attack"
PINNED = {
    "bandit": "bandit==1.8.6",
    "pip-audit": "pip-audit==2.9.0",
    "sqlmap": "sqlmap==1.9.9",
    "wapiti": "wapiti3==3.2.4",
}
FORMS = {  # path: its fields, whether a member is signed in
    "/connexion": ("email=a@example.org&password=x", False),
    "/inscription": ("number=1&access_code=2&email=a@example.org&password=x", False),
    "/mot-de-passe-oublie": ("email=a@example.org&number=1", False),
    "/espace/preuve": ("present_password=x", True),
    "/espace/securite/mot-de-passe": ("present_password=x&password=y&password_repeat=y", True),
    "/espace/securite/email": ("email=b@example.org&present_password=x", True),
    "/espace/mes-donnees/fermer": ("present_password=x", True),
    "/connexion/cle/directe": ("answer=x&challenge=y", False),
}
Verdict = tuple[str, str]  # « clean », « found » or « missing », and a sentence


def tool(name: str) -> Path | None:
    """Where the tool is: on the machine, or in an environment of its own."""
    if found := shutil.which(name):
        return Path(found)
    home = ROOT / "build" / "tools" / name
    program = home / "bin" / name
    if not program.exists():
        venv.create(home, with_pip=True, clear=True)
        pip = [home / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check"]
        done = subprocess.run([*pip, PINNED[name]], capture_output=True, check=False)
        if done.returncode:  # this Python has no such version: the youngest that it has
            subprocess.run([*pip, PINNED[name].split("=")[0]], capture_output=True, check=False)
    return program if program.exists() else None


def run(report: str, *command: object, seconds: float = 300) -> tuple[int, str]:
    """Run it with its words in a report; returns exit code and words."""
    words = [str(each) for each in command]
    try:
        done = subprocess.run(
            words, cwd=ROOT, capture_output=True, text=True, timeout=seconds, check=False
        )
        code, text = done.returncode, done.stdout + done.stderr
    except subprocess.TimeoutExpired as late:
        code, text = 124, (late.stdout or b"").decode() + f"\nstopped after {seconds:.0f} s\n"
    (BUILD / report).write_text(text)
    return code, text


def bandit(_town: Portal) -> Verdict:
    program = tool("bandit")
    if program is None:
        return "missing", "not to be had from the package index"
    code, text = run("bandit.txt", program, "-q", "-r", "webapp", "-ll")
    issues = text.count(">> Issue")
    return ("found" if issues else "clean"), f"{issues} issues of medium or high severity ({code})"


def pip_audit(_town: Portal) -> Verdict:
    program = tool("pip-audit")
    if program is None:
        return "missing", "not to be had from the package index"
    locked = ["--require-hashes", "--disable-pip", "-r", "requirements/run.txt"]
    code, text = run("pip-audit.txt", program, *locked)
    if "No known vulnerabilities" in text:
        return "clean", "no known weakness in the locked dependencies"
    if re.search(r"^\w[\w.-]+ +\d\S* +(PYSEC|GHSA|CVE)", text, re.MULTILINE):
        return "found", "a dependency has a known weakness: build/attack/pip-audit.txt"
    last = (text.strip().splitlines() or ["no answer"])[-1]
    return "missing", f"its data can't be had from here ({code}): {last[:120]}"


def sqlmap(town: Portal) -> Verdict:
    program = tool("sqlmap")
    if program is None:
        return "missing", "not to be had from the package index"
    member, found, tried = Visitor(town), [], 0
    member.sign_in(town.member(account=True))
    for path, (fields, signed_in) in FORMS.items():
        url = f"http://{HOST}:{town.first.port}{path}"
        cookie = ["--cookie", member.cookie_line()] if signed_in else []
        _, text = run(
            f"sqlmap{path.replace('/', '-')}.txt", program, "-u", url, "--data",
            f"{fields}&csrf_token=x", "--csrf-token=csrf_token", f"--csrf-url={url}", *cookie,
            "--batch", "--level=2", "--risk=2", "--flush-session", "--disable-coloring",
            "--technique=BEUS", "--ignore-code=*", f"--output-dir={BUILD / 'sqlmap'}",
            seconds=240,
        )  # fmt: skip
        tried += "testing" in text
        if re.search(r"is vulnerable|identified the following injection", text):
            found.append(path)
    return ("found", f"injection at {found}") if found else ("clean", f"{tried} forms, nothing")


def wapiti(town: Portal) -> Verdict:
    program = tool("wapiti")
    if program is None:
        return "missing", "not to be had from the package index"
    file = BUILD / "wapiti.json"
    code, text = run(
        "wapiti.txt", program, "-u", f"http://{HOST}:{town.first.port}/", "-f", "json", "-o", file,
        "--scope", "domain", "--flush-session", "--max-scan-time", "240", "--no-bugreport",
        "-m", "csp,cookieflags,crlf,exec,file,http_headers,permanentxss,redirect,sql,ssrf,xss,xxe,"
        "csrf,backup,methods,upload,brute_login_form",
        seconds=330,
    )  # fmt: skip
    if not file.exists():
        last = (text.strip().splitlines() or ["no answer"])[-1]
        return "missing", f"it did not run ({code}): {last[:120]}"
    told = json.loads(file.read_text())["vulnerabilities"]
    found = {name: len(each) for name, each in told.items() if each and name not in EXPLAINED}
    return ("found" if found else "clean"), f"{found or 'nothing'}"


# Over plain HTTP on loopback: no HSTS, no Secure cookie (tests/unit/web/test_headers.py holds both)
EXPLAINED = {
    "HTTP Strict Transport Security (HSTS)",
    "HTTP Secure Headers",
    "Secure Flag cookie",
    "Secure cookie flag",
    "Unencrypted Channels",
}


def every_form(_town: Portal) -> Verdict:
    pytest = [sys.executable, "-m", "pytest", "-q"]
    code, text = run("hypothesis.txt", *pytest, "tests/unit/web/test_requests.py", seconds=600)
    return ("found" if code else "clean"), (text.strip().splitlines() or [""])[-1]


def slow_clients(_town: Portal) -> Verdict:
    if not (installed() and shutil.which("slowhttptest")):
        return "missing", "apt-get install nginx-light slowhttptest"
    pytest = [sys.executable, "-m", "pytest", "-q", "-k", "slow_clients"]
    code, text = run("slowhttptest.txt", "env", "FAULTS=1", *pytest, "tests/faults/test_proxy.py")
    return ("found" if code else "clean"), (text.strip().splitlines() or [""])[-1]


TOOLS: dict[str, Callable[[Portal], Verdict]] = {
    "bandit": bandit,
    "pip-audit": pip_audit,
    "hypothesis": every_form,
    "sqlmap": sqlmap,
    "wapiti": wapiti,
    "slowhttptest": slow_clients,
}


def main(names: list[str]) -> int:
    BUILD.mkdir(parents=True, exist_ok=True)
    verdicts = []
    with tempfile.TemporaryDirectory() as folder:
        database = f"sqlite:///{folder}/portal.sqlite3"
        with portal(Path(folder), database, LIMIT_PER_ADDRESS="0") as town:
            for name in names or list(TOOLS):
                verdict, words = TOOLS[name](town)
                verdicts.append(verdict)
                print(f"{name:14} {verdict:8} {words}", flush=True)
            faults = town.logs().count('"status": 500')
            print(f"{'the portal':14} {'found' if faults else 'clean':8} {faults} answers 500")
    return 1 if "found" in verdicts or faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
