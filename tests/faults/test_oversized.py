"""Requests that are too long, or costly to read: refused at once, and nobody else waits."""

import socket
import time

import pytest

from player.world import PASSWORD
from tests.faults.portal import Portal
from tests.faults.relay import HOST
from tests.faults.test_hostile import raw
from tests.faults.visitor import FORM, Visitor


def test_a_body_without_end_is_cut(town: Portal) -> None:
    """S21: chunk after chunk, with no length told: answered or cut long before it is read."""
    head = b"POST /connexion HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n"
    chunk, sent = b"2000\r\n" + b"a" * 0x2000 + b"\r\n", 0
    with socket.create_connection((HOST, town.first.port), timeout=15) as connection:
        connection.sendall(head + f"Content-Type: {FORM}\r\n\r\n".encode())
        try:
            while sent < 200_000_000:
                connection.sendall(chunk)
                sent += len(chunk)
        except OSError:
            pass
    assert sent < 50_000_000
    assert Visitor(town).get("/connexion").status == 200


HEAVY = {
    "a password of 60 kB": {"password": "a" * 60_000},
    "combining marks": {"email": "e" + "\u0301" * 9000, "password": "\u0344" * 9000},
    "ligatures that unfold": {"email": "\ufdfa" * 5000, "password": "\ufdfa" * 5000},
    "an address of 50,000 a and a !": {"email": "a" * 50_000 + "!"},
}


@pytest.mark.parametrize("name", HEAVY)
def test_what_is_costly_to_read_is_refused_at_once(town: Portal, name: str) -> None:
    """S21, ASVS 1.3.12: refused before it is hashed, folded or compared at length."""
    visitor = Visitor(town)
    fields = {"email": "a@example.org", "password": PASSWORD} | HEAVY[name]
    visitor.get("/connexion")
    refused = town.events("sign_in.password_refused")
    times = []
    for _ in range(5):
        began = time.perf_counter()
        assert visitor.post("/connexion", fields).status in (413, 422)
        times.append(time.perf_counter() - began)
    assert min(times) < 0.05
    assert town.events("sign_in.password_refused") == refused


@pytest.mark.parametrize("size", [3000, 9000, 200_000])
def test_a_cookie_that_is_too_large_is_a_stranger_s(town: Portal, size: int) -> None:
    """S21: ignored or refused, never a fault."""
    head = b"GET /espace HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nCookie: session="
    try:
        answer = raw(town, head + b"a" * size + b"\r\n\r\n")
    except ConnectionError:
        answer = b""
    assert answer[9:12] in (b"303", b"400", b"431", b"")
