"""The SQL that the portal runs, as the database's driver sees it."""

from types import TracebackType
from typing import Any

from sqlalchemy import Engine, event

_WRITING = ("INSERT", "UPDATE", "DELETE", "REPLACE", "MERGE", "TRUNCATE", "CREATE", "DROP", "ALTER")


class Statements:
    """Every statement that an engine runs while this is open; transactions' ends do not count."""

    def __init__(self, engine: Engine):
        self._engine = engine
        self.seen: list[str] = []

    @property
    def writing(self) -> list[str]:
        """Those that change something."""
        return [each for each in self.seen if each.lstrip().upper().startswith(_WRITING)]

    def __enter__(self) -> "Statements":
        event.listen(self._engine, "before_cursor_execute", self._note)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        event.remove(self._engine, "before_cursor_execute", self._note)

    def _note(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        self.seen.append(statement)
