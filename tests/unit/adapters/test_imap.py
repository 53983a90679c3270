"""The address of an IMAP folder, and what prevents reading it; a real server: tests/faults."""

import re
import ssl

import pytest

from tests.sinks import Rude
from webapp.adapters import imap
from webapp.adapters.imap import ImapFault, ImapPlace


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("imaps://odile@h.example.org", ImapPlace("h.example.org", 993, True, "odile", "INBOX")),
        ("imap://127.0.0.1:1143/", ImapPlace("127.0.0.1", 1143, False, "", "INBOX")),
        (
            "imaps://retours@example.org@h.example.org/Avis de retour/%C3%A9t%C3%A9",
            ImapPlace("h.example.org", 993, True, "retours@example.org", "Avis de retour/été"),
        ),
    ],
)
def test_an_address_names_a_folder(url, place):
    assert imap.place(url) == place


@pytest.mark.parametrize(
    "url", ["https://h.example.org", "imaps://", "imaps://h:port/A", "imaps://[h/INBOX", "imaps:x"]
)
def test_another_address_is_told_how_it_is_written(url):
    with pytest.raises(ImapFault, match=re.escape(imap.EXAMPLE)):
        imap.place(url)


def test_a_password_is_never_taken_from_an_address():
    with pytest.raises(ImapFault, match="n’a pas sa place") as fault:
        imap.place("imaps://odile:un-secret@h.example.org")
    assert "un-secret" not in str(fault.value)


def opened(port, **changes):
    where = ImapPlace(**({"host": "127.0.0.1", "port": port, "tls": False} | changes), user="o",
                      folder="INBOX")  # fmt: skip
    context = ssl.create_default_context()
    return imap.opened(where, "p", context=context, vouch="?", readonly=True, timeout=0.3)


@pytest.mark.parametrize(
    ("greeting", "hang_up", "sentence"),
    [
        (b"", True, "a coupé la liaison"),
        (b"220 smtp.example.org ESMTP\r\n", True, "ne parle pas IMAP"),
        (b"", False, "n’a pas répondu à temps"),
    ],
)
def test_a_server_that_speaks_otherwise_is_one_sentence(greeting, hang_up, sentence):
    rude = Rude(greeting, hang_up=hang_up)
    with pytest.raises(ImapFault, match=sentence):
        opened(rude.port)
    rude.close()


def test_a_name_that_nobody_knows_is_one_sentence():
    with pytest.raises(ImapFault, match="aucun serveur de noms"):
        opened(993, host="nowhere.invalid", tls=True)
