#!/usr/bin/env bash
# imaplib's `capabilities` stay those of before the login, where servers name few of theirs.
#
# Version:   imaplib of Python 3.11.7 (and whichever runs this), pymap 0.36.7 (an IMAP server).
# Guess:     after `login` they are what the server offers to whoever is logged in, so that
#            "UIDPLUS" in imap.capabilities says whether UID EXPUNGE may be used.
# Behaviour: they are asked for once, at the connection (and after STARTTLS), never after a login:
#            UIDPLUS, MOVE, IDLE are missing for ever, though `capability()` names them.
set -euo pipefail
folder=$(mktemp -d) && trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT
cat > "$folder/see.py" <<'PYTHON'
"""What an IMAP connection says of its server before and after a login, and when it is asked."""

import imaplib
import sys
import time

port = int(sys.argv[1])
for _ in range(100):
    try:
        imap = imaplib.IMAP4("127.0.0.1", port)
        break
    except ConnectionRefusedError:
        time.sleep(0.1)
else:
    sys.exit(2)
imap.login("demouser", "demopass")
kept, asked = "UIDPLUS" in imap.capabilities, b"UIDPLUS" in imap.capability()[1][0].split()
print(f"imaplib of Python {sys.version.split()[0]}: kept {imap.capabilities}")
print(f"UIDPLUS kept: {kept}, when asked: {asked}")
imap.logout()
sys.exit((kept, asked) != (False, True))
PYTHON
echo "guess:     after a login, imap.capabilities are what the server offers to whoever is logged in"
echo "behaviour: they stay those of before the login; only capability() asks again"
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check pymap==0.36.7 2>"$folder/pip" \
  || { cat "$folder/pip"; exit 2; }
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
"$folder/venv/bin/pymap" --host 127.0.0.1 --port "$port" --no-service admin dict --demo-data \
  >"$folder/log" 2>&1 &
server=$!
python3 "$folder/see.py" "$port"
