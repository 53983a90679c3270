"""Folder names on the wire; real Dovecot reads them in tests/faults/test_imap.py."""

import pytest

from webapp.rules.imap_folders import quoted


@pytest.mark.parametrize(
    ("name", "wire"),
    [
        ("INBOX", '"INBOX"'),
        ("Avis de retour", '"Avis de retour"'),
        ("Éléments envoyés", '"&AMk-l&AOk-ments envoy&AOk-s"'),
        ("E\u0301le\u0301ments", '"&AMk-l&AOk-ments"'),  # accents apart, as macOS pastes them
        ("R&D", '"R&-D"'),
        ("日本語", '"&ZeVnLIqe-"'),  # RFC 3501's own example
        ("☺!", '"&Jjo-!"'),
        ("😀", '"&2D3eAA-"'),
        ('a"b\\c', '"a\\"b\\\\c"'),
        ("a\r\nb", '"a&AA0ACg-b"'),
        ("a&é", '"a&-&AOk-"'),
    ],
)
def test_a_name_is_coded_and_quoted(name: str, wire: str) -> None:
    assert quoted(name) == wire
