"""Whether the demonstration's port is free, before anything is promised."""

import errno
import socket


def is_taken(host: str, port: int) -> bool:
    """Whether somebody listens there already."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server will
        try:
            probe.bind((host, port))
        except OSError as error:
            return error.errno == errno.EADDRINUSE
    return False


def advice(port: int) -> str:
    """What to do about it."""
    other = port + 100 if port + 100 <= 65_535 else port - 100
    return (
        f"Le port {port} est déjà pris, sans doute par un autre programme. "
        f"Choisissez-en un autre\u00a0: make run PORT={other}"
    )
