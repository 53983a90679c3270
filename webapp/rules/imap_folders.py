"""The names of IMAP folders as servers want them: Python's imaplib sends them as they are."""

import base64
import re
import unicodedata

_PLAIN = r"[\x20-\x25\x27-\x7e]"
_SHIFTED = re.compile(rf"&|(?:(?!{_PLAIN}|&)[\s\S])+")


def quoted(name: str) -> str:
    """A folder's name in modified UTF-7 (RFC 3501, 5.1.3) and between quotes: « Éléments envoyés »
    is `"&AMk-l&AOk-ments envoy&AOk-s"`."""
    coded = _SHIFTED.sub(_shifted, unicodedata.normalize("NFC", name))
    return '"' + coded.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _shifted(found: re.Match[str]) -> str:
    if found[0] == "&":
        return "&-"
    coded = base64.b64encode(found[0].encode("utf-16-be", "surrogatepass")).decode()
    return "&" + coded.rstrip("=").replace("/", ",") + "-"
