#!/usr/bin/env bash
# A count in SQLite's RETURNING is neither that of before nor that of after.
#
# Version:   SQLite 3.40.0 and 3.54.1 (apsw 3.40.0.0 and 3.54.1.0).
# Guess:     all rows are changed before the first is returned, as the manual says, so that each
#            comes with the count of after: 3, 3, 3, and 0, 0, 0 once deleted.
# Behaviour: RETURNING is computed row by row within the change, so that the count runs along; in
#            3.40 it was computed at the first row alone and stood still for the others.
set -euo pipefail
folder=$(mktemp -d) && trap 'rm -rf "$folder"' EXIT
cat > "$folder/see.py" <<'PYTHON'
"""Three rows written by one statement, each returned with a count of its own table."""

import sys

import apsw

db = apsw.Connection(":memory:")
db.execute("CREATE TABLE code (id INTEGER PRIMARY KEY, used INTEGER DEFAULT 0)")
counts = {
    "INSERT": "INSERT INTO code (used) VALUES (0), (0), (0) RETURNING (SELECT count(*) FROM code)",
    "UPDATE": "UPDATE code SET used = 1 RETURNING (SELECT count(*) FROM code WHERE used = 1)",
    "DELETE": "DELETE FROM code RETURNING (SELECT count(*) FROM code)",
}
seen = {name: [row[0] for row in db.execute(statement)] for name, statement in counts.items()}
print(*next(db.execute("SELECT 'SQLite', sqlite_version()")), seen)
standing = {"INSERT": [1, 1, 1], "UPDATE": [1, 1, 1], "DELETE": [2, 2, 2]}
running = {"INSERT": [1, 2, 3], "UPDATE": [1, 2, 3], "DELETE": [2, 1, 0]}
sys.exit(seen != {"standing": standing, "running": running}[sys.argv[1]])
PYTHON
echo "guess:     all rows are changed before the first one is returned (as its manual says), so each"
echo "           comes with the count of after: 3, 3, 3, and 0, 0, 0 once deleted"
echo "behaviour: RETURNING is computed row by row within the change, so that the count runs along;"
echo "           in 3.40 it was computed at the first row alone and stood still for the others"
changed=0
for pinned in 3.40.0.0:standing 3.54.1.0:running; do
  version=${pinned%:*}
  python3 -m venv "$folder/$version"
  "$folder/$version/bin/pip" install -q --disable-pip-version-check --only-binary :all: "apsw==$version" 2>"$folder/pip" \
    || { cat "$folder/pip"; exit 2; }
  "$folder/$version/bin/python" "$folder/see.py" "${pinned#*:}" || changed=1
done
exit $changed
