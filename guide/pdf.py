"""A page of a guide as a PDF, with what a browser leaves out of one: title and language in its
metadata, words for its links, and what is decoration."""

from collections.abc import Mapping
from pathlib import Path

import pikepdf
from playwright.sync_api import Page

from guide import artifacts

_LINKS = """() => Object.fromEntries(
  [...document.querySelectorAll('a[href^="#"]')].map((a) => [a.hash.slice(1), a.innerText]))"""
_FOOT = """<div style="width:100%;margin:0 15mm;font:8pt sans-serif;color:#5d5268;
display:flex;justify-content:space-between"><span>{} – {}</span>
<span>Page <span class="pageNumber"></span> sur <span class="totalPages"></span></span></div>"""


def write(page: Page, file: Path, *, author: str, called: str) -> None:
    """The page that is open, tagged, with an outline. `called`: its name at the foot of each sheet,
    after the author's."""
    links = page.evaluate(_LINKS)
    page.pdf(
        path=file,
        format="A4",
        margin={"top": "12mm", "bottom": "14mm", "left": "15mm", "right": "15mm"},
        print_background=True,
        display_header_footer=True,
        header_template="<span></span>",
        footer_template=_FOOT.format(author, called),
        tagged=True,
        outline=True,
    )
    _finish(file, title=page.title(), author=author, links=links)


def _finish(file: Path, *, title: str, author: str, links: Mapping[str, str]) -> None:
    with pikepdf.open(file, allow_overwriting_input=True) as document:
        with document.open_metadata(set_pikepdf_as_editor=False) as metadata:
            metadata["dc:title"] = title
            metadata["dc:creator"] = [author]
            metadata["dc:language"] = ["fr"]
        document.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
        for page in document.pages:
            for each in page.get("/Annots", []):
                if each.get("/Subtype") == "/Link" and "/Contents" not in each:
                    each.Contents = pikepdf.String(_words(each, links))
        artifacts.mark(document)
        document.save(file)


def _words(annotation: pikepdf.Object, links: Mapping[str, str]) -> str:
    """What the link says. Raises KeyError for a link to nowhere in the book."""
    target = str(annotation.get("/Dest") or annotation.A.D).lstrip("/")
    return f"Aller à : {links[target]}"
