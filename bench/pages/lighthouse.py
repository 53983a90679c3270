"""Lighthouse on one page: what it says, and what went over the wire."""

import json
import os
import subprocess
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bench import server

BENCH = server.ROOT / "bench"
PROGRAM = BENCH / "node_modules" / "lighthouse" / "cli" / "index.js"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
_METRICS = {
    "fcp": "first-contentful-paint",
    "lcp": "largest-contentful-paint",
    "tbt": "total-blocking-time",
    "cls": "cumulative-layout-shift",
}
_KINDS = {"Document": "HTML", "Stylesheet": "CSS", "Script": "JS", "Font": "fonts"}


@dataclass(frozen=True)
class Reading:
    """One run on one page. Times in milliseconds, sizes in bytes with their headers."""

    fcp: float
    lcp: float
    tbt: float
    cls: float
    scores: dict[str, int]
    requests: int
    sizes: Counter[str] = field(default_factory=Counter)
    missed: tuple[str, ...] = ()  # the audits that cost points
    asked: tuple[str, ...] = ()  # path and bytes of each request

    @property
    def bytes(self) -> int:
        return sum(self.sizes.values())


def install() -> None:
    """The packages of bench/package-lock.json, without their scripts."""
    lock, stamp = BENCH / "package-lock.json", BENCH / "node_modules" / ".installed.json"
    if stamp.exists() and stamp.read_text() == lock.read_text():
        return
    print("Installing Lighthouse and the design systems in bench/node_modules (once) …", flush=True)
    command = ["npm", "ci", "--ignore-scripts", "--silent"]
    subprocess.run(command, cwd=BENCH, check=True)
    stamp.write_text(lock.read_text())


def read(url: str, *, cookie: str = "") -> Reading:
    """Run it as a phone on a slow network (its default), with a cold cache. Once more when the
    browser was lost on the way: the figures of dozens of pages must not go with it."""
    try:
        return _read(url, cookie)
    except RuntimeError as fault:
        print(f"  {fault}; once more …", flush=True)
        return _read(url, cookie)


def _read(url: str, cookie: str) -> Reading:
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder) / "result.json"
        command = [
            "node", str(PROGRAM), url, "--quiet", "--output=json", f"--output-path={result}",
            "--chrome-flags=--headless=new --no-sandbox --disable-dev-shm-usage",
            f"--only-categories={','.join(CATEGORIES)}",
        ]  # fmt: skip
        if cookie:
            command.append("--extra-headers=" + json.dumps({"Cookie": cookie}))
        chrome = os.environ.get("CHROMIUM") or "/usr/bin/chromium"
        environment = {**os.environ, "CHROME_PATH": chrome}
        ran = subprocess.run(
            command, check=False, env=environment, cwd=folder, capture_output=True, text=True
        )
        if ran.returncode or not result.exists():
            raise RuntimeError(f"Lighthouse failed on {url}: {ran.stderr[-1000:]}")
        return reading(json.loads(result.read_text()))


def reading(report: dict[str, Any]) -> Reading:
    """What a report of Lighthouse says."""
    audits = report["audits"]
    requests = [
        each
        for each in audits["network-requests"]["details"]["items"]
        if each["url"].startswith("http") and each["transferSize"]  # 0: it was at hand
    ]
    sizes: Counter[str] = Counter()
    for each in requests:
        sizes[_KINDS.get(each.get("resourceType", ""), "other")] += int(each["transferSize"])
    scores = {
        name: round(100 * (category["score"] or 0))
        for name, category in report["categories"].items()
    }
    return Reading(
        **{name: audits[audit]["numericValue"] for name, audit in _METRICS.items()},
        scores=scores,
        requests=len(requests),
        sizes=sizes,
        missed=tuple(_missed(report)),
        asked=tuple(f"{urlsplit(each['url']).path} {each['transferSize']:,}" for each in requests),
    )


def _missed(report: dict[str, Any]) -> list[str]:
    missed = []
    for category in report["categories"].values():
        for reference in category["auditRefs"]:
            score = report["audits"][reference["id"]]["score"]
            if reference["weight"] and score is not None and score < 0.9:
                missed.append(reference["id"])
    return missed
