"""Members who register and sign in through nginx while operators do what the documents say.

`python -m tests.operations.members COURRIERS MAILDIR` registers everybody of that file, says
"ready", signs them in one after the other until its input ends, and prints what it met as JSON.
"""

import csv
import email
import email.policy
import json
import re
import socket
import ssl
import sys
import threading
import time
from collections.abc import Callable
from email.message import EmailMessage
from http.client import HTTPException, HTTPSConnection
from pathlib import Path
from urllib.parse import urlencode

from player.world import PASSWORD

NAME, DOMAIN = "espace.example.org", "adherents.example.org"
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
_BROWSERS = 3


class Broken(Exception):
    """An answer that a member can do nothing with."""


class Browser:
    """One member's browser, without scripts."""

    def __init__(self, mails: Path, address: str):
        self.mails, self.address, self.cookies, self.token = mails, address, {}, ""
        self.requests = 0
        self._tls = ssl.create_default_context()
        self._tls.check_hostname, self._tls.verify_mode = False, ssl.CERT_NONE

    def ask(self, verb: str, path: str, fields: dict[str, str] | None = None) -> tuple[str, str]:
        """The text of the answer and where it leads. Raises Broken, OSError, HTTPException."""
        connection = HTTPSConnection("127.0.0.1", 443, timeout=30, context=self._tls)
        connection.sock = None
        body = urlencode({"csrf_token": self.token} | fields) if fields is not None else None
        headers = {"Host": NAME, "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            _connect(connection, self._tls)
            connection.request(verb, path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
        finally:
            connection.close()
        self.requests += 1
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = line.split(";")[0].partition("=")
            self.cookies[name] = value
        if found := _TOKEN.search(text):
            self.token = found[1]
        if answer.status >= 400:
            raise Broken(f"{verb} {path.split('/')[1]}: {answer.status} {_headline(text)}")
        return text, answer.headers.get("Location") or ""

    def mail(self, pattern: str, after: float) -> str:
        """What a mail that came after that moment says."""
        for _ in range(600):
            for file in [*self.mails.glob("new/*"), *self.mails.glob("cur/*")]:
                if file.stat().st_mtime >= after - 1 and (found := self._found(file, pattern)):
                    return found
            time.sleep(0.1)
        raise Broken(f"no mail for {self.address} within a minute")

    def _found(self, file: Path, pattern: str) -> str:
        message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        if self.address not in str(message["To"]) or file in _READ:
            return ""
        body = message.get_body(("plain",))
        found = re.search(pattern, body.get_content() if body else "", re.MULTILINE)
        if found:
            _READ.add(file)
        return found[1] if found else ""

    def register(self, number: str, code: str) -> None:
        """Screens 5 to 9."""
        began = time.time()
        self.ask("GET", "/inscription")
        about = {"number": number, "access_code": code, "email": self.address}
        self.ask(
            "POST", "/inscription", about | {"password": PASSWORD, "password_repeat": PASSWORD}
        )
        self.ask("GET", "/inscription/cgu")
        self.ask("POST", "/inscription/cgu", {"accept": "y"})
        link = self.mail(r"https://[^/\s]+(/inscription/validation/\S+)", began)
        self.ask("GET", link)
        self.ask("POST", link, {})

    def sign_in(self) -> None:
        """Screens 10 to 13, and out again."""
        self.cookies, began = {}, time.time()
        self.ask("GET", "/connexion")
        self._lead("/connexion", {"email": self.address, "password": PASSWORD}, "/connexion/code")
        code = self.mail(r"^(\d{6})$", began)
        self.ask("GET", "/connexion/code")
        self._lead("/connexion/code", {"security_code": code}, "/espace")
        self.ask("GET", "/espace")
        self.ask("POST", "/deconnexion", {})

    def _lead(self, path: str, fields: dict[str, str], there: str) -> None:
        text, leads = self.ask("POST", path, fields)
        if leads != there:
            raise Broken(f"POST {path} leads to {leads or _headline(text)!r}")


_READ: set[Path] = set()


def _connect(connection: HTTPSConnection, tls: ssl.SSLContext) -> None:
    plain = socket.create_connection(("127.0.0.1", 443), 30)
    connection.sock = tls.wrap_socket(plain, server_hostname=NAME)


def _headline(text: str) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", text, re.DOTALL)
    return re.sub(r"<[^>]+>", "", found[1]).strip() if found else text[:80]


def main(letters: str, mails: str) -> None:
    """See the module."""
    with Path(letters).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    browsers = [Browser(Path(mails), f"m{row['numero_adherent']}@{DOMAIN}") for row in rows]
    for browser, row in zip(browsers, rows, strict=True):
        browser.register(row["numero_adherent"].strip(), row["code_acces"])
    told: dict[str, list[str]] = {"sign_ins": [], "failures": []}
    over = threading.Event()
    print("ready", flush=True)
    threads = [
        threading.Thread(target=_come_and_go, args=(browsers[n::_BROWSERS], told, over))
        for n in range(_BROWSERS)
    ]
    for thread in threads:
        thread.start()
    sys.stdin.read()
    over.set()
    for thread in threads:
        thread.join()
    requests = sum(each.requests for each in browsers)
    print(json.dumps({
        "sign_ins": len(told["sign_ins"]), "requests": requests, "failures": told["failures"],
    }))  # fmt: skip


def _come_and_go(
    browsers: list[Browser], told: dict[str, list[str]], over: threading.Event
) -> None:
    while True:
        for browser in browsers:
            _try(browser.sign_in, browser.address, told)
            over.wait(0.1)
        if over.is_set():
            return


def _try(act: Callable[[], None], who: str, told: dict[str, list[str]]) -> None:
    try:
        act()
        told["sign_ins"].append(who)
    except (Broken, OSError, HTTPException) as fault:
        told["failures"].append(f"{type(fault).__name__}: {fault}")


if __name__ == "__main__":
    main(*sys.argv[1:])
