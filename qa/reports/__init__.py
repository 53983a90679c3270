"""The results of a run, in the formats that testers' tools read: one file each, side by side."""

from collections.abc import Callable, Iterable
from pathlib import Path

from qa.reports import ctrf, junit, page, squash
from qa.trial import Trial

WRITERS: dict[str, tuple[str, Callable[[Trial], bytes]]] = {
    "html": ("index.html", page.written),
    "junit": ("junit.xml", junit.written),
    "ctrf": ("ctrf.json", ctrf.written),
    "squash": ("squash.json", squash.written),
}
USUAL = ("html", "junit")


def write(trial: Trial, kinds: Iterable[str] = USUAL) -> list[Path]:
    """Write these into the run's folder, where the pictures are; returns the files."""
    written = []
    for kind in dict.fromkeys(kinds):
        name, writer = WRITERS[kind]
        file = trial.options.out / name
        file.write_bytes(writer(trial))
        written.append(file)
    return written
