"""Counts of requests, summed over the processes of one host.

Each process rewrites a small file of its own in a folder that gunicorn made; whoever is asked adds
all files up. Files of processes that ended stay, so that a count never falls while the server runs.
"""

import json
import os
import threading
from collections import Counter
from pathlib import Path

BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
FOLDER = "PORTAL_METERS"  # set by gunicorn.conf.py for its workers


class FileMeters:
    """The meters of one process, and of its siblings when there is a folder."""

    def __init__(self, folder: Path | None):
        self._folder = folder
        self._counts: Counter[str] = Counter()
        self._turn = threading.Lock()
        self._pid = os.getpid()

    def request(self, endpoint: str, status: int, seconds: float) -> None:
        """One more request."""
        with self._turn:
            if self._pid != os.getpid():  # forked: the parent's counts are the parent's
                self._counts, self._pid = Counter(), os.getpid()
            self._counts[f"requests {endpoint} {status}"] += 1
            self._counts["seconds"] += seconds  # type: ignore[assignment]
            for bound in BOUNDS:
                self._counts[f"within {bound}"] += seconds <= bound
            if self._folder is not None:
                mine = self._folder / f"{self._pid}.json"
                new = mine.with_suffix(".new")
                new.write_text(json.dumps(self._counts))
                new.replace(mine)

    def lines(self) -> list[str]:
        """All counts, in the text format of OpenMetrics, without its end."""
        counts = self._all()
        requests = sorted(each for each in counts if each.startswith("requests "))
        total = sum(counts[each] for each in requests)
        told = ["# TYPE portal_requests counter"]
        for each in requests:
            _, endpoint, status = each.split(" ")
            labels = f'endpoint="{endpoint}",status="{status}"'
            told.append(f"portal_requests_total{{{labels}}} {counts[each]}")
        told.append("# TYPE portal_request_seconds histogram")
        told += [
            f'portal_request_seconds_bucket{{le="{bound}"}} {counts[f"within {bound}"]}'
            for bound in BOUNDS
        ]
        told += [
            f'portal_request_seconds_bucket{{le="+Inf"}} {total}',
            f"portal_request_seconds_sum {counts['seconds']:.6f}",
            f"portal_request_seconds_count {total}",
        ]
        return told

    def _all(self) -> Counter[str]:
        if self._folder is None:
            with self._turn:
                return Counter(self._counts)
        total: Counter[str] = Counter()
        for file in self._folder.glob("*.json"):
            total.update(json.loads(file.read_text()))
        return total


def of_this_server() -> FileMeters:
    """Meters in the folder that gunicorn made, or of this process alone."""
    folder = os.environ.get(FOLDER)
    return FileMeters(Path(folder) if folder else None)
