"""What the proxy answers when the portal or the desk can't, or when it lets nobody through
(deploy/nginx.conf, nginx-desk.conf): pages in the brand, each whole in itself, since no style sheet
may be there to ask for."""

import os
from pathlib import Path

from webapp.adapters import assets, whole_pages
from webapp.adapters.brand import Brand
from webapp.adapters.builds import FILES
from webapp.settings import SettingsError

# by what their files' names begin with; 502 says it for 503 and 504 too
STATUSES = {"": (400, 413, 429, 502), "desk.": (400, 403, 413, 429, 502)}
SHAPES = {"page": "layouts/alone.html", "notice": "layouts/notice.html"}


def write(mutual: Brand, built: Path, place: Path = assets.PLACE) -> None:
    """Write `<status>.<shape>.html`, and `desk.<status>.<shape>.html` for operators, into `place`,
    with the style sheet of the folder `built`. A page is the whole document, a notice what HTMX
    shows above a form. Raises SettingsError."""
    environment = whole_pages.environment(mutual)
    environment.globals["style"] = whole_pages.within("text/css", built / FILES / assets.STYLE)
    template = environment.get_template("errors/proxy.html")
    try:
        for whose, status, shape in every():
            text = template.render(status=status, layout=SHAPES[shape], desk=bool(whose))
            _put(place / f"{whose}{status}.{shape}.html", text)
    except OSError as fault:
        raise SettingsError(
            f"the proxy's pages can't be written into {place} ({fault.strerror}): run "
            ".venv/bin/flask assets build as the user who installed the portal"
        ) from fault


def every() -> list[tuple[str, int, str]]:
    """Of each page what its name begins with, its status, its shape."""
    names = [(whose, status) for whose, statuses in STATUSES.items() for status in statuses]
    return [(*name, shape) for name in names for shape in SHAPES]


def answer_431(place: Path = assets.PLACE) -> bytes | None:
    """The whole answer to headers that are too large, for a server that no proxy shields; None
    where the pages were not written."""
    try:
        page = (place / "400.page.html").read_bytes()
    except OSError:
        return None
    head = (
        "HTTP/1.1 431 Request Header Fields Too Large",
        "Connection: close",
        "Content-Type: text/html; charset=utf-8",
        f"Content-Length: {len(page)}",
        "Cache-Control: no-store",
        "X-Content-Type-Options: nosniff",
        "Content-Security-Policy: default-src 'none'; style-src data:; img-src data:",
        "",
        "",
    )
    return "\r\n".join(head).encode() + page


def _put(file: Path, text: str) -> None:
    """At once: the proxy reads the former page or the new one, never half of it."""
    aside = file.with_suffix(f".{os.getpid()}")
    aside.write_text(text, "utf-8")
    aside.chmod(0o644)  # the proxy's user reads what the installer wrote
    aside.replace(file)
