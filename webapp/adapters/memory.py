"""How this process hands memory back to the machine."""

import ctypes

_M_MMAP_THRESHOLD, _M_ARENA_MAX = -3, -8  # malloc.h of glibc
_LARGE, _ARENAS = 1024 * 1024, 2


def give_back() -> None:
    """Have glibc return large blocks as soon as they are freed, and keep few arenas.

    Once a block of argon2's 19 MiB was freed, glibc takes the next one from an arena of the thread
    and keeps it there for ever: as much for each thread that ever checked a password.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:  # glibc alone has it
        mallopt(_M_MMAP_THRESHOLD, _LARGE)
        mallopt(_M_ARENA_MAX, _ARENAS)
