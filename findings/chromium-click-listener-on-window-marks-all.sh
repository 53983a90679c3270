#!/usr/bin/env bash
# Chromium tells assistive technologies that every text of a page can be clicked, once `window` listens.
#
# Version:   Debian's chromium 156.0.8078.108, at-spi2-core 2.46.0, read over AT-SPI under Xvfb.
# Guess:     a click listener on an element makes what is inside it clickable; `window` is no element,
#            so that a listener there marks nothing.
# Behaviour: with a click listener on `window`, as on `document`, every heading and paragraph has the
#            action "clickAncestor" (Orca says « clickable » after each) in place of "doDefault". A
#            listener of pointerdown, focusin or keydown at the same places marks nothing, nor does
#            one for clicks on a button, but on that button.
set -euo pipefail
launcher=$(ls /usr/libexec/at-spi-bus-launcher 2>/dev/null || true)
python=/usr/bin/python3
for each in chromium Xvfb dbus-run-session dbus-send; do
  command -v "$each" >/dev/null || launcher=""
done
if [ -z "$launcher" ] || ! "$python" -c 'import gi; gi.require_version("Atspi", "2.0")' 2>/dev/null; then
  echo "This one needs Debian's packages chromium xvfb dbus at-spi2-core python3-gi gir1.2-atspi-2.0."
  exit 2
fi
folder=$(mktemp -d)
mkdir -m 700 "$folder/run"
export XDG_RUNTIME_DIR="$folder/run" HOME="$folder"
Xvfb -displayfd 3 -screen 0 1024x768x24 -nolisten tcp 3>"$folder/display" 2>/dev/null &
screen=$!
trap 'kill "$screen" 2>/dev/null || true; sleep 1; rm -rf "$folder" 2>/dev/null || true' EXIT
until [ -s "$folder/display" ]; do sleep 0.2; done
DISPLAY=":$(cat "$folder/display")" && export DISPLAY
chromium --version
cat > "$folder/see.py" <<'PYTHON'
"""The actions that a heading has for assistive technologies, with one listener a page."""

import subprocess
import sys
import time
from pathlib import Path

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi  # noqa: E402

folder, launcher = Path(sys.argv[1]), sys.argv[2]
LISTENERS = {
    "none": "",
    "click on window": "window.addEventListener('click', () => {})",
    "click on document": "document.addEventListener('click', () => {})",
    "click on button": "document.querySelector('button').addEventListener('click', () => {})",
    "pointerdown on window": "window.addEventListener('pointerdown', () => {})",
    "keydown on document": "document.addEventListener('keydown', () => {})",
}
PAGE = "<!doctype html><title>{}</title><h1>Title</h1><p>Text</p><button>OK</button><script>{}</script>"


def below(node):
    """All that is under an accessible."""
    for at in range(node.get_child_count()):
        child = node.get_child_at_index(at)
        if child is not None:
            yield child
            yield from below(child)


def heading_actions(title):
    """Those of the heading, once the page with this title is there."""
    for _ in range(120):
        time.sleep(0.5)
        for node in below(Atspi.get_desktop(0)):
            if node.get_role_name() != "document web" or node.get_name() != title:
                continue
            for inside in below(node):
                if inside.get_role_name() == "heading":
                    count = Atspi.Action.get_n_actions(inside)
                    return [Atspi.Action.get_action_name(inside, at) for at in range(count)]
    raise SystemExit(f"the page « {title} » did not come")


bus = subprocess.Popen([launcher, "--launch-immediately"], stderr=subprocess.DEVNULL)
time.sleep(1)
subprocess.run(
    ["dbus-send", "--session", "--print-reply", "--dest=org.a11y.Bus", "/org/a11y/bus",
     "org.freedesktop.DBus.Properties.Set", "string:org.a11y.Status", "string:IsEnabled",
     "variant:boolean:true"], check=True, stdout=subprocess.DEVNULL,
)
found = {}
for at, (name, script) in enumerate(LISTENERS.items()):
    page = folder / f"{at}.html"
    page.write_text(PAGE.format(name, script))
    browser = subprocess.Popen(
        ["chromium", "--force-renderer-accessibility", "--no-first-run", "--disable-gpu",
         "--no-sandbox", f"--user-data-dir={folder}/profile-{at}", page.as_uri()],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )
    try:
        found[name] = heading_actions(name)
    finally:
        browser.terminate()
        browser.wait(20)
bus.terminate()
print("guess:     clickAncestor nowhere but for « click on document »")
print("behaviour: for « click on window » too")
for name, actions in found.items():
    print(f"  {name}: {actions}")
marked = {name for name, actions in found.items() if "clickAncestor" in actions}
assert marked == {"click on window", "click on document"}, marked
PYTHON
dbus-run-session -- "$python" "$folder/see.py" "$folder" "$launcher" 2>"$folder/log" \
  || { cat "$folder/log"; exit 1; }
