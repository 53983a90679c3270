"""Binds what typst set into the sheets of one file. typst sets a hundred letters at a time, for it
holds all of a run in memory, and the back once: the sheets share its content and have their own
tags. See docs/decisions/letters.md.

A part has, in this order: a page with every sign (so that the fonts of all parts are the same, and
kept once), for each letter its front and its foot (the lot on the back), and the back in the first.
"""

import hashlib
import re
from collections.abc import Sequence

from webapp.adapters import press_pdf
from webapp.adapters.press_pdf import Writer
from webapp.services.letters.sheets import PressFault

_KIDS = re.compile(rb"/Kids\[([^\]]*)\]")
_PARENT = re.compile(rb"/P (\d+) 0 R")
_PAGE = re.compile(rb"/Pg (\d+) 0 R")
_KEYS = re.compile(rb"(\d+) (\d+) 0 R")
_SHOW_FOOT = b"/Artifact BMC q /Foot Do Q EMC\n"


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
        self._cuts: dict[int, dict[int, press_pdf.Cut]] = {}
        self.document = press_pdf.references(self.objects[self.tags].split(b"/K")[1])[0]
        self._children: dict[int, list[int]] = {}
        for number, body in self.objects.items():
            if body.startswith(b"<</Type/StructElem") and (found := _PARENT.search(body)):
                self._children.setdefault(int(found[1]), []).append(number)
        self._tops: dict[int, list[int]] = {}
        for top in press_pdf.references(self.objects[self.document].split(b"/K")[1]):
            self._tops.setdefault(self._page_of(top), []).append(top)

    def named(self, number: int, key: bytes) -> int:
        """The object that an entry of this one names."""
        found = re.search(rb"/%s (\d+) 0 R" % key, self.objects[number])
        assert found, key  # noqa: S101 - typst writes it
        return int(found[1])

    def _parent_tree(self) -> dict[int, int]:
        told = self.objects[self.tags].split(b"/Nums", 1)[1]
        return {int(key): int(number) for key, number in _KEYS.findall(told.split(b"]")[0])}

    def _page_of(self, tag: int) -> int:
        if found := _PAGE.search(self.objects[tag]):
            return int(found[1])
        return self._page_of(self._children[tag][0])

    def tags_of(self, page: int) -> tuple[list[int], list[int]]:
        """Those of the page, outermost ones alone and all of them."""
        tops = self._tops.get(page, [])
        every, waiting = [], list(tops)
        while waiting:
            every.append(waiting.pop())
            waiting += self._children.get(every[-1], [])
        return tops, sorted(every)

    def cut(self, page: int) -> dict[int, press_pdf.Cut]:
        """The page's tags, and under its own number which of them each piece of content has."""
        if page not in self._cuts:
            cuts = {each: press_pdf.cut(self.objects[each]) for each in self.tags_of(page)[1]}
            found = re.search(rb"/StructParents (\d+)", self.objects[page])
            parents = self.objects[self._parents[int(found[1])]] if found else b"[]"
            self._cuts[page] = cuts | {page: press_pdf.cut(parents)}
        return self._cuts[page]


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
        tops, tags = part.tags_of(page)
        cut = part.cut(page)
        number, first = self._writer.take(), self._writer.take(len(tags))
        numbers = {each: first + at for at, each in enumerate(tags)}
        numbers |= {page: number, part.document: letter}
        for each in tags:
            self._writer.put(numbers[each], press_pdf.joined(cut[each], numbers))
        key = len(self._parents)
        self._parents.append(self._writer.add(press_pdf.joined(cut[page], numbers)))
        box = re.search(rb"/MediaBox\[[^\]]*\]", part.objects[page])
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


def bound(parts: Sequence[tuple[bytes, int]]) -> bytes:
    """One PDF of these parts, each with how many letters it has. Raises PressFault."""
    first = Part(parts[0][0])
    binder = Binder(first)
    binder.bind(first, parts[0][1])
    for pdf, letters in parts[1:]:
        binder.bind(Part(pdf), letters)
    return binder.finish()
