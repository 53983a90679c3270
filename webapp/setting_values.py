"""What one setting may be: a function takes its text and returns its value, or raises ValueError,
whose words go on after the setting's name: what it must be, an example."""

import ipaddress
import re
import ssl
from collections.abc import Callable
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

DEMO_SECRET = "demonstration only: this key protects nothing"  # noqa: S105 - refused outside DEMO
_ADDRESS = re.compile(
    r"(?P<scheme>https?)://(?P<host>\[[\da-fA-F:.]+\]|[^\s/?#@:\[\]\\]+)(:\d+)?/*", re.ASCII
)
_BARE_ADDRESS = re.compile(r"[\w.+=-]{1,64}@[\w-]+(\.[\w-]+)+", re.ASCII)

MADE = "for example the output of python -c 'import secrets; print(secrets.token_urlsafe(48))'"


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine's own."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def secret(text: str) -> str:
    """A key of 32 characters or more, never the demonstration's."""
    if len(text) < 32:
        raise ValueError(f"is too short: it must be 32 characters or more of chance, {MADE}")
    if text == DEMO_SECRET:
        raise ValueError("is the demonstration's: make one of your own, 32 characters or more")
    return text


def secrets(text: str) -> tuple[str, ...]:
    """Keys, separated by commas."""
    return tuple(secret(each.strip()) for each in text.split(",") if each.strip())


def token(text: str) -> str:
    """A key that travels in a header: 32 printable characters or more, without spaces."""
    if len(text) < 32 or not text.isascii() or not text.isprintable() or " " in text:
        raise ValueError(f"must be 32 characters or more of chance, without spaces, {MADE}")
    return text


def url(text: str) -> str:
    """The portal's address without a path: https, unless it is this machine's own."""
    found = _ADDRESS.fullmatch(text)
    try:
        port = urlsplit(text).port if found else None
    except ValueError:
        found, port = None, None
    if not found or port == 0:
        raise ValueError(
            "must be the portal's address without a path, for example https://espace.example.org"
        )
    if found["scheme"] == "http" and not is_loopback(found["host"]):
        raise ValueError("must begin with https://, for example https://espace.example.org")
    return text.rstrip("/")


def database(text: str) -> str:
    """The address of a SQLite file or of a PostgreSQL database."""
    try:
        parsed = make_url(text)
        backend = parsed.get_backend_name()
        nowhere = backend == "sqlite" and parsed.database in (None, "", ":memory:")
    except ArgumentError:
        backend, nowhere = "", True
    if nowhere or backend not in ("sqlite", "postgresql"):
        raise ValueError(
            "must be a SQLAlchemy address, for example sqlite:///portal.sqlite3 or "
            "postgresql+psycopg://portal@db.example.org/portal"
        )
    return text


def whole(low: int, high: int, example: int) -> Callable[[str], int]:
    """The parser of a whole number from `low` to `high`, both included."""

    def parse(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            number = low - 1
        if not low <= number <= high:
            raise ValueError(f"must be a whole number from {low} to {high}, for example {example}")
        return number

    return parse


def switch(text: str) -> bool:
    """On or off."""
    known = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
    if text.lower() not in known:
        raise ValueError("must be 1 or 0, for example 1")
    return known[text.lower()]


def sender(text: str) -> str:
    """A mail address, with a name or without."""
    address = parseaddr(text)[1]
    if "@" not in address or any(ord(sign) < 32 for sign in text):
        raise ValueError("must be an address, for example SMIE <nepasrepondre@example.org>")
    return text


def bare_address(text: str) -> str:
    """A mail address alone, in ASCII: relays are told it as it is."""
    if not _BARE_ADDRESS.fullmatch(text):
        raise ValueError("must be an address alone, for example retours@example.org")
    return text


def authorities(text: str) -> Path:
    """A readable file of certificates in PEM."""
    try:
        ssl.create_default_context(cafile=text)
    except OSError as fault:  # ssl.SSLError too: no certificate in it
        raise ValueError(
            "must be a readable PEM file of certificate authorities, for example "
            "/etc/portal/relay-ca.pem"
        ) from fault
    return Path(text)


def folder(text: str) -> Path:
    """A folder that has a brand.toml."""
    path = Path(text)
    if not (path / "brand.toml").is_file():
        raise ValueError("must be a folder with a brand.toml, for example a copy of static/brand")
    return path


def worker(text: str) -> str:
    """Whether the processes that serve send the mails too."""
    if text not in ("embedded", "external"):
        raise ValueError("must be embedded or external, for example embedded")
    return text
