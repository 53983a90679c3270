"""Settings that are right each for itself and can't be so together."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from webapp import setting_values


def faults(values: Mapping[str, Any], told: set[str]) -> list[str]:
    """A line a fault. `values`: what was read, by the settings' names; `told`: the names, in
    capitals, of those that are wrong for themselves."""
    return [
        *_accounts(values, told),
        *_ports(values),
        *_keys(values),
        *_costs(values),
        *_desk(values),
    ]


def _accounts(values: Mapping[str, Any], told: set[str]) -> list[str]:
    """The relay's account is a name and a password: with one alone nobody would sign in."""
    found = []
    for name, other in (
        ("mail_username", "mail_password"),
        ("mail_password", "mail_username"),
    ):
        if name in values and other not in values and other.upper() not in told:
            found.append(
                f"{other.upper()} is missing: it must be the relay's account's, since "
                f"{name.upper()} is set, for example {name.upper()} left out for a relay without "
                "accounts"
            )
    return found


def _ports(values: Mapping[str, Any]) -> list[str]:
    """Where a relay would wait for other words than ours, no mail ever leaves."""
    tls, ssl, port = (values.get(f"mail_{each}") for each in ("use_tls", "use_ssl", "port"))
    if tls and ssl:
        return [
            "MAIL_USE_TLS must not be 1 with MAIL_USE_SSL=1: choose one, for example MAIL_USE_TLS=1"
            " for port 587, MAIL_USE_SSL=1 for port 465"
        ]
    if ssl and (port or 25) in (25, 587):
        return ["MAIL_PORT must be that of TLS from the start with MAIL_USE_SSL=1, for example 465"]
    if port == 465 and not ssl:
        return [
            "MAIL_USE_SSL must be 1 with MAIL_PORT=465, where relays speak TLS from the start, "
            "for example MAIL_USE_SSL=1"
        ]
    return []


def _keys(values: Mapping[str, Any]) -> list[str]:
    """One secret for two uses: who reads the one would hold the other."""
    key = values.get("secret_key")
    return [
        f"{name.upper()} must not be SECRET_KEY: make one of its own, {setting_values.MADE}"
        for name in ("metrics_token", "mail_password")
        if key and values.get(name) == key
    ]


def _costs(values: Mapping[str, Any]) -> list[str]:
    """argon2 takes 8 KiB a lane or refuses to hash (RFC 9106): no password could be chosen."""
    lanes = values.get("argon2_parallelism", 1)
    if values.get("argon2_memory_cost", 19_456) >= 8 * lanes:
        return []
    return [
        f"ARGON2_MEMORY_COST must be {8 * lanes} KiB or more with ARGON2_PARALLELISM={lanes}, "
        "for example 19456"
    ]


def _desk(values: Mapping[str, Any]) -> list[str]:
    """One host for both would mix their cookies and passkeys, and put the desk where members are.
    The demonstration has one host only."""
    desk, portal = (urlsplit(values.get(name, "")).hostname for name in ("desk_url", "public_url"))
    if not desk or desk != portal or values.get("demo"):
        return []
    return [
        "DESK_URL must not have the host of PUBLIC_URL: the desk is another site, inside the "
        "mutual's network, for example https://guichet.intra.example.org"
    ]
