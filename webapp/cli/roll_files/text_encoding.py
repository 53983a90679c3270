"""What a text file was written in: told by its mark, by its bytes, or by its names."""

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, getincrementaldecoder
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from webapp.cli.roll_files.faults import RollFileFault
from webapp.rules import encodings

ROW_MAX = 64 * 1024  # bytes: more is a quote that nobody closed, not a member
_BLOCK = 1024 * 1024
_SAMPLES, _FIRST = 24, 4  # lines with accents, lines from the beginning
_WORDS = 3_000  # distinct ones tell enough
_ACCENTED = re.compile(rb"[A-Za-z']*+[\x80-\xff][A-Za-z'\x80-\xff]*+")


@dataclass(frozen=True)
class Encoding:
    """The name that Python knows it by, what else it may be, and some lines to show."""

    name: str
    doubts: tuple[str, ...]
    lines: tuple[bytes, ...]
    lines_in: str

    @property
    def shown(self) -> str:
        """As operators are told it."""
        plain = self.name.removesuffix("-sig").removesuffix("-le").removesuffix("-be")
        return encodings.NAMES[plain].upper() if plain.startswith("utf") else _SHOWN[plain]


_SHOWN = {
    encodings.WINDOWS: "Windows-1252",
    encodings.LATIN9: "ISO-8859-15",
    encodings.DOS: "CP850 (MS-DOS)",
    encodings.MAC: "Mac Roman",
}


def decide(raw: BinaryIO, asked: str | None) -> Encoding:
    """The file's encoding. Raises RollFileFault for what is no text, or not in the encoding asked,
    and for a line that must not be read whole."""
    raw.seek(0)
    head = raw.read(4096)
    marked = _marked(head)
    if asked is not None:
        name = encodings.named(asked)
        if name is None:
            known = ", ".join(encodings.NAMES.values())
            raise RollFileFault(f"--encoding « {asked} » : attendu un de {known}.")
        name = marked if marked and marked.startswith(name) else name
        if (lines := _read_as(raw, name)) is None:
            raise RollFileFault(
                f"Ce fichier n’est pas en {encodings.NAMES.get(name, asked)} : des signes n’y "
                "existent pas. Relancez sans --encoding, ou nommez-en un autre."
            )
        return Encoding(name, (), lines, _lines_in(name))
    name = marked or "utf-8"
    if (lines := _read_as(raw, name)) is not None:
        return Encoding(name, (), lines, _lines_in(name))
    if marked:
        raise RollFileFault(
            "Ce fichier est abîmé : il annonce un encodage Unicode et contient des signes qui n’y "
            "existent pas. Enregistrez-le de nouveau en « CSV UTF-8 »."
        )
    return _by_its_names(raw)


def _marked(head: bytes) -> str | None:
    """What its first bytes say: a mark, or the zeros of two bytes a sign."""
    if head.startswith(BOM_UTF8):
        return "utf-8-sig"
    if head.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return "utf-16"
    even, odd = head[::2].count(0), head[1::2].count(0)
    if odd > len(head) // 4 and even <= odd // 50:
        return "utf-16-le"
    if even > len(head) // 4 and odd <= even // 50:
        return "utf-16-be"
    return None


def _read_as(raw: BinaryIO, name: str) -> tuple[bytes, ...] | None:
    """Read the whole file once. Lines to show, None when it isn't in that encoding."""
    wide = name.startswith("utf-16")
    decoder = getincrementaldecoder(name)()
    samples = _Samples()
    ends = _Ends()
    try:
        for block in _blocks(raw, wide=wide):
            text = decoder.decode(block, final=not block)
            ends.look(text.encode() if wide else block)
            samples.look(text.encode() if wide else block)
    except UnicodeError:
        return None
    ends.check()
    return tuple(samples.lines)


def _by_its_names(raw: BinaryIO) -> Encoding:
    words, samples, ends = set[bytes](), _Samples(), _Ends()
    for block in _blocks(raw, wide=False):
        ends.look(block)
        samples.look(block)
        if len(words) < _WORDS:
            words.update(_ACCENTED.findall(block))
    ends.check()
    if sum(map(_is_utf8, words)) * 2 > len(words):
        raise _spoilt(raw)
    choice = encodings.choose(words)
    return Encoding(choice.encoding, choice.doubts, tuple(samples.lines), choice.encoding)


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True


def _spoilt(raw: BinaryIO) -> RollFileFault:
    """Two files put together, or one that was mended in another program."""
    raw.seek(0)
    line = next((at for at, text in enumerate(raw, 1) if not _is_utf8(text)), 1)
    return RollFileFault(
        f"Ce fichier est en UTF-8, mais la ligne {line} a des signes d’un autre encodage. Rien n’a "
        "été importé. Corrigez-la, enregistrez en « CSV UTF-8 », puis relancez la commande."
    )


def _lines_in(name: str) -> str:
    return "utf-8" if name.startswith("utf") else name


def _blocks(raw: BinaryIO, *, wide: bool) -> Iterator[bytes]:
    """The whole file, an empty block last. Raises RollFileFault for what is no text."""
    raw.seek(0)
    while True:
        block = raw.read(_BLOCK)
        if block.endswith(b"\r") and not wide:
            block += raw.read(1)  # a break of two signs is one
        if not wide and b"\0" in block:
            raise RollFileFault(
                "Ce fichier n’est ni un texte ni un classeur. Dans votre tableur, choisissez "
                "« Enregistrer sous », format « Classeur Excel (.xlsx) » ou « CSV UTF-8 », et "
                "importez le fichier obtenu."
            )
        yield block
        if not block:
            return


class _Samples:
    """Some lines to show: the first ones, and the first with accents."""

    def __init__(self) -> None:
        self.lines: list[bytes] = []
        self._accents, self._begun = 0, False

    def look(self, block: bytes) -> None:
        if not self._begun:
            self._begun = True
            self.lines.extend(block[:ROW_MAX].splitlines()[: _FIRST + 1])
        if self._accents < _SAMPLES and not block.isascii():
            for line in block.splitlines():
                if not line.isascii():
                    self.lines.append(line)
                    self._accents += 1
                    if self._accents == _SAMPLES:
                        return


class _Ends:
    """Looks, block by block, for a line that has no end."""

    def __init__(self) -> None:
        self._line, self._length = 1, 0
        self._missing: int | None = None

    def look(self, block: bytes) -> None:
        lengths = list(map(len, block.splitlines(keepends=True))) or [0]
        lengths[0] += self._length
        if self._missing is None and max(lengths) > ROW_MAX:
            self._missing = self._line + next(
                at for at, length in enumerate(lengths) if length > ROW_MAX
            )
        ended = block.endswith((b"\n", b"\r"))
        self._line += len(lengths) if ended else len(lengths) - 1
        self._length = 0 if ended else lengths[-1]

    def check(self) -> None:
        """Raises RollFileFault."""
        if self._missing is not None:
            raise no_end(self._missing)


def no_end(line: int) -> RollFileFault:
    """A row that swallows those after it."""
    return RollFileFault(
        f"L’adhérent de la ligne {line} n’a pas de fin : un guillemet y est sans doute mal fermé. "
        "Rien n’a été importé. Corrigez cette ligne (dans un texte, un guillemet se double), puis "
        "relancez la commande."
    )
