"""Whether what a letter says of its member fits and can be printed, by the metrics of the fonts
that print it."""

import string
from collections.abc import Mapping
from functools import lru_cache
from io import BytesIO
from itertools import chain

from webapp.adapters import press_case
from webapp.rules import postal
from webapp.rules.postal import LINES
from webapp.services.letters.sheets import Addressee

WIDTH = 80.0  # mm of a line: every window shows so much wherever the sheet slides behind it
GREETING_WIDTH, GREETING_SIZE = 170.0, 12.0  # mm, points
SIZES = (10.0, 9.0)  # points: the second for blocks with a wide line, or six
MM = 25.4 / 72
OURS, EVERY = "AtkinsonHyperlegibleNext-Regular.ttf", "DejaVuSansCondensed.ttf"
CODES = "AtkinsonHyperlegibleMono-Bold.ttf"


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
        self._said = files[press_case.FACTS].decode() + string.ascii_letters + string.punctuation
        self._greeting = str(press_case.texts_in(files)["greeting"]).replace("{name}", "")

    @property
    def always(self) -> tuple[frozenset[str], frozenset[str]]:
        """The signs of what every letter says, and those of them that the letters' own font
        lacks."""
        said = frozenset(filter(str.isprintable, self._said)) | {" ", "\u00a0"}
        return said & self._ours.signs, said - self._ours.signs

    def is_plain(self, to: Addressee) -> bool:
        """Whether the letters' own font has the whole name; else all of it is set in the other,
        as envelopes always are: sorting machines may take a slashed zero for an 8."""
        return self._ours.has(to.name)

    def size(self, to: Addressee) -> float:
        """The points in which the address block is set."""
        lines = block(to)
        wide = any(self._every.width(line, SIZES[0]) > WIDTH for line in lines)
        return SIZES[1] if wide or len(lines) == LINES else SIZES[0]

    def fault(self, to: Addressee) -> str:
        """Why this letter would be cut, in French; "" when it fits."""
        lines = block(to)
        if len(lines) > LINES:
            return f"{len(lines)} lignes d’adresse avec le nom, la fenêtre en montre {LINES}"
        if lacking := self._lacking(to, lines):
            return f"aucune police n’a le signe « {lacking} » (U+{ord(lacking):04X})"
        for line in lines:
            if self._every.width(line, SIZES[-1]) > WIDTH:
                return f"ligne trop longue pour la fenêtre : « {line} »"
        face = self._ours if self.is_plain(to) else self._every
        room = GREETING_WIDTH - self._ours.width(self._greeting, GREETING_SIZE)
        if face.width(to.name, GREETING_SIZE) > room:
            return f"nom trop long pour une ligne du courrier : « {to.name} »"
        return ""

    def _lacking(self, to: Addressee, lines: list[str]) -> str:
        own = (each for each in chain(to.name, *lines) if each not in self._every.signs)
        return next(chain(own, (each for each in to.number if each not in self._codes.signs)), "")


@lru_cache(1_000)  # asked of a file's letters several times
def block(to: Addressee) -> list[str]:
    """The lines of the envelope."""
    return postal.envelope(to.lines, to.name, to.last_name, to.first_name)
