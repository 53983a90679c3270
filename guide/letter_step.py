"""Step 0 of the guide: the paper letter itself, as the press prints it for the example's member."""

from io import BytesIO

import pypdfium2

from guide.camera import Figure, Spot
from guide.example import SITE
from player.members import ODILE
from player.world import START
from webapp.adapters import press
from webapp.adapters.brand import Brand
from webapp.rules import credentials, letters
from webapp.rules.moments import paris_date
from webapp.rules.steps import Mark, Step
from webapp.services.letters.sheets import Addressee, Sheet

DEVICE = "courrier"
_CODE = credentials.grouped(ODILE.access_code)
STEP = Step(
    "letter",
    0,
    "Le courrier",
    "Prenez le courrier de la mutuelle : il porte votre numéro d’adhérent et votre code d’accès. "
    "Avec un téléphone, visez le carré noir et blanc : le numéro et le code se remplissent seuls.",
    "Votre numéro d’adhérent et votre code d’accès",
    marks=(
        Mark(ODILE.number, "Votre numéro d’adhérent", "text"),
        Mark(_CODE, "Votre code d’accès", "text"),
    ),
)
_DOTS = 2.4  # a point: about 170 dots an inch
_TO = Addressee(
    ODILE.number,
    "Mme",
    "Exemple",
    "Odile",
    "MME ODILE EXEMPLE\n12 RUE DES LILAS\n01000 EXEMPLE SUR AIN",
)


def figure(mutual: Brand) -> Figure:
    """The front of the letter, number and code found where they are printed."""
    days = paris_date(START), letters.printed_until(START)
    sheet = Sheet(1, 1, 1, _TO, _CODE, *days)
    (pdf,) = press.open_press(mutual, SITE).files([[sheet]], made_at=START)
    document = pypdfium2.PdfDocument(pdf)
    try:
        page = document[0]
        spots = tuple(_spot(page, at, mark) for at, mark in enumerate(STEP.marks, start=1))
        drawn = BytesIO()
        page.render(scale=_DOTS).to_pil().save(drawn, "PNG")
        width, height = page.get_size()
    finally:
        document.close()
    return Figure(STEP.key, DEVICE, STEP.title, drawn.getvalue(), width, height, spots)


def _spot(page: pypdfium2.PdfPage, number: int, mark: Mark) -> Spot:
    """Where a text is printed, in points from the top left. Raises LookupError."""
    text = page.get_textpage()
    try:
        found = text.search(mark.target).get_next()
        if found is None:
            raise LookupError(f"the letter does not say {mark.target}")
        boxes = [text.get_charbox(at) for at in range(found[0], found[0] + found[1])]
    finally:
        text.close()
    left, right = min(each[0] for each in boxes), max(each[2] for each in boxes)
    bottom, top = min(each[1] for each in boxes), max(each[3] for each in boxes)
    return Spot(
        number, mark, left, page.get_height() - top, right - left, top - bottom, clear=False
    )
