"""Whether what a letter says of its member fits and can be printed, by the metrics of the fonts
that print it."""

import unicodedata
from collections.abc import Mapping
from io import BytesIO
from itertools import chain

from webapp.adapters import press_case
from webapp.services.letters.sheets import Addressee

LINES = 6  # that both windows show wherever the sheet slides
WIDTH = 80.0  # mm of a line, the same
GREETING_WIDTH, GREETING_SIZE = 170.0, 11.5  # mm, points
SIZES = (10.0, 9.0)  # points: the second for blocks with a wide line
MM = 25.4 / 72
OURS, EVERY = "AtkinsonHyperlegibleNext-Regular.ttf", "DejaVuSansCondensed.ttf"
CODES = "AtkinsonHyperlegibleMono-Bold.ttf"
_LETTERS = str.maketrans({"đ": "d", "ø": "o", "ł": "l", "œ": "oe", "æ": "ae"})


class Face:
    """A font's widths, in thousandths of its size."""

    def __init__(self, file: bytes):
        from fontTools.ttLib import TTFont

        font = TTFont(BytesIO(file), lazy=True)
        scale = 1000 / font["head"].unitsPerEm
        widths = font["hmtx"].metrics
        self._widths: dict[str, float] = {
            chr(code): widths[name][0] * scale for code, name in font.getBestCmap().items()
        }
        self.signs = frozenset(self._widths)

    def has(self, text: str) -> bool:
        """Whether every sign can be printed."""
        return self.signs.issuperset(text)

    def width(self, text: str, size: float) -> float:
        """In mm, before kerning, which makes it narrower as a rule; at `size` points."""
        return sum(map(self._widths.__getitem__, text)) * size * MM / 1000


class Room:
    """Where the member's own words stand in a letter."""

    def __init__(self, files: Mapping[str, bytes]):
        fonts = {name: files[f"fonts/{name}"] for name in (OURS, EVERY, CODES)}
        self._ours, self._every, self._codes = (Face(fonts[name]) for name in (OURS, EVERY, CODES))
        self._greeting = str(press_case.texts_in(files)["greeting"])

    def is_plain(self, to: Addressee) -> bool:
        """Whether the letters' own font has every sign; else all of it is set in the other."""
        return all(map(self._ours.has, (to.name, *block(to))))

    def size(self, to: Addressee) -> float:
        """The points in which the address block is set."""
        face = self._ours if self.is_plain(to) else self._every
        wide = max((face.width(line, SIZES[0]) for line in block(to)), default=0)
        return SIZES[0] if wide <= WIDTH else SIZES[1]

    def fault(self, to: Addressee) -> str:
        """Why this letter would be cut, in French; "" when it fits."""
        lines = block(to)
        if len(lines) > LINES:
            return f"{len(lines)} lignes d’adresse avec le nom, la fenêtre en montre {LINES}"
        face = self._ours if self.is_plain(to) else self._every
        if lacking := self._lacking(face, to, lines):
            return f"aucune police n’a le signe « {lacking} » (U+{ord(lacking):04X})"
        for line in lines:
            if face.width(line, SIZES[-1]) > WIDTH:
                return f"ligne trop longue pour la fenêtre : « {line} »"
        greeting = self._greeting.replace("{name}", "")
        room = GREETING_WIDTH - self._ours.width(greeting, GREETING_SIZE)
        if face.width(to.name, GREETING_SIZE) > room:
            return f"nom trop long pour une ligne du courrier : « {to.name} »"
        return ""

    def _lacking(self, face: Face, to: Addressee, lines: list[str]) -> str:
        own = (each for each in chain(to.name, *lines) if each not in face.signs)
        return next(chain(own, (each for each in to.number if each not in self._codes.signs)), "")


def block(to: Addressee) -> list[str]:
    """The lines of the envelope: those of the roll, the member's name above where the first of
    them does not hold it."""
    lines = to.lines
    if not to.name or (lines and _folded(to.last_name or to.name) in _folded(lines[0])):
        return lines
    return [to.name, *lines]


def _folded(text: str) -> str:
    """As envelopes write it: no accents, no case, no signs between letters."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return "".join(filter(str.isalnum, plain))
