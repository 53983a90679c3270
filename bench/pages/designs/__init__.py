"""The same sign-in form in other people's designs, and by hand: what the portal's is beside."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench import server

HERE = Path(__file__).parent
PACKAGES = server.ROOT / "bench" / "node_modules"
BUILT = server.ROOT / "build" / "pages"
_GOVUK = PACKAGES / "govuk-frontend" / "dist" / "govuk"
_DSFR = PACKAGES / "@gouvfr" / "dsfr" / "dist"

TITLES = {
    "floor": "floor: one CSS file, htmx",
    "govuk": "GOV.UK 6.6.0",
    "dsfr": "DSFR 1.15.3",
}
FILES: dict[str, dict[str, Path]] = {  # what each is served with, besides its page
    "floor": {
        "floor.css": HERE / "floor.css",
        "htmx.min.js": server.ROOT / "static" / "js" / "htmx.min.js",
    },
    "govuk": {
        "assets": _GOVUK / "assets",
        "govuk-frontend.min.css": _GOVUK / "govuk-frontend.min.css",
        "govuk-frontend.min.js": _GOVUK / "govuk-frontend.min.js",
        "enhance.js": HERE / "govuk-enhance.js",
        "start.js": HERE / "govuk-start.js",
    },
    "dsfr": {
        "dsfr.min.css": _DSFR / "dsfr.min.css",
        "utility/utility.min.css": _DSFR / "utility" / "utility.min.css",
        "dsfr.module.min.js": _DSFR / "dsfr.module.min.js",
        "dsfr.nomodule.min.js": _DSFR / "dsfr.nomodule.min.js",
        "fonts": _DSFR / "fonts",
        "icons": _DSFR / "icons",
        "favicon": _DSFR / "favicon",
    },
}


def build(design: str) -> Path:
    """Its page and files in one folder, compressed ahead like the portal's; the page as gzip."""
    folder = BUILT / design
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shutil.copy(HERE / f"{design}.html", folder / "index.html")
    (folder / "robots.txt").write_text("User-agent: *\nAllow: /\n")
    for name, source in FILES[design].items():
        target = folder / name
        target.parent.mkdir(exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target)
        else:
            shutil.copy(source, target)
    command = [sys.executable, "-m", "whitenoise.compress", "--quiet", str(folder)]
    subprocess.run(command, check=True)
    (folder / "index.html.br").unlink(missing_ok=True)  # the portal's pages are gzip too
    return folder


@contextmanager
def served(design: str) -> Iterator[str]:
    """The address of its page."""
    port = server.free_port()
    bind = ["--bind", f"{server.HOST}:{port}", "--threads", "8", "--no-control-socket"]
    more = ["--worker-class", "gthread", "--log-level", "warning", "--chdir", str(server.ROOT)]
    command = [str(server.BIN / "gunicorn"), "bench.pages.site:app", *bind, *more]
    environment = {**os.environ, "SITE_FOLDER": str(build(design))}
    with server.serving(command, environment, BUILT, port, "/"):
        yield f"http://{server.HOST}:{port}/"
