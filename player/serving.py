"""A WSGI application served to browsers from the test's own process."""

import socket
import threading
from typing import TYPE_CHECKING

from werkzeug.serving import WSGIRequestHandler, make_server

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

PATIENCE = 10.0  # seconds: how long a condition may take on a slow machine


class _Quiet(WSGIRequestHandler):
    """HTTP/1.1, no access log; a connection that a browser opens and never uses is given up."""

    protocol_version = "HTTP/1.1"
    timeout = 30

    def log(self, *_args: object) -> None:
        """Say nothing."""


class Served:
    """An application on a port of its own of this machine, known by `host`."""

    def __init__(self, application: "WSGIApplication", host: str):
        self._socket = socket.create_server(("127.0.0.1", 0))
        port = self._socket.getsockname()[1]
        self.url = f"http://{host}:{port}"
        self._server = make_server(
            "127.0.0.1", port, application, threaded=True, request_handler=_Quiet,
            fd=self._socket.fileno(),
        )  # fmt: skip
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    def begin(self) -> None:
        """Serve."""
        self._thread.start()

    def end(self) -> None:
        """It can't be reached any more. Twice is once."""
        self._server.shutdown()
        self._thread.join(PATIENCE)
        self._server.server_close()
        self._socket.close()
