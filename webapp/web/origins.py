"""Where a request comes from, as limits count it: a host, or the /64 of IPv6 that one household
holds, whatever the form in which a proxy in front writes it."""

import ipaddress
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from logging import Logger

UNREADABLE = "unreadable"  # counts as one address of origin, so that no limit is ever off
_BRACKETS = re.compile(r"\[([^\[\]]+)\](?::\d+)?")
_WITH_PORT = re.compile(r"([^:]+):\d+")
_SILENCE = timedelta(hours=1)
_told: dict[str, datetime] = {}  # when this process warned last


@lru_cache(maxsize=1_000)
def counted(remote: str) -> str:
    """« 203.0.113.7 » for itself and for « 203.0.113.7:41234 », « 2001:db8:: » for
    « [2001:db8::1]:443 »; "" when it is no address."""
    found = _BRACKETS.fullmatch(remote.strip()) or _WITH_PORT.fullmatch(remote.strip())
    text = found[1] if found else remote.strip()
    try:
        address = ipaddress.ip_address(text.partition("%")[0])  # no zone: it is the proxy's own
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False).network_address)
    return str(address)


def peer(environ: Mapping[str, object]) -> str:
    """The address that the connection itself came from, whatever a header says."""
    original = environ.get("werkzeug.proxy_fix.orig")
    before = original if isinstance(original, dict) else environ
    return str(before.get("REMOTE_ADDR") or "")


def warn(logger: Logger, now: datetime) -> None:
    """Tell operators what to check, once an hour a process."""
    last = _told.get("last")
    if last is not None and last <= now < last + _SILENCE:
        return
    _told["last"] = now
    logger.warning(
        "a visitor's address can't be read: such visitors are counted together, as the proxy's. "
        "Check TRUSTED_PROXIES, and that the proxy writes X-Forwarded-For as an address, with or "
        "without a port: 203.0.113.7, 203.0.113.7:41234, 2001:db8::1, [2001:db8::1]:443"
    )
