"""gunicorn's threaded worker, which loses nobody when it is told to go (connection draining).

gunicorn's own stops accepting and leaves its listening sockets open until its last request has
ended. Whoever connects meanwhile waits in a queue that nobody reads, and is reset at the end.
"""

import os
import select
import socket
from contextlib import suppress

from gunicorn.http.errors import LimitRequestHeaders
from gunicorn.sock import TCPSocket
from gunicorn.workers.gthread import ThreadWorker

from webapp.adapters import proxy_pages


class DrainingWorker(ThreadWorker):
    """Takes what waits, then closes its listening sockets at once: the proxy is refused, and goes
    to the next host. The requests taken are finished within `graceful_timeout`, as ever."""

    sockets: list[TCPSocket]

    def set_accept_enabled(self, enabled: bool) -> None:
        """gunicorn asks for an end of accepting when too many are connected, and when it leaves:
        told to go while it starts, it begins to accept first, then stops."""
        super().set_accept_enabled(enabled)
        if not enabled and (not self.alive or self.ppid != os.getppid()):
            self._drain()

    def handle_error(
        self, req: object, client: socket.socket, addr: object, exc: BaseException
    ) -> None:
        """More cookies of sibling sites than are taken are told in French, as behind the proxy."""
        answer = proxy_pages.answer_431() if isinstance(exc, LimitRequestHeaders) else None
        if answer is None:
            super().handle_error(req, client, addr, exc)
            return
        with suppress(OSError):
            client.sendall(answer)

    def _drain(self) -> None:
        for listener in self.sockets:
            waiting = select.poll()
            waiting.register(listener, select.POLLIN)
            while waiting.poll(0):
                self.accept(listener)
            listener.close()
        self.sockets = []  # asked a second time, nothing is left to close
