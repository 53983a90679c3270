"""The desk's guide, as it is published, has every call in the words that QA plays."""

import pypdfium2

from webapp.rules.calls import CALLS
from webapp.settings import ROOT


def test_the_published_guide_of_the_desk_has_every_call_and_step() -> None:
    document = pypdfium2.PdfDocument(ROOT / "docs" / "desk.pdf")
    pages = (page.get_textpage().get_text_range() for page in document)
    text = " ".join(" ".join(pages).replace("\u00a0", " ").replace("\u202f", " ").split())
    for call in CALLS:
        assert call.title in text, "run: python -m guide.desk"
        for step in call:
            assert step.title in text
