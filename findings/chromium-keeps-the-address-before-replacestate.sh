#!/usr/bin/env bash
# Chromium tells a page's scripts the address that replaceState() took away, in three places.
#
# Version:   Debian's chromium 156.0.8078.108 (/usr/bin/chromium), driven by playwright 1.65.2.
# Guess:     after history.replaceState(null, "", "/") the page's address is "/" wherever
#            scripts ask for it: location, the history, the url by which a service worker knows it.
# Behaviour: location, document.URL and navigation.entries() have the new one. navigation.activation
#            keeps the entry that was replaced (its index is -1, its url the first one). A service
#            worker's clients.matchAll() gives the address that the page was loaded by, fragment
#            included, even to a worker installed afterwards, and after a pushState(); so does the
#            name of the timing entry. A reload at the new address ends all three.
set -euo pipefail
browser=/usr/bin/chromium
[ -x "$browser" ] || { echo "This one needs Debian's package chromium."; exit 2; }
folder=$(mktemp -d) && trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check playwright==1.65.2 2>"$folder/pip" \
  || { cat "$folder/pip"; exit 2; }
cat > "$folder/see.py" <<'PYTHON'
"""A page opened at /#chapter-7, whose script puts / in the place of its address."""

import http.server
import sys
import threading

from playwright.sync_api import sync_playwright

FILES = {
    "/": ("text/html", "<!doctype html><title>Book</title>"),
    "/worker.js": (
        "text/javascript",
        """addEventListener("activate", event => event.waitUntil(clients.claim()));
        addEventListener("message", async event =>
            event.source.postMessage((await clients.matchAll())[0].url));""",
    ),
}
ASK = """async () => {
    await navigator.serviceWorker.register("/worker.js");
    const worker = navigator.serviceWorker;
    while (!worker.controller) await new Promise(done => setTimeout(done, 20));
    const told = new Promise(done => worker.addEventListener("message", e => done(e.data)));
    worker.controller.postMessage("");
    return {
        "location": location.href,
        "document.URL": document.URL,
        "navigation.entries()": navigation.entries().map(entry => entry.url).join(" "),
        "navigation.activation.entry": navigation.activation.entry.url,
        "its index": navigation.activation.entry.index,
        "clients.matchAll()": await told,
        "timing entry": performance.getEntriesByType("navigation")[0].name,
    };
}"""
KEPT = ["navigation.activation.entry", "clients.matchAll()", "timing entry"]


class Book(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        kind, text = FILES.get(self.path, ("text/plain", ""))
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Book)
threading.Thread(target=server.serve_forever, daemon=True).start()
address = f"http://127.0.0.1:{server.server_port}"


def told(page):
    """What the page's scripts are told, without the server's part of the addresses."""
    seen = page.evaluate(ASK)
    return {name: str(value).replace(address, "") for name, value in seen.items()}


with sync_playwright() as playwright:
    chromium = playwright.chromium.launch(executable_path=sys.argv[1])
    print("Chromium", chromium.version)
    page = chromium.new_page()
    page.goto(f"{address}/#chapter-7")
    page.evaluate("history.replaceState(null, '', '/')")
    replaced = told(page)
    page.evaluate("history.pushState(null, '', '/')")
    pushed = told(page)
    page.reload()
    reloaded = told(page)
    chromium.close()
print("guess:     / everywhere")
print("behaviour: the first address in three places, until a reload")
print(f"  replaced: {replaced}\n  pushed:   {pushed}\n  reloaded: {reloaded}")
for seen in (replaced, pushed):
    assert seen["location"] == seen["document.URL"] == "/"
    assert "#" not in seen["navigation.entries()"]
    assert [seen[name] for name in KEPT] == ["/#chapter-7"] * 3 and seen["its index"] == "-1"
assert [reloaded[name] for name in KEPT] == ["/"] * 3
PYTHON
"$folder/venv/bin/python" "$folder/see.py" "$browser"
