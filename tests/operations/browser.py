"""A member's browser, without scripts, through nginx; what it asks and meets is counted."""

import email
import email.policy
import os
import re
import socket
import ssl
import threading
import time
from email.message import EmailMessage
from email.utils import parseaddr
from http.client import HTTPSConnection
from pathlib import Path
from urllib.parse import urlencode

from player.world import PASSWORD

NAME, DOMAIN = "espace.example.org", "adherents.example.org"
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


class Mailbox:
    """A Maildir of many members. A mail is parsed once, however often somebody waits for another,
    and read by one."""

    def __init__(self, folder: Path):
        self._folder, self._turn = folder, threading.Lock()
        self._known: set[str] = set()
        self._mails: dict[str, list[tuple[float, str]]] = {}

    def take(self, address: str, pattern: str, after: float) -> str:
        """What the pattern finds in a mail to that address that came since, "" when none did."""
        with self._turn:
            self._look()
            mails = self._mails.get(address, [])
            for mail in mails:
                came, text = mail
                if came >= after - 1 and (found := re.search(pattern, text, re.MULTILINE)):
                    mails.remove(mail)
                    return str(found[1])
        return ""

    def _look(self) -> None:
        new = self._folder / "new"
        for name in sorted({*(os.listdir(new) if new.exists() else ())} - self._known):
            self._known.add(name)
            file = new / name
            message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
            assert isinstance(message, EmailMessage)
            body = message.get_body(("plain",))
            mail = (file.stat().st_mtime, body.get_content() if body else "")
            _, address = parseaddr(str(message["To"]))
            self._mails.setdefault(address, []).append(mail)


class Broken(Exception):
    """An answer that a member can do nothing with."""


class Browser:
    """One member's browser, without scripts."""

    def __init__(self, mails: Mailbox, address: str):
        self.mails, self.address, self.token = mails, address, ""
        self.cookies: dict[str, str] = {}
        self.requests, self.posts, self.slowest = 0, 0, 0.0
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
        began = time.monotonic()
        try:
            _connect(connection, self._tls)
            connection.request(verb, path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
        finally:
            connection.close()
        self.requests += 1
        self.posts += verb == "POST"
        self.slowest = max(self.slowest, time.monotonic() - began)
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = line.split(";")[0].partition("=")
            self.cookies[name] = value
        if found := _TOKEN.search(text):
            self.token = found[1]
        if answer.status >= 400:
            raise Broken(f"{verb} {path.split('/')[1]}: {answer.status} {_headline(text)}")
        return text, answer.headers.get("Location") or ""

    def mail(self, pattern: str, after: float) -> str:
        """What a mail that came after that moment says. Raises Broken."""
        for _ in range(600):
            if found := self.mails.take(self.address, pattern, after):
                return found
            time.sleep(0.1)
        raise Broken(f"no mail for {self.address} within a minute")

    def prove(self, number: str, code: str) -> bool:
        """Screen 5: whether this letter opens a registration."""
        self.ask("GET", "/inscription")
        about = {"number": number, "access_code": code, "email": self.address}
        about |= {"password": PASSWORD, "password_repeat": PASSWORD}
        try:
            return self.ask("POST", "/inscription", about)[1] == "/inscription/cgu"
        except Broken as refused:
            if ": 422 " in str(refused):
                return False
            raise

    def register(self, number: str, code: str) -> None:
        """Screens 5 to 9. Raises Broken."""
        began = time.time()
        if not self.prove(number, code):
            raise Broken(f"the letter of {self.address} opens nothing")
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
        code = self.mail(r"^(\d{3}\s\d{3}) est votre code", began)
        self.ask("GET", "/connexion/code")
        self._lead("/connexion/code", {"security_code": code}, "/espace")
        self.ask("GET", "/espace")
        self.ask("POST", "/deconnexion", {})

    def _lead(self, path: str, fields: dict[str, str], there: str) -> None:
        text, leads = self.ask("POST", path, fields)
        if leads != there:
            raise Broken(f"POST {path} leads to {leads or _headline(text)!r}")


def _connect(connection: HTTPSConnection, tls: ssl.SSLContext) -> None:
    plain = socket.create_connection(("127.0.0.1", 443), 30)
    connection.sock = tls.wrap_socket(plain, server_hostname=NAME)


def _headline(text: str) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", text, re.DOTALL)
    return re.sub(r"<[^>]+>", "", found[1]).strip() if found else text[:80]
