"""What an address among the settings may be, written as those who read it later write it:
browsers, mail relays, SQLAlchemy. As in setting_values.py, a function takes the text and returns
the value, or raises ValueError, which says what it must be, and an example."""

import ipaddress
import re
from contextlib import suppress
from email.errors import ObsoleteHeaderDefect
from email.headerregistry import Address
from email.policy import default as policy

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from webapp.setting_values import ROOT, is_loopback

LONGEST_HOST, LONGEST_LABEL = 253, 63  # RFC 1035
LONGEST_ADDRESS, LONGEST_LOCAL_PART, LONGEST_NAME = 254, 64, 100  # RFC 5321; signs
PORTS = {"https": 443, "http": 80}
# what browsers open no page on (WHATWG Fetch, « port blocking »), those of other protocols
CLOSED_PORTS = frozenset((
    1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102,
    103, 104, 109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465,
    512, 513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993,
    995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668,
    6669, 6679, 6697, 10080,
))  # fmt: skip
_URL = re.compile(
    r"(?P<scheme>https?)://(?P<host>\[[\da-fA-F:.]+\]|[^\s/?#@:%\[\]\\]+)(?::(?P<port>\d{1,5}))?/*",
    re.ASCII | re.IGNORECASE,
)
_LABEL = re.compile(r"[a-z\d]([a-z\d-]*[a-z\d])?", re.ASCII)
_NUMBER = re.compile(r"\d+|0x[\da-f]*", re.ASCII)
_ATOMS = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*", re.ASCII)
_DATABASES = (
    "must be a SQLAlchemy address, for example sqlite:////srv/portal/data/portal.sqlite3 or "
    "postgresql+psycopg://portal@db.example.org/portal"
)


def domain(text: str) -> str:
    """A host name as browsers and certificates write it: lower case, « é » as xn--…

    Raises ValueError for what is none: an address, a trailing dot, an underscore, an empty label.
    """
    name = text.lower()
    if not name.isascii() or "xn--" in name:
        import idna  # heavy, and most hosts have no accent

        name = idna.encode(name, uts46=True, std3_rules=True).decode("ascii")
    labels = name.split(".")
    if len(name) > LONGEST_HOST or _NUMBER.fullmatch(labels[-1]):
        raise ValueError("no host name")
    if not all(len(each) <= LONGEST_LABEL and _LABEL.fullmatch(each) for each in labels):
        raise ValueError("no host name")
    return name


def url(text: str) -> str:
    """The portal's address as browsers write its origin, without a path: https, unless it is this
    machine's own. Passkeys are bound to it, to the letter."""
    found = _URL.fullmatch(text)
    try:
        if not found:
            raise ValueError("no address")
        scheme, host = found["scheme"].lower(), _web_host(found["host"])
        port = int(found["port"] or PORTS[scheme])
        if not 1 <= port <= 65_535:
            raise ValueError("no port")
    except ValueError:
        raise ValueError(
            "must be the portal's address as browsers write it, a host name without a path, "
            "for example https://espace.example.org"
        ) from None
    if port in CLOSED_PORTS:
        raise ValueError(
            f"must have a port that browsers open, not {port}, "
            "for example https://espace.example.org"
        )
    if scheme == "http" and not is_loopback(host):
        raise ValueError("must begin with https://, for example https://espace.example.org")
    if host != "localhost" and not is_loopback(host) and _is_ip(host):
        raise ValueError(
            "must have a host name, since browsers make no passkey for a bare address, "
            "for example https://espace.example.org"
        )
    return f"{scheme}://{host}" + ("" if port == PORTS[scheme] else f":{port}")


def relay(text: str) -> str:
    """A mail relay's host name or address, as the resolver and certificates take it."""
    bare = text.removeprefix("[").removesuffix("]") if text.startswith("[") else text
    try:
        if _is_ip(bare):
            return bare
        # names of containers may have an underscore, which no certificate has
        domain(text.removesuffix(".").replace("_", "-"))
        name = text.removesuffix(".").lower()
        return name if "_" in name else domain(name)
    except ValueError:
        raise ValueError(
            "must be the mail relay's host name alone, its port is MAIL_PORT, "
            "for example smtp.example.org"
        ) from None


def sender(text: str) -> str:
    """One mail address, with a name or without, as relays take it: its domain in ASCII."""
    header = policy.header_factory("From", text)
    faults = [each for each in header.defects if not isinstance(each, ObsoleteHeaderDefect)]
    try:
        (found,) = header.addresses
        name, local, host = found.display_name, found.username, domain(found.domain)
        if faults or not _ATOMS.fullmatch(local) or "." not in host:
            raise ValueError("no address")
        if len(local) > LONGEST_LOCAL_PART or len(f"{local}@{host}") > LONGEST_ADDRESS:
            raise ValueError("too long")
        if len(name) > LONGEST_NAME or not name.isprintable():
            raise ValueError("too long, or not to be shown")
        if "(" in text and "(" not in name:
            raise ValueError("a comment, which nobody would be shown")
    except ValueError:
        raise ValueError(
            "must be one address without accents before its @, after a name of 100 signs at most, "
            "in quotes if it has a comma or brackets, for example SMIE <nepasrepondre@example.org>"
        ) from None
    return str(Address(name, local, host))


def mailbox(text: str) -> str:
    """A mail address alone, as relays take it in an envelope: its domain in ASCII."""
    with suppress(ValueError):
        if "<" not in (kept := sender(text)):
            return kept
    raise ValueError(
        "must be an address alone, without accents before its @, for example retours@example.org"
    )


def database(text: str) -> str:
    """The address of a SQLite file, absolute (a relative one begins at the portal's folder, from
    wherever a command is run), or of a PostgreSQL database."""
    try:
        parsed = make_url(text)
    except (ArgumentError, ValueError):
        raise ValueError(_DATABASES) from None
    if parsed.drivername in ("sqlite", "sqlite+pysqlite"):
        path = parsed.database or ""
        if path in ("", ":memory:") or path.startswith("file:") or parsed.query or parsed.host:
            raise ValueError(
                "must be a SQLite file without options, ? and # in its path written %3F and %23, "
                "for example sqlite:////srv/portal/data/portal.sqlite3"
            )
        absolute = parsed.set(database=str(ROOT / path))
        return absolute.render_as_string(hide_password=False)
    if parsed.drivername == "postgres":  # as some hosts of databases write it
        parsed = parsed.set(drivername="postgresql")
    if parsed.drivername not in ("postgresql", "postgresql+psycopg"):
        raise ValueError(_DATABASES)
    from webapp import setting_postgres  # its library is for this alone

    setting_postgres.check(parsed)
    return parsed.render_as_string(hide_password=False)


def _web_host(text: str) -> str:
    if text.startswith("["):
        return f"[{ipaddress.IPv6Address(text[1:-1]).compressed}]"
    return str(ipaddress.IPv4Address(text)) if _is_ip(text) else domain(text)


def _is_ip(text: str) -> bool:
    try:
        ipaddress.ip_address(text.strip("[]"))
    except ValueError:
        return False
    return True
