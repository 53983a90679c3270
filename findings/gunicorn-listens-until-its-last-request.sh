#!/usr/bin/env bash
# A gunicorn that was told to go still lets newcomers connect, and resets them when it ends.
#
# Version:   gunicorn 27.0.1, worker class gthread.
# Guess:     on SIGTERM the listening sockets are closed at once, as the master's are: whoever comes
#            while the last request is finished is refused, and a proxy goes to the next server.
# Behaviour: the workers stop accepting and close their sockets after their last request. Until then
#            the kernel completes every handshake: a newcomer is connected, sends its request, waits
#            in a queue that nobody reads, and is reset. A proxy may not send a POST again.
set -euo pipefail
folder=$(mktemp -d) && trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check gunicorn==27.0.1 2>"$folder/pip" \
  || { cat "$folder/pip"; exit 2; }
cat > "$folder/app.py" <<'PYTHON'
"""An application whose every answer takes two seconds."""

import time


def app(environ, start):
    time.sleep(2)
    start("200 OK", [("Content-Length", "2")])
    return [b"ok"]
PYTHON
cat > "$folder/see.py" <<'PYTHON'
"""One request under way, SIGTERM, then a newcomer."""

import socket
import subprocess
import sys
import threading
import time

folder = sys.argv[1]
with socket.create_server(("127.0.0.1", 0)) as free:
    port = free.getsockname()[1]
command = [f"{folder}/venv/bin/gunicorn", "app:app", "--chdir", folder, "--worker-class", "gthread"]
command += ["--threads", "4", "--bind", f"127.0.0.1:{port}", "--log-level", "critical"]
server = subprocess.Popen(command, cwd=folder)


def ask():
    try:
        with socket.create_connection(("127.0.0.1", port), 10) as wire:
            wire.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\na")
            return wire.recv(1000).partition(b"\r\n")[0].decode() or "closed without an answer"
    except OSError as fault:
        return type(fault).__name__


while server.poll() is None and ask() == "ConnectionRefusedError":
    time.sleep(0.1)
first = []
under_way = threading.Thread(target=lambda: first.append(ask()))
under_way.start()
time.sleep(0.5)
server.terminate()
time.sleep(0.5)
newcomer = ask()
under_way.join()
server.wait()
print(f"  the request under way: {first[0]}\n  the newcomer: {newcomer}")
print(f"  whoever comes once it has ended: {ask()}")
sys.exit(first != ["HTTP/1.1 200 OK"] or newcomer != "ConnectionResetError")
PYTHON
"$folder/venv/bin/python" -c 'import gunicorn; print("gunicorn", gunicorn.__version__)'
echo "guess:     told to go, it refuses newcomers (ConnectionRefusedError)"
echo "behaviour: they are connected, and reset when the last request has ended"
"$folder/venv/bin/python" "$folder/see.py" "$folder"
