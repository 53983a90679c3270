"""Logs as JSON lines, one an event, made so that no secret can slip in.

An exception is told by its name and the places that it went through, never by its words: they
repeat what was typed. What else a line carries is declared in FACTS.
"""

import json
import logging
import logging.config
import traceback
from datetime import UTC, datetime
from typing import Any

FACTS = ("method", "endpoint", "status", "ms")


class JsonLines(logging.Formatter):
    """A record as one line of JSON: no sign that was typed can end a line or begin another."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, times in UTC."""
        at = datetime.fromtimestamp(record.created, UTC)
        line: dict[str, object] = {
            "at": at.isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "pid": record.process,
            "message": record.getMessage(),
        }
        line |= {name: getattr(record, name) for name in FACTS if hasattr(record, name)}
        if record.exc_info and record.exc_info[1] is not None:
            error = record.exc_info[1]
            line["error"] = type(error).__name__
            line["where"] = [
                f"{frame.filename}:{frame.lineno} {frame.name}"
                for frame in traceback.extract_tb(error.__traceback__)
            ]
        return json.dumps(line, ensure_ascii=True)


CONFIG: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": JsonLines}},
    "handlers": {
        "lines": {
            "class": "logging.StreamHandler",
            "formatter": "json",
            "stream": "ext://sys.stderr",
        }
    },
    "root": {"level": "WARNING", "handlers": ["lines"]},
    "loggers": {
        "portal": {"level": "INFO"},
        "gunicorn.error": {"level": "INFO", "handlers": [], "propagate": True},
        "gunicorn.access": {"level": "CRITICAL", "handlers": [], "propagate": False},
    },
}


def hold_to(level: str) -> None:
    """Have the portal and its server write no lines below this level, such as "warning"."""
    for name in ("portal", "gunicorn.error"):
        CONFIG["loggers"][name]["level"] = level.upper()


def install() -> None:
    """Have every logger of this process write such lines on the error output."""
    # what no line tells need not be found out for each
    logging.logThreads = logging.logMultiprocessing = False
    logging.config.dictConfig(CONFIG)
