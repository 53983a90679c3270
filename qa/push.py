"""Results sent to Squash TM, when the tester asks for it and at no other time."""

import contextlib
import json
import re
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from qa import asking

TOKEN = "QA_SQUASH_TOKEN"
PATIENCE = 60  # seconds
_CALL = re.compile(r"/import/results/\d+$")
_EXAMPLE = "https://squash.example.org/squash/api/rest/latest/import/results/42"


class PushFault(Exception):
    """The results can't be sent, or were not taken; the message says what to do, in French."""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Whoever answers « elsewhere » never sees the token there."""

    def redirect_request(self, *_: Any) -> None:
        return None


def check(url: str) -> None:
    """Raise PushFault for an address that is not that of the call, or that would carry the token
    in clear over a network."""
    parts = urlsplit(url)
    local = parts.hostname in ("127.0.0.1", "localhost", "::1")
    if parts.scheme not in ("http", "https") or not _CALL.search(parts.path) or parts.query:
        raise PushFault(
            f"--push est l’adresse de l’appel, numéro de l’itération compris, comme {_EXAMPLE}"
        )
    if parts.scheme == "http" and not local:
        raise PushFault("--push demande https : le jeton passerait en clair sur le réseau.")
    if parts.username or parts.password:
        raise PushFault(f"--push ne porte pas de secret : le jeton va dans {TOKEN}.")


def token(environment: Mapping[str, str]) -> str:
    """From the environment, else typed by whoever is there. Raises PushFault."""
    given = environment.get(TOKEN, "").strip() or asking.secret("Jeton de Squash TM")
    if not given:
        raise PushFault(f"Il manque le jeton de Squash TM : mettez-le dans la variable {TOKEN}.")
    if not given.isascii() or not given.isprintable() or " " in given:
        raise PushFault("Le jeton de Squash TM a un signe qu’un jeton n’a pas : recopiez-le.")
    return given


def send(url: str, token: str, results: bytes) -> None:
    """Send the body. Raises PushFault where Squash TM did not take all of it."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    request = urllib.request.Request(url, data=results, headers=headers, method="POST")
    opener = urllib.request.build_opener(_NoRedirect)
    try:
        with opener.open(request, timeout=PATIENCE) as answer:
            status, body = answer.status, answer.read()
    except urllib.error.HTTPError as refusal:
        with refusal:
            raise PushFault(_refused(refusal.code, refusal.read())) from None
    except OSError as fault:
        cause = getattr(fault, "reason", fault)
        raise PushFault(f"Squash TM ne répond pas ({cause}). {_KEPT}") from None
    if status == 207:
        raise PushFault(f"Squash TM n’a pas tout pris : {_shortened(body)}. {_KEPT}")


_KEPT = "Les résultats restent dans squash.json."


def _refused(status: int, body: bytes) -> str:
    advice = {
        401: "le jeton n’est pas bon, ou plus",
        403: "ce jeton n’a pas le droit d’importer dans cette itération",
        404: "l’adresse ou le numéro de l’itération n’est pas bon",
    }.get(status, _shortened(body))
    return f"Squash TM a répondu {status} : {advice}. {_KEPT}"


def _shortened(body: bytes) -> str:
    """What an answer says, on one line."""
    text = body.decode(errors="replace")
    with contextlib.suppress(ValueError):
        text = json.dumps(json.loads(text), ensure_ascii=False)
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:400]
