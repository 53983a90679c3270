#!/usr/bin/env bash
# A page that a service worker fetches from the network weighs nothing for the tools that weigh it.
#
# Version:   Debian's chromium 156.0.8078.108 (/usr/bin/chromium), driven by playwright 1.65.2.
# Guess:     a worker that answers a navigation with fetch(event.request) changes nothing for who
#            counts bytes: the DevTools protocol tells of the page what came over the network.
# Behaviour: the server sends the page again and the tab says so (responseReceived), but
#            loadingFinished.encodedDataLength is 0, as for a page out of a cache, and
#            Playwright's request.sizes() has a body of less than no bytes: -165, the headers
#            taken from 0. With Network.setBypassServiceWorker the same page weighs what it weighs.
# Output:    before     sent 1 time, protocol  20152, Playwright  19987
#            through    sent 1 time, protocol      0, Playwright   -165
#            past       sent 1 time, protocol  20152, Playwright  19987
set -euo pipefail
browser=/usr/bin/chromium
[ -x "$browser" ] || { echo "This one needs Debian's package chromium."; exit 2; }
folder=$(mktemp -d) && trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check playwright==1.65.2 2>"$folder/pip" \
  || { cat "$folder/pip"; exit 2; }
cat > "$folder/weigh.py" <<'PYTHON'
"""A page of 20,000 bytes, weighed before a worker is there, through it, and past it."""

import http.server
import sys
import threading

from playwright.sync_api import sync_playwright

WORKER = """addEventListener("activate", event => event.waitUntil(clients.claim()));
addEventListener("fetch", event => {
    if (event.request.mode === "navigate") event.respondWith(fetch(event.request));
});"""
PAGE = "<!doctype html><title>Book</title><p>" + "a word " * 2850
sent = []


class Book(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        kind, text = ("text/javascript", WORKER) if self.path == "/w.js" else ("text/html", PAGE)
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())
        sent.append(self.path)

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Book)
threading.Thread(target=server.serve_forever, daemon=True).start()
address = f"http://127.0.0.1:{server.server_port}/"
INSTALL = """async () => {
    await navigator.serviceWorker.register("/w.js");
    while (!navigator.serviceWorker.controller) await new Promise(done => setTimeout(done, 20));
}"""
with sync_playwright() as playwright:
    chromium = playwright.chromium.launch(executable_path=sys.argv[1])
    page = chromium.new_page()
    protocol = page.context.new_cdp_session(page)
    kinds, told = {}, []
    protocol.on("Network.requestWillBeSent", lambda e: kinds.update({e["requestId"]: e["type"]}))
    protocol.on(
        "Network.loadingFinished",
        lambda e: kinds.get(e["requestId"]) == "Document" and told.append(e["encodedDataLength"]),
    )
    protocol.send("Network.enable")

    def weigh(name):
        sent.clear()
        told.clear()
        answer = page.goto(address)
        page.wait_for_load_state("networkidle")
        body = answer.request.sizes()["responseBodySize"]
        print(f"{name:<10} sent {sent.count('/')} time, protocol {told[0]:>6}, Playwright {body:>6}")
        return sent.count("/"), told[0], body

    before = weigh("before")
    page.evaluate(INSTALL)
    through = weigh("through")
    protocol.send("Network.setBypassServiceWorker", {"bypass": True})
    past = weigh("past")
    chromium.close()
server.shutdown()
assert before[0] == through[0] == past[0] == 1, "the server did not send each page once"
assert before[1] > 19_000 and past[1] > 19_000, "a page without the worker weighs what it weighs"
assert through[1] == 0 and through[2] < 0, "a page through the worker is weighed now"
PYTHON
"$folder/venv/bin/python" "$folder/weigh.py" "$browser"
