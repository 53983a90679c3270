"""The settings, read from the environment once. Every fault is told, by name, before the start."""

import ipaddress
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

ROOT = Path(__file__).resolve().parent.parent
DEMO_SECRET = "demonstration only: this key protects nothing"  # noqa: S105 - refused outside DEMO
REAL_DATABASE = f"sqlite:///{ROOT / 'instance' / 'portal.sqlite3'}"
DEMO_DATABASE = f"sqlite:///{ROOT / 'instance' / 'demo.sqlite3'}"  # never the real one
_ADDRESS = re.compile(
    r"(?P<scheme>https?)://(?P<host>\[[\da-fA-F:.]+\]|[^\s/?#@:\[\]\\]+)(:\d+)?/*", re.ASCII
)
LOOPBACK_NAMES = ("127.0.0.1", "localhost", "[::1]")


class SettingsError(Exception):
    """One line a fault: the setting's name, what it must be, an example."""


@dataclass(frozen=True)
class Settings:
    """All settings. Contract: names and meanings change only when the README says so."""

    secret_key: str = field(repr=False)
    public_url: str
    mail_server: str
    secret_key_fallbacks: tuple[str, ...] = field(default=(), repr=False)
    metrics_token: str = field(default="", repr=False)
    demo: bool = False
    qa: bool = False
    database_url: str = field(default=REAL_DATABASE, repr=False)
    mail_port: int = 25
    mail_use_tls: bool = False
    mail_use_ssl: bool = False
    mail_username: str = ""
    mail_password: str = field(default="", repr=False)
    mail_default_sender: str = "SMIE <nepasrepondre@example.org>"
    mail_worker: str = "embedded"
    brand_dir: Path = ROOT / "static" / "brand"
    trusted_proxies: int = 0
    trusted_device_days: int = 30
    limit_per_address: int = 100
    limit_recoveries_per_address: int = 20
    argon2_time_cost: int = 2
    argon2_memory_cost: int = 19_456
    argon2_parallelism: int = 1

    @property
    def secure(self) -> bool:
        """Whether members reach the portal over HTTPS; cookies and headers follow."""
        return self.public_url.startswith("https://")

    @property
    def test_members(self) -> bool:
        """Whether test members may be on the roll: never where real ones are served."""
        return self.qa or self.demo or is_loopback(urlsplit(self.public_url).hostname or "")

    @property
    def hosts(self) -> list[str]:
        """The Host names that the portal answers to."""
        host = urlsplit(self.public_url).hostname or ""
        return list(LOOPBACK_NAMES) if is_loopback(host) else [host]


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine's own."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


Values = dict[str, Any]  # by the settings' names, each of its field's type


def read(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings in the environment. Raises SettingsError that names every fault."""
    given = os.environ if environment is None else environment
    faults: list[str] = []
    values: Values = {}
    for name, parse in _PARSERS.items():
        text = given.get(name.upper(), "").strip()
        if not text:
            continue
        try:
            values[name] = parse(text)
        except ValueError as fault:
            faults.append(f"{name.upper()} {fault}")
    faults += _demo_faults(values) if values.get("demo") else _missing(values, faults)
    if faults:
        raise SettingsError("\n".join(faults))
    if values.get("demo"):
        values = {
            "secret_key": DEMO_SECRET,
            "mail_server": "",
            "database_url": DEMO_DATABASE,
        } | values
        values.setdefault("public_url", f"http://127.0.0.1:{given.get('PORT') or 8000}")
    return Settings(**values)


def read_brand_dir(environment: Mapping[str, str] | None = None) -> Path:
    """BRAND_DIR alone, for what needs no other setting. Raises SettingsError."""
    given = os.environ if environment is None else environment
    text = given.get("BRAND_DIR", "").strip()
    try:
        return _folder(text) if text else Settings.brand_dir
    except ValueError as fault:
        raise SettingsError(f"BRAND_DIR {fault}") from fault


def _missing(values: Values, faults: list[str]) -> list[str]:
    told = {fault.split()[0] for fault in faults}
    absent = [name for name in _REQUIRED if name not in values and name.upper() not in told]
    return [f"{name.upper()} is missing: it must be {_REQUIRED[name]}" for name in absent]


def _demo_faults(values: Values) -> list[str]:
    faults = []
    if "mail_server" in values:
        faults.append(
            "MAIL_SERVER must not be set with DEMO=1, whose mails stay in the demo mailbox"
        )
    host = urlsplit(values.get("public_url", "http://127.0.0.1")).hostname or ""
    if not is_loopback(host):
        faults.append(
            "PUBLIC_URL must be a loopback address with DEMO=1, for example http://127.0.0.1:8000"
        )
    return faults


def _secret(text: str) -> str:
    if len(text) < 32:
        raise ValueError(
            "is too short: it must be 32 characters or more of chance, for example the output of "
            "python -c 'import secrets; print(secrets.token_urlsafe(48))'"
        )
    if text == DEMO_SECRET:
        raise ValueError("is the demonstration's: make one of your own, 32 characters or more")
    return text


def _secrets(text: str) -> tuple[str, ...]:
    return tuple(_secret(each.strip()) for each in text.split(",") if each.strip())


def _token(text: str) -> str:
    if len(text) < 32 or not text.isascii() or not text.isprintable() or " " in text:
        raise ValueError(
            "must be 32 characters or more of chance, without spaces, for example the output of "
            "python -c 'import secrets; print(secrets.token_urlsafe(48))'"
        )
    return text


def _url(text: str) -> str:
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


def _database(text: str) -> str:
    try:
        url = make_url(text)
        backend = url.get_backend_name()
        nowhere = backend == "sqlite" and url.database in (None, "", ":memory:")
    except ArgumentError:
        backend, nowhere = "", True
    if nowhere or backend not in ("sqlite", "postgresql"):
        raise ValueError(
            "must be a SQLAlchemy address, for example sqlite:///portal.sqlite3 or "
            "postgresql+psycopg://portal@db.example.org/portal"
        )
    return text


def _whole(low: int, high: int, example: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            number = low - 1
        if not low <= number <= high:
            raise ValueError(f"must be a whole number from {low} to {high}, for example {example}")
        return number

    return parse


def _switch(text: str) -> bool:
    known = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
    if text.lower() not in known:
        raise ValueError("must be 1 or 0, for example 1")
    return known[text.lower()]


def _sender(text: str) -> str:
    address = parseaddr(text)[1]
    if "@" not in address or any(ord(sign) < 32 for sign in text):
        raise ValueError("must be an address, for example SMIE <nepasrepondre@example.org>")
    return text


def _folder(text: str) -> Path:
    folder = Path(text)
    if not (folder / "brand.toml").is_file():
        raise ValueError("must be a folder with a brand.toml, for example a copy of static/brand")
    return folder


def _worker(text: str) -> str:
    if text not in ("embedded", "external"):
        raise ValueError("must be embedded or external, for example embedded")
    return text


_REQUIRED = {
    "secret_key": "32 characters or more of chance, for example the output of "
    "python -c 'import secrets; print(secrets.token_urlsafe(48))'",
    "public_url": "the portal's address, for example https://espace.example.org",
    "mail_server": "the mail relay's host name, for example smtp.example.org",
}
_PARSERS: dict[str, Callable[[str], object]] = {
    "demo": _switch,
    "qa": _switch,
    "secret_key": _secret,
    "secret_key_fallbacks": _secrets,
    "metrics_token": _token,
    "public_url": _url,
    "mail_server": str,
    "database_url": _database,
    "mail_port": _whole(1, 65_535, 25),
    "mail_use_tls": _switch,
    "mail_use_ssl": _switch,
    "mail_username": str,
    "mail_password": str,
    "mail_default_sender": _sender,
    "mail_worker": _worker,
    "brand_dir": _folder,
    "trusted_proxies": _whole(0, 10, 1),
    "trusted_device_days": _whole(0, 30, 30),
    "limit_per_address": _whole(0, 1_000_000, 100),
    "limit_recoveries_per_address": _whole(0, 1_000_000, 20),
    "argon2_time_cost": _whole(1, 100, 2),
    "argon2_memory_cost": _whole(8, 4_194_304, 19_456),
    "argon2_parallelism": _whole(1, 64, 1),
}
if set(_PARSERS) != {each.name for each in fields(Settings)}:
    raise RuntimeError("every setting needs its parser")
