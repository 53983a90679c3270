"""Pages that are files of their own: whatever they need is in them."""

import base64
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from webapp.adapters.brand import Brand
from webapp.adapters.mail_templates import FrenchTypography
from webapp.settings import ROOT


def environment(mutual: Brand) -> Environment:
    """What their templates are filled in with: the brand and its mark."""
    made = Environment(
        loader=FileSystemLoader(ROOT / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=[FrenchTypography],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    mark = within("image/svg+xml", mutual.folder / "mark.svg")
    made.globals.update(brand=mutual, mark=mark)
    return made


def within(kind: str, file: Path) -> str:
    """The file as an address that holds it."""
    return f"data:{kind};base64,{base64.b64encode(file.read_bytes()).decode()}"
