"""PDF objects: those of a file that typst made, and a file of such objects with its small ones
packed (ISO 32000-1, 7.5.7 and 7.5.8), which typst does not do: tags are half of its files."""

import hashlib
import re
import struct
import zlib
from collections.abc import Mapping, Sequence
from itertools import accumulate, starmap

_XREF_ENTRY = 20  # bytes
_PACKED = 200  # objects in one stream
_REFERENCE, _DIGITS = b" 0 R", b"0123456789"
_STRING = re.compile(rb"\((?:\\.|[^\\()])*\)")
_STREAM = b"\nstream\n"
_LENGTH = re.compile(rb"/Length \d+")
Cut = tuple[bytes, tuple[int, ...]]


def read(pdf: bytes) -> dict[int, bytes]:
    """The objects of a file as typst writes it, by number; 0 is its trailer."""
    table = int(pdf[pdf.rindex(b"startxref") :].split()[1])
    first = pdf.index(b"\n", table + 5) + 1
    count = int(pdf[table + 5 : first].split()[1])
    places = [
        int(pdf[at : at + 10])
        for at in range(first + _XREF_ENTRY, first + count * _XREF_ENTRY, _XREF_ENTRY)
    ]
    ends = dict(zip(sorted(places), [*sorted(places)[1:], table], strict=True))
    objects = {0: pdf[pdf.index(b"trailer", table) :]}
    for number, place in enumerate(places, 1):
        begin = pdf.index(b"obj\n", place) + 4
        objects[number] = pdf[begin : pdf.rindex(b"\nendobj", begin, ends[place])]
    return objects


def references(body: bytes) -> tuple[int, ...]:
    """The objects that this one names, in order."""
    return cut(body)[1]


def cut(body: bytes) -> Cut:
    """An object as a format for `%`, and the references that go into it."""
    own = head(body)
    rest = body[len(own) :]
    if b"(" in own:  # what a string says is no reference
        own = _STRING.sub(lambda each: each[0].replace(_REFERENCE, rb" \060 R"), own)
    *pieces, last = own.replace(b"%", b"%%").split(_REFERENCE)
    texts = [each.rstrip(_DIGITS) for each in pieces]
    named = tuple(int(each[len(text) :]) for each, text in zip(pieces, texts, strict=True))
    return b"%d 0 R".join([*texts, last]) + rest.replace(b"%", b"%%"), named


def joined(pieces: Cut, numbers: Mapping[int, int]) -> bytes:
    """The object where others have these numbers."""
    told, named = pieces
    return told % tuple(map(numbers.__getitem__, named))


def head(body: bytes) -> bytes:
    """An object without its data, if it is a stream."""
    return body[: body.index(_STREAM)] if is_stream(body) else body


def is_stream(body: bytes) -> bool:
    return body.endswith(b"endstream")


def data(body: bytes) -> bytes:
    """A stream's data as they are stored."""
    return body[body.index(_STREAM) + len(_STREAM) : -len(b"\nendstream")]


def stream(entries: bytes, content: bytes) -> bytes:
    """A stream with these entries and these stored data, and their length."""
    begin = b"<</Length %d" % len(content)
    return b"%s%s>>%s%s\nendstream" % (begin, _LENGTH.sub(b"", entries), _STREAM, content)


class Writer:
    """A PDF under way. Numbers are taken first, so that objects may name one another."""

    def __init__(self) -> None:
        self._file = bytearray(b"%PDF-1.7\n%\x80\x80\x80\x80\n")
        self._places: dict[int, tuple[int, int, int]] = {}
        self._waiting: list[tuple[int, bytes]] = []
        self._taken = 0

    def take(self, count: int = 1) -> int:
        """The first of so many numbers."""
        first = self._taken + 1
        self._taken += count
        return first

    def put(self, number: int, body: bytes) -> None:
        """This object under its number."""
        if is_stream(body):
            self._write(number, body)
        else:
            self.put_all(number, [body])

    def put_all(self, first: int, bodies: Sequence[bytes]) -> None:
        """These objects, none of them a stream, under as many numbers from that one on."""
        self._waiting += enumerate(bodies, first)
        while len(self._waiting) >= _PACKED:
            self._pack()

    def add(self, body: bytes) -> int:
        """This object; returns its number."""
        number = self.take()
        self.put(number, body)
        return number

    def finish(self, root: int, info: int) -> bytes:
        """The whole file. Its identity is that of its content."""
        if self._waiting:
            self._pack()
        number = self.take()
        place = len(self._file)
        self._places[number] = (1, place, 0)
        rows = [(0, 0, 255), *(self._places[each] for each in range(1, number + 1))]
        table = b"".join(starmap(struct.Struct(">BIB").pack, rows))
        identity = hashlib.sha256(self._file).hexdigest()[:32].encode()
        entries = (
            b"/Type/XRef/Size %d/W[1 4 1]/Root %d 0 R/Info %d 0 R/ID[<%s><%s>]"
            b"/Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 6>>"
            % (number + 1, root, info, identity, identity)
        )
        self._write(number, stream(entries, zlib.compress(_up(table, 6))))
        self._file += b"startxref\n%d\n%%%%EOF\n" % place
        return bytes(self._file)

    def _pack(self) -> None:
        number, packed = self.take(), self._waiting[:_PACKED]
        del self._waiting[:_PACKED]
        numbers, bodies = zip(*packed, strict=True)
        places = accumulate((len(each) + 1 for each in bodies[:-1]), initial=0)
        begin = b" ".join(b"%d %d" % each for each in zip(numbers, places, strict=True)) + b"\n"
        self._places.update((each, (2, number, at)) for at, each in enumerate(numbers))
        entries = b"/Type/ObjStm/N %d/First %d/Filter/FlateDecode" % (len(bodies), len(begin))
        self._write(number, stream(entries, zlib.compress(begin + b"\n".join(bodies))))

    def _write(self, number: int, body: bytes) -> None:
        self._places[number] = (1, len(self._file), 0)
        self._file += b"%d 0 obj\n%s\nendobj\n" % (number, body)


def _up(table: bytes, columns: int) -> bytes:
    """Each row as its difference from the one above (PNG's filter « Up »): all bytes at once, each
    kept from borrowing of the next by its highest bit."""
    own, above = (int.from_bytes(each) for each in (table, bytes(columns) + table[:-columns]))
    high = int.from_bytes(b"\x80" * len(table))
    changes = ((own | high) - (above & ~high)) ^ (~(own ^ above) & high)
    told = bytearray(b"\2" * (len(table) // columns * (columns + 1)))
    for at in range(columns):
        told[at + 1 :: columns + 1] = changes.to_bytes(len(table))[at::columns]
    return bytes(told)
