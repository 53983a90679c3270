"""The portal as wsgi.py serves it, in processes that tests kill at a statement, on a machine
whose clock they move. Nothing of this is in the portal itself."""

import atexit
import os
import signal
import threading
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import event

from webapp import check_schema, create_app
from webapp.adapters.world import real_world
from webapp.models.engine import open_engine
from webapp.settings import read

AHEAD = Path(os.environ["FAULTS_CLOCK"])  # a file: by how many seconds our clock is ahead
DIES_AT = "HTTP_X_DIES_AT"  # a header: the statement before which to die, « commit » or « answer »
WAITS = "HTTP_X_WAITS"  # a header: how many seconds the request takes at least
_fate = threading.local()
_true_time = time.time


def _moved_time() -> float:
    """The machine's clock as every library sees it: ahead by what the file says."""
    return _true_time() + float(AHEAD.read_text() or 0)


time.time = _moved_time


class MovedClock:
    """The machine's clock, ahead by what the file says."""

    def now(self) -> datetime:
        return datetime.fromtimestamp(_moved_time(), UTC)


class Mortal:
    """Requests that carry the header die where it says."""

    def __init__(self, application: Callable[..., Iterable[bytes]]):
        self._application = application

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        _fate.at, _fate.seen = environ.get(DIES_AT, ""), 0
        time.sleep(float(environ.get(WAITS, 0)))
        try:
            answer = self._application(environ, start)
            if _fate.at == "answer":
                _die()
            return answer
        finally:
            _fate.at = ""


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _before_statement(*_args: Any) -> None:
    at = getattr(_fate, "at", "")
    if not at:
        return
    _fate.seen += 1
    if at == str(_fate.seen):
        _die()


def _before_commit(_connection: Any) -> None:
    if getattr(_fate, "at", "") == "commit":
        _die()


settings = read()
engine = open_engine(settings.database_url)
app = create_app(settings, real_world(settings, clock=MovedClock()), engine)
check_schema(app)
engine.dispose()
app.wsgi_app = Mortal(app.wsgi_app)  # type: ignore[method-assign]
event.listen(engine, "before_cursor_execute", _before_statement)
event.listen(engine, "commit", _before_commit)


def _in_each_worker() -> None:
    """Loaded once (--preload), so that a worker that dies has a successor within milliseconds."""
    engine.dispose(close=False)
    if settings.mail_worker == "embedded":
        sender = app.extensions["portal_sender"]
        atexit.register(sender.stop)
        sender.start()


os.register_at_fork(after_in_child=_in_each_worker)
