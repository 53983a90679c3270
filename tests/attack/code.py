"""Tools that read the code and its libraries, or try every form inside the process."""

import re
import sys

from tests.attack.tools import ABSENT, Verdict, last_line, program, run
from tests.attack.town import Town

FUZZED = ("tests/unit/web/test_requests.py", "tests/unit/desk/test_requests.py")
SERVED = ("webapp", "wsgi.py", "gunicorn.conf.py")


def bandit(_town: Town) -> Verdict:
    """Known shapes of weak Python."""
    if not (tool := program("bandit")):
        return ABSENT
    _, text = run("bandit.txt", tool, "-q", "-r", *SERVED, "-ll")
    issues = text.count(">> Issue")
    return ("found" if issues else "clean"), f"{issues} issues of medium or high severity"


def dlint(_town: Town) -> Verdict:
    """The same from another school: dlint's rules, in flake8."""
    if not (tool := program("flake8")):
        return ABSENT
    code, text = run("dlint.txt", tool, "--select=DUO", "--exclude=__pycache__", *SERVED)
    if code and not re.search(r"DUO\d+", text):
        return "missing", f"it did not run: {last_line(text)}"
    issues = len(re.findall(r"DUO\d+", text))
    return ("found" if issues else "clean"), f"{issues} issues"


def pip_audit(_town: Town) -> Verdict:
    """Known weaknesses of the locked libraries, where the data can be had."""
    if not (tool := program("pip-audit")):
        return ABSENT
    locked = ["--require-hashes", "--disable-pip", "-r", "requirements/run.txt"]
    code, text = run("pip-audit.txt", tool, *locked)
    if re.search(r"^\w[\w.-]+ +\d\S* +(PYSEC|GHSA|CVE)", text, re.MULTILINE):
        return "found", "a library has a known weakness: build/attack/pip-audit.txt"
    if unknown := text.count("could not be audited"):
        return "missing", f"{unknown} libraries of which it can't have the data from here"
    if "No known vulnerabilities" not in text:
        return "missing", f"it did not run ({code}): {last_line(text)}"
    return "clean", "no known weakness in the locked libraries"


def every_form(_town: Town) -> Verdict:
    """Hypothesis: any text and any bytes in every field of every form, of both."""
    pytest = [sys.executable, "-m", "pytest", "-q"]
    code, text = run("hypothesis.txt", *pytest, *FUZZED, seconds=600)
    return ("found" if code else "clean"), last_line(text)
