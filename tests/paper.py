"""Letters as the press prints them, and what readers make of the PDF."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

import pypdfium2
from PIL import Image

from webapp.adapters import brand, press
from webapp.services.letters.sheets import Addressee, Press, Sheet

SITE = "https://espace.example.org"
MADE_AT = datetime(2026, 11, 29, 10, tzinfo=UTC)
CODE = "7K2M-9QXD-4HRT"
ODILE = Addressee(
    "00100234", "Mme", "Exemple", "Odile", "MME ODILE EXEMPLE\n12 RUE DES LILAS\n01000 EXEMPLE"
)
MM = 72 / 25.4  # points


def our_press() -> Press:
    return press.open_press(brand.read(brand.OURS), SITE)


def sheet(to: Addressee = ODILE, sequence: int = 34, **other: Any) -> Sheet:
    """A letter of batch 12, which has 500."""
    facts: dict[str, Any] = {
        "batch": 12,
        "letters": 500,
        "access_code": CODE,
        "made_on": date(2026, 11, 29),
        "good_until": date(2027, 2, 27),
    }
    return Sheet(sequence=sequence, to=to, **(facts | other))


def printed(*sheets: Sheet, by: Press | None = None) -> bytes:
    """The one file of these letters."""
    (pdf,) = (by or our_press()).files([sheets], made_at=MADE_AT)
    return pdf


@contextmanager
def opened(pdf: bytes) -> Iterator[pypdfium2.PdfDocument]:
    """As Chromium reads it."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        yield document
    finally:
        document.close()


def texts(pdf: bytes) -> list[str]:
    """What each page says, lines by « \\n »."""
    with opened(pdf) as document:
        found = [page.get_textpage().get_text_range() for page in document]
    return [each.replace("\r\n", "\n") for each in found]


def seen(pdf: bytes, page: int = 0, dots: int = 150) -> Image.Image:
    """A page as a scanner or a screen of so many dots an inch shows it, in grey."""
    with opened(pdf) as document:
        image: Image.Image = document[page].render(scale=dots / 72).to_pil()
    return image.convert("L")


def boxes(pdf: bytes, page: int = 0) -> list[tuple[str, float, float, float, float]]:
    """Each visible sign of a page, and where it stands: left, top, right, bottom, in mm from the
    sheet's top left corner."""
    with opened(pdf) as document:
        text = document[page].get_textpage()
        height = document[page].get_height()
        found = []
        for at in range(text.count_chars()):
            sign = text.get_text_range(at, 1)
            if sign.strip():
                left, bottom, right, top = text.get_charbox(at)
                found.append(
                    (sign, left / MM, (height - top) / MM, right / MM, (height - bottom) / MM)
                )
    return found


def lines_of(page: str, wanted: Sequence[str]) -> list[str]:
    """The lines of a page that are among these."""
    return [line for line in page.split("\n") if line in wanted]
