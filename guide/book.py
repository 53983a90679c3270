"""The book: one HTML page with its pictures, and the same as a PDF."""

import base64
import re
import shutil
from dataclasses import replace
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from playwright.sync_api import Browser

from guide import letter_step, pdf
from guide.camera import Figure
from guide.example import SITE
from guide.layout import PAGE, lay_out
from guide.play import DEVICES, Chapter
from webapp.adapters.brand import OURS, Brand, read
from webapp.adapters.mail_templates import FrenchTypography
from webapp.rules.typography import french
from webapp.settings import ROOT

HERE = Path(__file__).parent
MUTUAL = read(OURS)
NAMES = {
    letter_step.DEVICE: "Le courrier",
    "telephone": "Sur un téléphone",
    "ordinateur": "Sur un ordinateur",
}
# Photographs weigh a third of drawings in a PDF. They keep 150 dots an inch or more.
_LIGHTER = """async (png) => {
  const drawn = new Image();
  drawn.src = 'data:image/png;base64,' + png;
  await drawn.decode();
  const canvas = document.createElement('canvas');
  const scale = Math.min(1, (drawn.width > 1000 ? 960 : 440) / drawn.width);
  canvas.width = drawn.width * scale;
  canvas.height = drawn.height * scale;
  const context = canvas.getContext('2d');
  context.imageSmoothingQuality = 'high';
  context.drawImage(drawn, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL('image/jpeg', 0.4);
}"""
# what each copy shows, and its file; the first is for who prints one for all
COPIES = {
    "both": "procedure.pdf",
    "telephone": "procedure-telephone.pdf",
    "ordinateur": "procedure-ordinateur.pdf",
}


def write(chapters: list[Chapter], folder: Path) -> None:
    """`procedure.html` and `pictures/` in the folder; the paper letter comes first."""
    chapters = _with_letter(chapters)
    pictures = folder / "pictures"
    pictures.mkdir(parents=True, exist_ok=True)
    for old in pictures.glob("*.png"):
        old.unlink()
    for name, figure in named(chapters).items():
        (pictures / name).write_bytes(figure.png)
    page = (
        environment()
        .get_template("book.html")
        .render(
            chapters=chapters,
            plates={id(f): (name, lay_out(f)) for name, f in named(chapters).items()},
            names=NAMES,
            devices=DEVICES,
            page=PAGE,
            site=SITE.removeprefix("https://"),
            brand=MUTUAL,
            tokens=tokens(MUTUAL),
            mark=(MUTUAL.folder / "mark.svg").read_text(),
        )
    )
    (folder / "procedure.html").write_text(page)


def _with_letter(chapters: list[Chapter]) -> list[Chapter]:
    first, *others = chapters
    steps = ((letter_step.STEP, (letter_step.figure(MUTUAL),)), *first.steps)
    return [replace(first, steps=steps), *others]


def named(chapters: list[Chapter]) -> dict[str, Figure]:
    """Every figure under the name of its file: step, device and, where it takes several, which."""
    found: dict[str, Figure] = {}
    for chapter in chapters:
        for step, figures in chapter.steps:
            for device in NAMES:
                of_device = [each for each in figures if each.device == device]
                for at, figure in enumerate(of_device, 1):
                    which = f"-{at}" if len(of_device) > 1 else ""
                    found[f"{step.key}-{device}{which}.png"] = figure
    return found


def publish(browser: Browser, folder: Path) -> Path:
    """The same page with light pictures, and its PDFs (COPIES), tagged, with an outline, in
    `publish/`. Returns the one for both devices."""
    light = folder / "publish"
    shutil.rmtree(light, ignore_errors=True)
    (light / "pictures").mkdir(parents=True)
    page = browser.new_page(locale="fr-FR")
    names: dict[bytes, str] = {}
    html = (folder / "procedure.html").read_text()
    for picture in sorted((folder / "pictures").glob("*.png")):
        png = picture.read_bytes()
        if png not in names:  # screens that several steps show are kept once
            names[png] = f"{picture.stem}.jpg"
            jpeg = page.evaluate(_LIGHTER, base64.b64encode(png).decode())
            (light / "pictures" / names[png]).write_bytes(base64.b64decode(jpeg.split(",")[1]))
        html = html.replace(f'"pictures/{picture.name}"', f'"pictures/{names[png]}"')
    (light / "procedure.html").write_text(html)
    page.goto((light / "procedure.html").resolve().as_uri())
    for device, name in COPIES.items():
        page.evaluate("name => { document.body.className = name }", f"for-{device}")
        pdf.write(page, light / name, author=MUTUAL.full, called="Mon espace, pas à pas")
    page.close()
    return light / COPIES["both"]


def tokens(mutual: Brand) -> str:
    """The colours of the portal's stylesheet and of the brand, for paper: the light ones."""
    sheet = (ROOT / "static" / "css" / "portal.css").read_text()
    found = re.search(r":root\{.*?\}", sheet, re.DOTALL)
    assert found
    return found[0] + mutual.tokens.partition("@media")[0]


def environment() -> Environment:
    """Templates of this folder, in French typography."""
    environment = Environment(
        loader=FileSystemLoader(HERE),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=[FrenchTypography],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["french"] = french
    environment.filters["identity"] = id
    environment.filters["mm"] = lambda length: f"{length:.2f}mm"
    environment.filters["percent"] = lambda part, whole: f"{100 * part / whole:.3f}%"
    return environment
