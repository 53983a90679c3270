"""Binds what typst set into the sheets of one file. typst sets two hundred letters at a time, for
it holds all of a run in memory, and the back once: the sheets share its content and have their own
tags. See docs/decisions/letters.md.

A part has, in this order: a page with every sign (so that the fonts of all parts are the same, and
kept once), for each letter its front and its foot (the lot on the back), and the back in the first.
"""

import hashlib
import re
from collections.abc import Sequence
from itertools import count
from typing import NamedTuple

from webapp.adapters import press_pdf
from webapp.adapters.press_pdf import Writer
from webapp.services.letters.sheets import PressFault

_KIDS = re.compile(rb"/Kids\[([^\]]*)\]")
_PAGE = re.compile(rb"/Pg (\d+) 0 R")
_TAG = b"<</Type/StructElem"
_KEYS = re.compile(rb"(\d+) (\d+) 0 R")
_PARENTS = re.compile(rb"/StructParents (\d+)")
_BOX = re.compile(rb"/MediaBox\[[^\]]*\]")
_BETWEEN = b"\nendobj\n"
_SHOW_FOOT = b"/Artifact BMC q /Foot Do Q EMC\n"


class Tagged(NamedTuple):
    """A page's tags, the outermost alone and all of them; and cut as one, all of them and the list
    that tells which of them each piece of the page's content has."""

    tops: Sequence[int]
    tags: Sequence[int]
    cut: press_pdf.Cut


class Part:
    """A PDF of typst's, with the tags of each page."""

    def __init__(self, pdf: bytes):
        self.objects = press_pdf.read(pdf)
        self.root = self.named(0, b"Root")
        self.tags = self.named(self.root, b"StructTreeRoot")
        pages = _KIDS.search(self.objects[self.named(self.root, b"Pages")])
        assert pages  # noqa: S101 - typst has no other pages
        self.pages = press_pdf.references(pages[1])
        self._parents = self._parent_tree()
        self.document = press_pdf.references(self.objects[self.tags].split(b"/K")[1])[0]
        self._tops: dict[int, list[int]] = {}
        self._firsts: dict[int, int] = {}
        # numbered in reading order, each after those within it: a page's are in one row
        first = next(each for each, body in self.objects.items() if body.startswith(_TAG))
        for top in press_pdf.references(self.objects[self.document].split(b"/K")[1]):
            found = _PAGE.search(self.objects[first])
            assert found  # noqa: S101 - one that has no tag within it says its page
            self._tops.setdefault(int(found[1]), []).append(top)
            self._firsts.setdefault(int(found[1]), first)
            first = top + 1
        self._sheets: dict[int, Tagged] = {}

    def named(self, number: int, key: bytes) -> int:
        """The object that an entry of this one names."""
        found = re.search(rb"/%s (\d+) 0 R" % key, self.objects[number])
        assert found, key  # noqa: S101 - typst writes it
        return int(found[1])

    def _parent_tree(self) -> dict[int, int]:
        told = self.objects[self.tags].split(b"/Nums", 1)[1]
        return {int(key): int(number) for key, number in _KEYS.findall(told.split(b"]")[0])}

    def sheet(self, page: int) -> Tagged:
        """The page's tags, and what the page says of them."""
        if page not in self._sheets:
            tops = self._tops.get(page, [])
            tags = range(self._firsts[page], tops[-1] + 1) if tops else range(0)
            found = _PARENTS.search(self.objects[page])
            parents = self.objects[self._parents[int(found[1])]] if found else b"[]"
            bodies = [*map(self.objects.__getitem__, tags), parents]
            self._sheets[page] = Tagged(tops, tags, press_pdf.cut(_BETWEEN.join(bodies)))
        return self._sheets[page]


class Binder:
    """One file under way."""

    def __init__(self, first: Part):
        self._first, self._writer = first, Writer()
        self._pages_at, self._tags_at, self._document_at = (self._writer.take() for _ in "...")
        self._pages: list[int] = []
        self._letters: list[int] = []
        self._parents: list[int] = []
        self._kept: dict[bytes, int] = {}
        self._call = self._writer.add(press_pdf.stream(b"", _SHOW_FOOT))
        self._back, self._of_back = first.pages[-1], dict[int, int]()

    def bind(self, part: Part, letters: int) -> None:
        """The letters of a part. Raises PressFault where one takes more pages than it has."""
        expected = 1 + 2 * letters + (part is self._first)
        if len(part.pages) != expected:
            raise PressFault(
                "Un courrier ne tient pas sur sa page : raccourcissez les textes, ou le modèle, "
                f"de BRAND_DIR/letter ({len(part.pages)} pages au lieu de {expected})."
            )
        shared: dict[int, int] = {}
        for at in range(1, 1 + 2 * letters, 2):
            front, foot = part.pages[at : at + 2]
            letter = self._writer.take()
            tops = self._page(part, front, self._content(part, front, shared), letter)
            tops += self._page(self._first, self._back, self._foot(part, foot, shared), letter)
            kids = b" ".join(b"%d 0 R" % each for each in tops)
            told = b"<</Type/StructElem/S/Part/P %d 0 R/K[%s]>>"
            self._writer.put(letter, told % (self._document_at, kids))
            self._letters.append(letter)

    def finish(self) -> bytes:
        """The file."""
        first, put = self._first, self._writer.put
        pages = b" ".join(b"%d 0 R" % each for each in self._pages)
        put(self._pages_at, b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(self._pages), pages))
        letters = b" ".join(b"%d 0 R" % each for each in self._letters)
        told = b"<</Type/StructElem/S/Document/P %d 0 R/K[%s]>>"
        put(self._document_at, told % (self._tags_at, letters))
        put(self._tags_at, self._tag_root())
        info = self._writer.add(first.objects[first.named(0, b"Info")])
        metadata = self._writer.add(
            self._metadata(first.objects[first.named(first.root, b"Metadata")])
        )
        root = re.sub(rb"/Outlines \d+ 0 R", b"", first.objects[first.root])
        for key, number in (
            (b"Pages", self._pages_at),
            (b"StructTreeRoot", self._tags_at),
            (b"Metadata", metadata),
        ):
            root = re.sub(rb"/%s \d+ 0 R" % key, b"/%s %d 0 R" % (key, number), root)
        return self._writer.finish(self._writer.add(root), info)

    def _tag_root(self) -> bytes:
        keys = b" ".join(b"%d %d 0 R" % each for each in enumerate(self._parents))
        root = self._first.objects[self._first.tags]
        root = re.sub(rb"/K\[[^\]]*\]", b"/K[%d 0 R]" % self._document_at, root)
        root = re.sub(rb"/Nums\[[^\]]*\]", b"/Nums[%s]" % keys, root)
        count = len(self._parents)
        return re.sub(rb"/ParentTreeNextKey \d+", b"/ParentTreeNextKey %d" % count, root)

    def _metadata(self, body: bytes) -> bytes:
        """The same, but for the count of pages and for what identifies the document."""
        told = re.sub(rb"NPages>\d+<", b"NPages>%d<" % len(self._pages), press_pdf.data(body))
        own = hashlib.sha256(repr(self._parents).encode() + told).hexdigest()[:32].encode()
        told = re.sub(rb"(InstanceID|DocumentID)>[^<]*<", rb"\1>%s<" % own, told)
        return press_pdf.stream(press_pdf.head(body)[2:-2], told)

    def _page(self, part: Part, page: int, content: bytes, letter: int) -> list[int]:
        """One more page with a copy of that one's tags; returns the outermost."""
        tops, tags, cut = part.sheet(page)
        number, first = self._writer.take(), self._writer.take(len(tags) + 1)
        numbers = dict(zip(tags, count(first))) | {page: number, part.document: letter}
        self._writer.put_all(first, press_pdf.joined(cut, numbers).split(_BETWEEN))
        key = len(self._parents)
        self._parents.append(first + len(tags))
        box = _BOX.search(part.objects[page])
        told = b"<</Type/Page%s/StructParents %d/Tabs/S/Parent %d 0 R%s>>"
        self._writer.put(number, told % (box[0] if box else b"", key, self._pages_at, content))
        self._pages.append(number)
        return [numbers[each] for each in tops]

    def _content(self, part: Part, page: int, shared: dict[int, int]) -> bytes:
        self._check(part, page)
        content, resources = part.named(page, b"Contents"), part.named(page, b"Resources")
        names = self._share(part, content, shared), self._share(part, resources, shared)
        return b"/Contents %d 0 R/Resources %d 0 R" % names

    def _foot(self, part: Part, page: int, shared: dict[int, int]) -> bytes:
        """The back's content, and before it the foot as a form of its own."""
        self._check(self._first, self._back)
        content = part.objects[part.named(page, b"Contents")]
        resources = self._share(part, part.named(page, b"Resources"), shared)
        form = b"/Type/XObject/Subtype/Form/BBox[0 0 596 842]/Resources %d 0 R%s"
        entries = form % (resources, press_pdf.head(content)[2:-2])
        foot = self._writer.add(press_pdf.stream(entries, press_pdf.data(content)))
        own = self._of_back
        pieces = press_pdf.cut(self._first.objects[self._first.named(self._back, b"Resources")])
        names = {each: self._share(self._first, each, own) for each in pieces[1]}
        back = press_pdf.joined(pieces, names)
        if b"/XObject<<" not in back:
            back = back[:-2] + b"/XObject<<>>>>"
        back = back.replace(b"/XObject<<", b"/XObject<</Foot %d 0 R" % foot)
        content_at = self._share(self._first, self._first.named(self._back, b"Contents"), own)
        told = b"/Contents[%d 0 R %d 0 R]/Resources%s"
        return told % (self._call, content_at, back)

    @staticmethod
    def _check(part: Part, page: int) -> None:
        if b"/Annots" in part.objects[page]:
            raise PressFault("Le modèle du courrier a un lien : sur le papier il n’y en a pas.")

    def _share(self, part: Part, number: int, known: dict[int, int]) -> int:
        """The number of this object here, with all that it names; twins are kept once."""
        if number not in known:
            pieces = press_pdf.cut(part.objects[number])
            own = {each: self._share(part, each, known) for each in pieces[1]}
            body = press_pdf.joined(pieces, own)
            print_of = hashlib.sha256(body).digest()
            if print_of not in self._kept:
                self._kept[print_of] = self._writer.add(body)
            known[number] = self._kept[print_of]
        return known[number]
