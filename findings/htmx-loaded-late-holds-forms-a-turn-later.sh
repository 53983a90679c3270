#!/usr/bin/env bash
# HTMX that a page loads late holds no form yet when its script says that it is loaded.
#
# Version:   htmx.org 4.0.1 (npm), in Debian's chromium 156.0.8078.108 driven by playwright 1.65.2.
# Guess:     a script added to a page that is complete has done its work when its `load` event
#            comes: window.htmx is there, so a form with hx-post that is sent then is HTMX's.
# Behaviour: window.htmx is there, but the forms are taken hold of in a timer that the script sets.
#            A form sent in the `load` event leaves as a plain one and the page is lost with it; a
#            turn of the event loop later the same form is sent by HTMX and the page stays.
# Output:    in load       sent by plain  page « Sent »
#            a turn later  sent by HTMX   page « Sent »
set -euo pipefail
browser=/usr/bin/chromium
[ -x "$browser" ] || { echo "This one needs Debian's package chromium."; exit 2; }
command -v npm >/dev/null || { echo "This one needs npm."; exit 2; }
folder=$(mktemp -d) && trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check playwright==1.65.2 2>"$folder/pip" \
  || { cat "$folder/pip"; exit 2; }
(cd "$folder" && npm install --silent --no-fund --no-audit --ignore-scripts htmx.org@4.0.1) || exit 2
cat > "$folder/send.py" <<'PYTHON'
"""A form sent when HTMX's script is loaded, and one sent a turn later."""

import http.server
import sys
import threading
from pathlib import Path

from playwright.sync_api import sync_playwright

HTMX = Path(sys.argv[2]).read_text()
PAGE = """<!doctype html><title>Form</title>
<form action="/sent" method="post" hx-post="/sent" hx-target="#place"><button>Send</button></form>
<p id="place"></p>"""
kinds = []


class Desk(http.server.BaseHTTPRequestHandler):
    def answer(self, kind, text):
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(text.encode())

    def do_GET(self):
        self.answer(*(("text/javascript", HTMX) if self.path == "/htmx.js" else ("text/html", PAGE)))

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        kinds.append("HTMX" if self.headers.get("HX-Request") else "plain")
        self.answer("text/html", "<!doctype html><title>Sent</title>done")

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Desk)
threading.Thread(target=server.serve_forever, daemon=True).start()
SEND = """(later) => {
    const script = document.createElement("script");
    script.src = "/htmx.js";
    const send = () => document.forms[0].requestSubmit();
    script.onload = () => {
        if (!window.htmx) throw new Error("no HTMX");
        later ? setTimeout(send) : send();
    };
    document.head.append(script);
}"""
with sync_playwright() as playwright:
    chromium = playwright.chromium.launch(executable_path=sys.argv[1])
    for name, later in (("in load", False), ("a turn later", True)):
        page = chromium.new_page()
        page.goto(f"http://127.0.0.1:{server.server_port}/")
        page.evaluate(SEND, later)
        page.get_by_text("done").wait_for()
        print(f"{name:<13} sent by {kinds[-1]:<6} page « {page.title()} »")
    chromium.close()
server.shutdown()
assert kinds == ["plain", "HTMX"], kinds
PYTHON
"$folder/venv/bin/python" "$folder/send.py" "$browser" "$folder/node_modules/htmx.org/dist/htmx.min.js"
