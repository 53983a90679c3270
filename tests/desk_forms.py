"""The routes of the desk and the forms of its pages, which find themselves."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import product

from flask import Flask
from werkzeug.routing import Rule

from tests.checked_client import tree
from tests.desk_town import Places

PART = re.compile(r"<(?:(\w+)(?:\(([^<>]*)\))?:)?(\w+)>")
FIELDS = ("input", "textarea", "select", "button")


@dataclass(frozen=True)
class Form:
    """A form as a page shows it: where it is sent, and what each of its fields holds, the token's
    left out."""

    page: str
    action: str
    fields: dict[str, str]


def routes(desk: Flask, method: str) -> list[Rule]:
    """Those that take this method, the built files' left out."""
    rules = desk.url_map.iter_rules()
    return [each for each in rules if method in (each.methods or ()) and "static" not in each.rule]


def addresses(rule: Rule, places: Places) -> Iterator[str]:
    """Every address of a route in this desk. Raises KeyError for a part of which it has none."""
    parts = [[f"{value}" for value in _choices(part, places)] for part in PART.finditer(rule.rule)]
    for values in product(*parts):
        told = iter(values)
        yield PART.sub(lambda _, told=told: next(told), rule.rule)  # type: ignore[misc]


def _choices(part: re.Match[str], places: Places) -> Iterable[object]:
    kind, choice, name = part.groups()
    return [each.strip() for each in choice.split(",")] if kind == "any" else places[name]


def forms(get: Callable[[str], str], pages: Iterable[str]) -> list[Form]:
    """The forms that are sent from these pages, each once. `get`: a page's text, "" for none."""
    found: dict[tuple[str, tuple[str, ...]], Form] = {}
    for page in pages:
        text = get(page)
        for form in tree(text).iter("form") if "<form" in text else ():
            each = [one for tag in FIELDS for one in form.iter(tag) if one.get("name")]
            fields = {one.get("name", ""): one.get("value") or "" for one in each}
            if fields.pop("csrf_token", None) is None:
                continue
            action = form.get("action") or page
            found.setdefault((action, (*sorted(fields),)), Form(page, action, fields))
    return list(found.values())
