"""What a browser leaves out of a PDF: title and language in its metadata, words for its links, and
what is decoration."""

from collections.abc import Mapping
from pathlib import Path

import pikepdf

from guide import artifacts


def finish(file: Path, *, title: str, author: str, links: Mapping[str, str]) -> None:
    """Add them in place. `links`: the words of each link, by the id that it leads to."""
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
