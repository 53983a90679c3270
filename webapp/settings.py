"""The settings, read from the environment once. Every fault is told, by name, before the start."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import URL, make_url

from webapp import setting_addresses, setting_pairs, setting_values
from webapp.setting_values import DEMO_SECRET, is_loopback

ROOT = setting_values.ROOT


def _embedded(name: str) -> str:
    # a path is no address: its % and ? must be written otherwise
    return URL.create("sqlite", database=str(ROOT / "instance" / name)).render_as_string()


REAL_DATABASE = _embedded("portal.sqlite3")
DEMO_DATABASE = _embedded("demo.sqlite3")  # never the real one
OUR_BRAND = ROOT / "static" / "brand"
OUR_SENDER = "SMIE <nepasrepondre@example.org>"
LAST_PORT = 65_535
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
    mail_default_sender: str = OUR_SENDER
    mail_bounces: str = ""
    mail_bounces_password: str = field(default="", repr=False)
    mail_reply_to: str = ""
    mail_ca_file: Path | None = None
    mail_worker: str = "embedded"
    brand_dir: Path = OUR_BRAND
    trusted_proxies: int = 0
    trusted_device_days: int = 30
    households: bool = True
    limit_per_address: int = 100
    limit_recoveries_per_address: int = 20
    desk_url: str = ""
    desk_looks_per_hour: int = 60
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
    def warnings(self) -> tuple[str, ...]:
        """What is better changed where real members are served, a line each."""
        if self.test_members:
            return ()
        told = []
        if "," in self.secret_key:
            told.append(
                "SECRET_KEY has a comma, which stands between the keys of SECRET_KEY_FALLBACKS, so "
                f"it can never be one: make another before the letters, {setting_values.MADE}"
            )
        if self.brand_dir.resolve() == OUR_BRAND:
            told.append(
                "BRAND_DIR is not set: pages and mails show the demonstration's name and its "
                "invented telephone number; set it to a folder of your own, for example "
                "/srv/portal-brand, a copy of static/brand with its brand.toml changed"
            )
        if self.mail_default_sender == OUR_SENDER:
            told.append(
                "MAIL_DEFAULT_SENDER is not set: mails are written by the demonstration's "
                "address, which nobody reads; set it, for example to "
                "Mutuelle <nepasrepondre@mutuelle.example.org>"
            )
        return tuple(told)

    @property
    def hosts(self) -> list[str]:
        """The Host names that the portal answers to."""
        host = urlsplit(self.public_url).hostname or ""
        written = f"[{host}]" if ":" in host else host
        return list(dict.fromkeys([written, *(LOOPBACK_NAMES if is_loopback(host) else ())]))


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
            values[name] = parse(setting_values.line(text))
        except ValueError as fault:
            faults.append(f"{name.upper()} {fault}")
    faults += _demo_faults(values) if values.get("demo") else _missing(values, faults)
    faults += setting_pairs.faults(values, {fault.split()[0] for fault in faults})
    if values.get("demo"):
        faults += [each for each in (_port_fault(given),) if each]
    try:
        processes(given)  # gunicorn reads it before any file of ours: a command says it in a line
    except SettingsError as fault:
        faults.append(str(fault))
    if faults:
        raise SettingsError("\n".join(faults))
    if values.get("demo"):
        values = {
            "secret_key": DEMO_SECRET,
            "mail_server": "",
            "database_url": DEMO_DATABASE,
        } | values
        here = setting_addresses.url(f"http://localhost:{port(given)}")  # where passkeys work
        values.setdefault("public_url", here)
        beside = setting_addresses.url(f"http://localhost:{port(given) + 1}")
        values.setdefault("desk_url", beside)
    return Settings(**values)


def refuse_unnamed_database(
    settings: Settings, environment: Mapping[str, str] | None = None
) -> None:
    """Raise SettingsError where nobody named a database and the usual file does not exist: whoever
    lost the settings would find an empty portal, and believe it."""
    given = os.environ if environment is None else environment
    file = make_url(settings.database_url).database or ""
    if settings.demo or given.get("DATABASE_URL", "").strip() or Path(file).exists():
        return
    raise SettingsError(
        f"DATABASE_URL is not set, and the usual file {file} does not exist: a database is named "
        "before it is made, for example DATABASE_URL=sqlite:///instance/portal.sqlite3"
    )


def read_brand_dir(environment: Mapping[str, str] | None = None) -> Path:
    """BRAND_DIR alone, for what needs no other setting. Raises SettingsError."""
    given = os.environ if environment is None else environment
    text = given.get("BRAND_DIR", "").strip()
    try:
        return setting_values.folder(text) if text else Settings.brand_dir
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


def _port_fault(given: Mapping[str, str]) -> str:
    try:
        if port(given) in setting_addresses.CLOSED_PORTS:
            return f"PORT must be one that browsers open, not {port(given)}, for example 8000"
        if port(given) + 1 in (LAST_PORT + 1, *setting_addresses.CLOSED_PORTS):
            return (
                f"PORT must not be {port(given)}: the desk takes the next one, which browsers do "
                "not open, for example 8000"
            )
    except SettingsError as fault:
        return str(fault)
    return ""


def port(environment: Mapping[str, str]) -> int:
    """PORT, which the server binds. Raises SettingsError."""
    return _number(environment, "PORT", 1, LAST_PORT, 8000)


def processes(environment: Mapping[str, str]) -> int:
    """WEB_CONCURRENCY, how many processes serve. Raises SettingsError, for an empty one too, which
    gunicorn takes for a number."""
    if not environment.get("WEB_CONCURRENCY", "2").strip():
        raise SettingsError("WEB_CONCURRENCY is empty: it must be left out or be, for example, 2")
    return _number(environment, "WEB_CONCURRENCY", 1, 256, 2)


def _number(environment: Mapping[str, str], name: str, low: int, high: int, usual: int) -> int:
    text = environment.get(name, "").strip()
    try:
        return setting_values.whole(low, high, usual)(text) if text else usual
    except ValueError as fault:
        raise SettingsError(f"{name} {fault}") from fault


_REQUIRED = {
    "secret_key": f"32 characters or more of chance, {setting_values.MADE}",
    "public_url": "the portal's address, for example https://espace.example.org",
    "mail_server": "the mail relay's host name, for example smtp.example.org",
}
_PARSERS: dict[str, Callable[[str], object]] = {
    "demo": setting_values.switch,
    "qa": setting_values.switch,
    "secret_key": setting_values.secret,
    "secret_key_fallbacks": setting_values.secrets,
    "metrics_token": setting_values.token,
    "public_url": setting_addresses.url,
    "mail_server": setting_addresses.relay,
    "database_url": setting_addresses.database,
    "mail_port": setting_values.whole(1, 65_535, 25),
    "mail_use_tls": setting_values.switch,
    "mail_use_ssl": setting_values.switch,
    "mail_username": str,
    "mail_password": str,
    "mail_default_sender": setting_addresses.sender,
    "mail_bounces": setting_addresses.mailbox,
    "mail_bounces_password": str,
    "mail_reply_to": setting_addresses.sender,
    "mail_ca_file": setting_values.authorities,
    "mail_worker": setting_values.worker,
    "brand_dir": setting_values.folder,
    "trusted_proxies": setting_values.whole(0, 10, 1),
    "trusted_device_days": setting_values.whole(0, 30, 30),
    "households": setting_values.switch,
    "limit_per_address": setting_values.whole(0, 1_000_000, 100),
    "limit_recoveries_per_address": setting_values.whole(0, 1_000_000, 20),
    "desk_url": setting_addresses.url,
    "desk_looks_per_hour": setting_values.whole(1, 100_000, 60),
    "argon2_time_cost": setting_values.whole(1, 100, 2),
    "argon2_memory_cost": setting_values.whole(8, 4_194_304, 19_456),
    "argon2_parallelism": setting_values.whole(1, 64, 1),
}
if set(_PARSERS) != {each.name for each in fields(Settings)}:
    raise RuntimeError("every setting needs its parser")
