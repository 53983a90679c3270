"""`python -m guide.letter_screens`: the small screens on the back of the paper letter, renewed.

They are the guide's own pictures of a phone, cut to what the step is about, in few greys: black
printers print them, and a letter carries them for a kilobyte.
"""

import sys
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from guide.play import pictured
from player.browsers import launch
from webapp.rules.procedure import ACTIVATION, REGISTRATION, SIGN_IN, Procedure
from webapp.settings import ROOT

SCREENS = ROOT / "templates" / "letter" / "screens"
WIDTH, HEIGHT = 440, 738  # of a picture; 31 x 52 mm on paper, 360 dots an inch
GREYS = 16
# Which picture of a step, from which CSS pixel on, and the step on the letter that it is for. The
# mail is the same one whether its link is pressed or its code is copied.
CHOSEN: tuple[tuple[Procedure, str, int, str], ...] = (
    (REGISTRATION, "about_me", 86, "about_me"),
    (REGISTRATION, "terms", 304, "terms"),
    (ACTIVATION, "activate", 0, "confirm"),
    (SIGN_IN, "password", 84, "password"),
    (SIGN_IN, "code", 84, "code"),
)


def main() -> int:
    """Writes the files."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for procedure, key, top, name in CHOSEN:
            step = next(each for each in procedure if each.key == key)
            figure = pictured(procedure, [step], browser, "telephone")[key][0]
            save(figure.png, figure.width, top, SCREENS / f"{name}.png")
        browser.close()
    print(f"{len(CHOSEN)} screens: {SCREENS}")
    return 0


def save(png: bytes, width: float, top: int, file: Path) -> None:
    """That picture from `top` on (CSS pixels) under this name."""
    drawn = Image.open(BytesIO(png)).convert("L")
    scale = drawn.width / width
    high = round(drawn.width * HEIGHT / WIDTH)
    box = (0, round(top * scale), drawn.width, round(top * scale) + high)
    cut = Image.new("L", (drawn.width, high), 255)
    cut.paste(drawn.crop((box[0], box[1], box[2], min(box[3], drawn.height))))
    small = cut.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    small.quantize(GREYS, dither=Image.Dither.NONE).convert("L").save(file, optimize=True)


if __name__ == "__main__":
    sys.exit(main())
