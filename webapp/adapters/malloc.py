"""How this process keeps argon2's memory while passwords are checked, and hands it back after.

Left alone, glibc keeps a block of 19 MiB in an arena of each thread that ever checked a password;
asked to return each at once, it costs half a check more to have the kernel clear the next one.
"""

import ctypes
import threading

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8  # malloc.h of glibc
_MEBIBYTE = 1024 * 1024
QUIET_SECONDS = 1.0

_used = threading.Event()


def share_blocks() -> None:
    """Have all threads take large blocks from one place, which keeps what was freed. For servers,
    before they fork; does nothing without glibc."""
    if (mallopt := getattr(_libc(), "mallopt", None)) is not None:
        mallopt(_M_ARENA_MAX, 1)
        mallopt(_M_MMAP_THRESHOLD, 32 * _MEBIBYTE)
        mallopt(_M_TRIM_THRESHOLD, 256 * _MEBIBYTE)


def note_use() -> None:
    """A password was checked."""
    _used.set()


def give_back_when_quiet() -> threading.Thread:
    """From now on, a second after the last check, what it left is the machine's again."""
    thread = threading.Thread(target=_give_back, name="malloc", daemon=True)
    thread.start()
    return thread


def trim() -> None:
    """What was freed is the machine's again."""
    if (malloc_trim := getattr(_libc(), "malloc_trim", None)) is not None:
        malloc_trim(0)


def _give_back() -> None:
    while True:
        _used.wait()
        _used.clear()
        if not _used.wait(QUIET_SECONDS):
            trim()


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None)
