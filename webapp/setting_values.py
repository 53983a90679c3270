"""What one setting may be: a function takes its text and returns its value, or raises ValueError,
whose words go on after the setting's name: what it must be, an example."""

import ipaddress
import re
import ssl
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DEMO_SECRET = "demonstration only: this key protects nothing"  # noqa: S105 - refused outside DEMO
LEAST_SIGNS = 8  # different ones: fewer are no chance
_WHOLE = re.compile(r"-?\d+", re.ASCII)
MADE = "for example the output of python -c 'import secrets; print(secrets.token_urlsafe(48))'"


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine's own."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def line(text: str) -> str:
    """What any setting may be: one line of text, as it is meant.

    Some ways to read a file of settings take the quotes around a value off, others keep them, and
    one key would be two.
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("must be written in UTF-8, for example by an editor set to it") from None
    if any(ord(sign) < 32 or ord(sign) == 127 for sign in text):
        raise ValueError("must be one line, for example without a tab")
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        raise ValueError("must be without the quotes around it, for example portal, not 'portal'")
    return text


def secret(text: str) -> str:
    """A key of 32 characters or more, never the demonstration's."""
    if len(text) < 32:
        raise ValueError(f"is too short: it must be 32 characters or more of chance, {MADE}")
    if len(set(text)) < LEAST_SIGNS:
        raise ValueError(f"repeats a few characters: it must be chance, {MADE}")
    if text == DEMO_SECRET:
        raise ValueError("is the demonstration's: make one of your own, 32 characters or more")
    return text


def secrets(text: str) -> tuple[str, ...]:
    """Keys, separated by commas."""
    return tuple(dict.fromkeys(secret(each.strip()) for each in text.split(",") if each.strip()))


def token(text: str) -> str:
    """A key that travels in a header: 32 printable characters or more, without spaces."""
    printable = text.isascii() and text.isprintable() and " " not in text
    if len(text) < 32 or len(set(text)) < LEAST_SIGNS or not printable:
        raise ValueError(f"must be 32 characters or more of chance, without spaces, {MADE}")
    return text


def whole(low: int, high: int, example: int) -> Callable[[str], int]:
    """The parser of a whole number from `low` to `high`, both included."""

    def parse(text: str) -> int:
        number = int(text) if _WHOLE.fullmatch(text) else low - 1
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


def authorities(text: str) -> Path:
    """A readable file of certificates in PEM; a relative path begins at the portal's folder."""
    path = ROOT / text
    try:
        ssl.create_default_context(cafile=path)
    except OSError as fault:  # ssl.SSLError too: no certificate in it
        raise ValueError(
            "must be a readable PEM file of certificate authorities, for example "
            "/etc/portal/relay-ca.pem"
        ) from fault
    return path


def folder(text: str) -> Path:
    """A folder that has a brand.toml; a relative one begins at the portal's folder."""
    path = ROOT / text
    try:
        found = (path / "brand.toml").is_file()
    except OSError:  # no right to look into it
        found = False
    if not found:
        raise ValueError(
            "must be a folder with a brand.toml, which the portal may read, for example a copy of "
            "static/brand"
        )
    return path


def worker(text: str) -> str:
    """Whether the processes that serve send the mails too."""
    if text not in ("embedded", "external"):
        raise ValueError("must be embedded or external, for example embedded")
    return text
