"""What is written: html-validate (a node process kept running) and the Nu HTML checker (a local
service), both on the document as it came and on the page as it stands after its swaps."""

import json
import socket
import subprocess
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from accessibility import exclusions
from accessibility.checkers.packages import FOLDER, version
from accessibility.finding import Finding

CRITERIA: dict[str, tuple[str, ...]] = {
    "missing-doctype": ("8.1",), "doctype-html": ("8.1",), "doctype-style": ("8.1",),
    "element-required-attributes": ("8.2",), "empty-title": ("8.5",),
    "empty-heading": ("9.1",), "heading-level": ("9.1",), "multiple-labeled-controls": ("11.2",),
    "input-missing-label": ("11.1",), "text-content": ("11.9",), "wcag/h30": ("6.2",),
    "wcag/h32": ("11.9",), "wcag/h36": ("1.1",), "wcag/h37": ("1.1",), "wcag/h67": ("1.2",),
    "wcag/h63": ("5.7",), "wcag/h71": ("11.6",), "area-alt": ("1.1",), "deprecated": ("10.1",),
    "no-deprecated-attr": ("10.1",), "no-style-tag": ("10.1",), "no-inline-style": ("10.1",),
    "no-autoplay": ("4.10",), "meta-refresh": ("13.1",), "tabindex-no-positive": ("12.8",),
    "hidden-focusable": ("10.8",), "no-abstract-role": ("7.1",), "no-redundant-role": ("7.1",),
    "prefer-native-element": ("7.1",), "aria-label-misuse": ("7.1",), "unique-landmark": ("9.2",),
    "valid-autocomplete": ("11.13",), "no-multiple-main": ("9.2",), "svg-focusable": ("7.3",),
    "no-missing-references": ("8.2",), "no-dup-id": ("8.2",), "valid-id": ("8.2",),
    "no-implicit-button-type": ("11.9",), "no-implicit-input-type": ("8.2",),
}  # fmt: skip


class HtmlValidate:
    """html-validate. Use as a context manager."""

    name = f"html-validate {version('html-validate')}"

    def __enter__(self) -> "HtmlValidate":
        script = Path(__file__).with_name("markup.mjs")
        self._process = subprocess.Popen(
            ["node", str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        return self

    def __exit__(self, *_exc: object) -> None:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()

    def look(self, html: str, *, serialised: bool, mail: bool) -> list[Finding]:
        """Its faults; `serialised`: written out by the browser."""
        assert self._process.stdin and self._process.stdout
        off = [*exclusions.HTML_VALIDATE, *(exclusions.SERIALISED if serialised else ())]
        off += [*exclusions.MAILS_MARKUP] if mail else []
        asked = {"html": html, "off": off}
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        told = json.loads(self._process.stdout.readline())
        return [
            Finding(self.name, each["rule"], each["what"], each["where"],
                    CRITERIA.get(each["rule"], ("8.2",)))
            for each in told
        ]  # fmt: skip


class Nu:
    """The Nu HTML checker's service on this machine, started once and shared by address."""

    name = f"Nu HTML checker {version('vnu-jar')}"

    def __init__(self, port: int):
        self.port = port

    @classmethod
    def start(cls) -> tuple["Nu", subprocess.Popen[bytes]]:
        """Start the service, which takes some seconds; the process is the caller's to end."""
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        jar = FOLDER / "vnu-jar" / "build" / "dist" / "vnu.jar"
        process = subprocess.Popen(
            ["java", "-Xss1024k", "-Dnu.validator.servlet.bind-address=127.0.0.1", "-cp", str(jar),
             "nu.validator.servlet.Main", str(port)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        return cls(port), process

    def wait(self, process: subprocess.Popen[bytes]) -> None:
        """Until it answers."""
        for _ in range(240):
            try:
                self._ask("<!doctype html><html lang=fr><title>x</title><p>x")
                return
            except (urllib.error.URLError, ConnectionError):
                if process.poll() is not None:
                    raise SystemExit(
                        "the Nu HTML checker did not start: is java installed?"
                    ) from None
                try:
                    process.wait(0.25)
                except subprocess.TimeoutExpired:
                    continue
        raise SystemExit("the Nu HTML checker did not answer within a minute")

    def look(self, html: str) -> list[Finding]:
        """Its errors and warnings."""
        return [
            Finding(self.name, each.get("subType", each["type"]), each["message"],
                    each.get("extract", "").strip()[:120], _criteria_of(each["message"]))
            for each in self._ask(html)
            if each["type"] == "error" or each.get("subType") == "warning"
        ]  # fmt: skip

    def _ask(self, html: str) -> list[dict[str, Any]]:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/?out=json",
            html.encode("utf-8", "replace"),
            {"Content-Type": "text/html; charset=utf-8"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            found: list[dict[str, Any]] = json.load(answer)["messages"]
        return found


def _criteria_of(message: str) -> tuple[str, ...]:
    """Most of what it says is about valid code; some words name another criterion."""
    words = {"doctype": "8.1", "obsolete": "10.1", "lang": "8.4", "heading": "9.1", "alt": "1.1"}
    lower = message.lower()
    return tuple(dict.fromkeys([n for w, n in words.items() if w in lower])) or ("8.2",)
