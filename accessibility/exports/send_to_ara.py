"""Sends ara.json to an Ara, call by call. For whoever audits: nothing of ours runs it.

    python -m accessibility.exports.send_to_ara URL [--email ADDRESS] [--file build/accessibility/ara.json]

URL: the root of an Ara, its `/api` left out. Prints the addresses to edit and to consult. The address is
the auditor's: Ara writes to it. An Ara that refuses a call ends it with its answer, exit 1.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any
from urllib import error, request

from accessibility.exports import FILES
from webapp.settings import ROOT

DEFAULT = ROOT / "build" / "accessibility" / FILES[1]


def send(told: dict[str, Any], url: str, email: str = "") -> dict[str, str]:
    """All four calls; returns the audit's two names. Raises urllib's HTTPError."""
    mail = {"auditorEmail": email} if email else {}
    made = _call(url, "POST", "audits", told["create"] | mail)
    name = made["editUniqueId"]
    pages = [each["id"] for each in sorted(made["pages"], key=lambda page: page["order"])]
    named = [
        page | {"id": number} for page, number in zip(told["create"]["pages"], pages, strict=True)
    ]
    _call(url, "PUT", f"audits/{name}", told["update"] | mail | {"pages": named})
    results = [each | {"pageId": pages[each["pageId"]]} for each in told["results"]["data"]]
    _call(url, "PATCH", f"audits/{name}/results", {"data": results})
    _call(url, "PUT", f"audits/{name}/statement", told["statement"])
    return {"edit": name, "consult": made["consultUniqueId"]}


def _call(url: str, method: str, path: str, body: dict[str, Any]) -> Any:
    asked = request.Request(
        f"{url.rstrip('/')}/api/{path}", json.dumps(body).encode(),
        {"Content-Type": "application/json"}, method=method,
    )  # fmt: skip
    with request.urlopen(asked, timeout=60) as answer:
        told = answer.read()
    return json.loads(told) if told else None


def main() -> int:
    """Returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m accessibility.exports.send_to_ara")
    parser.add_argument("url")
    parser.add_argument("--email", default="")
    parser.add_argument("--file", type=Path, default=DEFAULT)
    asked = parser.parse_args()
    try:
        names = send(json.loads(asked.file.read_text(encoding="utf-8")), asked.url, asked.email)
    except error.HTTPError as refused:
        print(f"{refused.url}: {refused.code} {refused.read().decode()[:500]}", file=sys.stderr)
        return 1
    except OSError as fault:
        print(f"{asked.url}: {fault}", file=sys.stderr)
        return 1
    for kind, name in names.items():
        print(f"{kind}: {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
