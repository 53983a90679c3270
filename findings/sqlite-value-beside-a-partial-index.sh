#!/usr/bin/env bash
# SQLite compiles a kept statement anew at each execution where a value meets a partial index.
#
# Version:   SQLite 3.51.0, by apsw 3.51.0.0 (3.40.1 of Debian 12 does the same).
# Guess:     a statement that is prepared once and kept is compiled once, whatever is bound to it; at
#            worst, another value compiles it again.
# Behaviour: where a bound value is compared with a column that the condition of a partial index
#            names, every execution compiles it again, the same value too, and the first one twice.
#            With the value written into the statement, or with an index of all rows, once.
#            The authorizer, which SQLite asks only while it compiles, counts.
set -euo pipefail
folder=$(mktemp -d) && trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check apsw==3.51.0.0 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat > "$folder/see.py" <<'PYTHON'
"""In which of six executions one kept statement was compiled."""

import apsw

PARTIAL = "CREATE INDEX waiting ON mail (waiter) WHERE state = 'ready'"
WHOLE = "CREATE INDEX waiting ON mail (waiter)"
BOUND = "SELECT id FROM mail WHERE state = ? AND waiter = ?"
WRITTEN = BOUND.replace("state = ?", "state = 'sent'")


def compiled(index: str, sql: str, values: list[tuple[str, ...]]) -> str:
    """A sign an execution: C where SQLite compiled it, else a dot."""
    db = apsw.Connection(":memory:")
    db.execute("CREATE TABLE mail (id INTEGER PRIMARY KEY, state TEXT, waiter TEXT)")
    db.execute(index)
    rows = ((at, "sent" if at % 2 else "ready", f"w{at % 9}") for at in range(1, 1001))
    db.executemany("INSERT INTO mail VALUES (?, ?, ?)", rows)
    asked: list[int] = []

    def allow(*_) -> int:
        asked.append(1)
        return apsw.SQLITE_OK

    db.authorizer = allow
    signs = ""
    for each in values:
        asked.clear()
        db.execute(sql, (*each, "w7")).fetchall()
        signs += "C" if asked else "."
    return signs


told = {
    "partial index, other values": compiled(PARTIAL, BOUND, [(str(at),) for at in range(6)]),
    "partial index, the same value": compiled(PARTIAL, BOUND, [("sent",)] * 6),
    "partial index, value in the text": compiled(PARTIAL, WRITTEN, [()] * 6),
    "index of all rows, other values": compiled(WHOLE, BOUND, [(str(at),) for at in range(6)]),
}
print("SQLite", apsw.sqlite_lib_version())
print("guess:     compiled once")
print("behaviour: compiled at each execution beside a partial index")
for name, signs in told.items():
    print(f"  {name}: {signs}")
assert list(told.values()) == ["CCCCCC", "CCCCCC", "C.....", "C....."], told
PYTHON
"$folder/venv/bin/python" "$folder/see.py"
