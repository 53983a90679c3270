"""A browser's name for people: « Chrome sur Android ». Never used to decide anything."""

from flask import request

_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)


def agent_name(header: str) -> str:
    """The names that a User-Agent header gives itself, in French, at most 80 signs."""
    browser = next((name for mark, name in _BROWSERS if mark in header), "Navigateur inconnu")
    system = next((name for mark, name in _SYSTEMS if mark in header), "")
    return f"{browser} sur {system}" if system else browser


def agent() -> str:
    """The name of the browser that sent this request."""
    return agent_name(request.headers.get("User-Agent", ""))
