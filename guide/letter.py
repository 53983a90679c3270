"""`make letter`: the example letter in docs/letter/, as the press prints it today, with pictures of
it; `--screens` renews the small screens on its back first."""

import argparse
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pypdfium2

from guide import letter_screens
from guide.example import SITE
from webapp.adapters import brand, press
from webapp.services.letters.sheets import Addressee, Sheet
from webapp.settings import ROOT

OUT = ROOT / "docs" / "letter"
DOTS = 110  # an inch, of the pictures
PAGES = ("recto", "verso")
ODILE = Addressee(
    "00123450",
    "Mme",
    "Exemple",
    "Odile",
    "MME ODILE EXEMPLE\nRESIDENCE LES TILLEULS\n12 RUE DES LILAS\n01000 EXEMPLE SUR AIN",
)
EXAMPLE = Sheet(
    batch=12,
    sequence=34,
    letters=500,
    to=ODILE,
    access_code="7K2M-9QXD-4HRT",
    made_on=date(2026, 11, 30),
    good_until=date(2027, 3, 1),
)


def printed() -> bytes:
    """The example's PDF."""
    own = press.open_press(brand.read(brand.OURS), SITE)
    (pdf,) = own.files([[EXAMPLE]], made_at=datetime(2026, 11, 30, 9, tzinfo=UTC))
    return pdf


def main(arguments: list[str] | None = None) -> int:
    """Writes the files."""
    parser = argparse.ArgumentParser(prog="python -m guide.letter", description=__doc__)
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--screens", action="store_true")
    wish = parser.parse_args(arguments)
    if wish.screens:
        letter_screens.main()
    pdf = printed()
    wish.out.mkdir(parents=True, exist_ok=True)
    (wish.out / "exemple.pdf").write_bytes(pdf)
    document = pypdfium2.PdfDocument(pdf)
    for page, name in zip(document, PAGES, strict=True):
        picture = page.render(scale=DOTS / 72).to_pil().quantize(32)
        picture.save(wish.out / f"{name}.png", optimize=True)
    document.close()
    print(f"{len(pdf) / 1000:.0f} kB of PDF: {wish.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
