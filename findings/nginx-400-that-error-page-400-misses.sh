#!/usr/bin/env bash
# nginx answers 400 to headers that are too large, logs 400, and passes by error_page 400.
#
# Version:   nginx 1.22.1 (Debian's package).
# Guess:     the answer's status is 400, in the answer and in the log: `error_page 400` gives it the
#            house's page, as it does for a request without a Host.
# Behaviour: within nginx the status is 494, which becomes 400 on the way out; only `error_page 494`
#            meets it, and its answer is a 400 too. The status that the client and the log are told
#            is the one of a request without a Host.
set -euo pipefail
command -v nginx >/dev/null || { echo "This one needs Debian's package nginx."; exit 2; }
folder=$(mktemp -d) && trap 'rm -rf "$folder"' EXIT
cat > "$folder/see.py" <<'PYTHON'
"""One server with a page for 400, one with a page for 494; three requests to each."""

import pathlib
import socket
import subprocess
import sys
import time

folder = pathlib.Path(sys.argv[1])
FILE = """daemon off; master_process off; pid {folder}/pid; error_log {folder}/errors crit;
events {{}}
http {{
    log_format status $status;
    access_log {folder}/statuses status;
    client_body_temp_path {folder}/1; proxy_temp_path {folder}/2; fastcgi_temp_path {folder}/3;
    uwsgi_temp_path {folder}/4; scgi_temp_path {folder}/5;
    {servers}
}}"""
SERVER = """server {{
    listen 127.0.0.1:{port};
    error_page {status} /page;
    location / {{ return 200 "welcome"; }}
    location = /page {{ internal; return 200 "our page"; }}
}}"""
REQUESTS = {
    "an ordinary one": "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    "without a Host": "GET / HTTP/1.1\r\nConnection: close\r\n\r\n",
    "a long cookie": f"GET / HTTP/1.1\r\nHost: a\r\nCookie: a={'x' * 9000}\r\n\r\n",
}


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


def ask(port, request):
    """The status, and which page came with it."""
    with socket.create_connection(("127.0.0.1", port), 10) as wire:
        wire.sendall(request.encode())
        answer = b""
        while part := wire.recv(10_000):
            answer += part
    page = next((word for word in ("welcome", "our page") if word in answer.decode()), "its own")
    return answer.split()[1].decode(), page


ports = {"400": free_port(), "494": free_port()}
servers = "".join(SERVER.format(port=port, status=status) for status, port in ports.items())
(folder / "nginx.conf").write_text(FILE.format(folder=folder, servers=servers))
command = ["nginx", "-p", folder, "-c", folder / "nginx.conf", "-e", folder / "errors"]
nginx = subprocess.Popen(command)
try:
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", ports["494"])).close()
            break
        except ConnectionRefusedError:
            time.sleep(0.1)
    seen = {
        status: {name: ask(port, request) for name, request in REQUESTS.items()}
        for status, port in ports.items()
    }
finally:
    nginx.terminate()
    nginx.wait()
logged = (folder / "statuses").read_text().split()
print("guess:     error_page 400 meets every answer whose status is 400")
print("behaviour: not that to a long cookie, which error_page 494 meets")
for status, answers in seen.items():
    print(f"  error_page {status}: {answers}")
print(f"  the log's $status: {logged}")
assert seen["400"] == {
    "an ordinary one": ("200", "welcome"),
    "without a Host": ("400", "our page"),
    "a long cookie": ("400", "its own"),
}
assert seen["494"]["without a Host"] == ("400", "its own")
assert seen["494"]["a long cookie"] == ("400", "our page")
assert logged == ["200", "400", "400"] * 2
PYTHON
nginx -v
python3 "$folder/see.py" "$folder"
