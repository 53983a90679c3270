"""What a server's processes cost, as Linux counts it: CPU seconds and memory of a whole tree."""

import os
from pathlib import Path

PROC = Path("/proc")
_TICKS = os.sysconf("SC_CLK_TCK")


def tree(pid: int) -> list[int]:
    """The process and its descendants."""
    found, at = [pid], 0
    while at < len(found):
        found += children(found[at])
        at += 1
    return found


def children(pid: int) -> list[int]:
    """Those started by any of its threads."""
    listed = PROC.glob(f"{pid}/task/*/children")
    return [int(child) for file in listed for child in _read(file).split()]


def cpu_seconds(pid: int) -> float:
    """User and system time used so far by the tree, in seconds; ended children count too."""
    return sum(_cpu(each) for each in tree(pid))


def memory(pid: int) -> tuple[int, int]:
    """(RSS of the workers, PSS of the whole tree), in bytes. PSS shares out what is shared."""
    whole = tree(pid)
    return (
        sum(_kilobytes(each, "smaps_rollup", "Rss:") for each in whole[1:] or whole),
        sum(_kilobytes(each, "smaps_rollup", "Pss:") for each in whole),
    )


def cpu_of(stat: str) -> float:
    """What a line of /proc/<pid>/stat says: own and waited-for children's time, in seconds."""
    fields = stat.rpartition(")")[2].split()  # the name before it may hold spaces
    return sum(int(field) for field in fields[11:15]) / _TICKS


def _cpu(pid: int) -> float:
    stat = _read(PROC / str(pid) / "stat")
    return cpu_of(stat) if stat else 0.0


def _kilobytes(pid: int, file: str, label: str) -> int:
    for line in _read(PROC / str(pid) / file).splitlines():
        if line.startswith(label):
            return int(line.split()[1]) * 1024
    return 0


def _read(file: Path) -> str:
    try:
        return file.read_text()
    except (FileNotFoundError, ProcessLookupError):  # it has just ended
        return ""
