"""Binds one file of letters from its parts, which are set apart: typst holds all of a run in
memory. The back, the same for all, is set once. See docs/decisions/letters.md.

A part has, in this order: a page with every sign of the file (so that the fonts of all parts are
the same, and kept once), for each letter its front and its foot (the lot, on the back), and in the
first part the back. The foot's page becomes the back with that foot, and with tags of its own.
"""

import hashlib
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from io import BytesIO
from typing import TYPE_CHECKING, Any

from webapp.services.letters.sheets import PressFault

if TYPE_CHECKING:
    from pikepdf import Pdf

_PAGE_COUNT = "{http://ns.adobe.com/xap/1.0/t/pg/}NPages"
_SHOW_FOOT = b"/Artifact BMC q /Foot Do Q EMC\n"


def bound(parts: Sequence[tuple[bytes, int]]) -> bytes:
    """One PDF of these parts, each with how many letters it has.

    Raises PressFault where a letter takes more pages than it has.
    """
    import pikepdf

    with ExitStack() as opened:
        pdfs = [opened.enter_context(pikepdf.open(BytesIO(pdf))) for pdf, _ in parts]
        for at, (pdf, (_, letters)) in enumerate(zip(pdfs, parts, strict=True)):
            _check(pdf, 1 + 2 * letters + (at == 0))
        whole, *others = pdfs
        back, tags = whole.pages[-1].obj, _Tags(whole)
        del whole.pages[-1], whole.pages[0]
        for each in others:
            _append(whole, each, tags)
        _keep_once(whole)
        _give_backs(whole, back, tags)
        with whole.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as told:
            told[_PAGE_COUNT] = str(len(whole.pages))
        bound_file = BytesIO()
        packed = pikepdf.ObjectStreamMode.generate
        whole.save(bound_file, object_stream_mode=packed, deterministic_id=True)
    return bound_file.getvalue()


def _check(part: "Pdf", expected: int) -> None:
    pages = len(part.pages)
    if pages != expected:
        raise PressFault(
            "Un courrier ne tient pas sur sa page : raccourcissez les textes, ou le modèle, de "
            f"BRAND_DIR/letter ({pages} pages au lieu de {expected})."
        )
    if any("/Annots" in page.obj for page in part.pages):
        raise PressFault("Le modèle du courrier a un lien : sur le papier il n’y en a pas.")


class _Tags:
    """The tags of the whole file (ISO 32000-1, 14.7): one document, whose tags are of pages."""

    def __init__(self, whole: "Pdf"):
        import pikepdf

        self._whole, self.root = whole, whole.Root.StructTreeRoot
        (self.document,) = self.root.K
        self.of_page: dict[tuple[int, int], list[Any]] = {}
        self._parents: dict[tuple[int, int], Any] = {}
        self.add(self.root, whole.pages)
        self.document.K = pikepdf.Array()
        self.root.ParentTree.Nums = pikepdf.Array()

    def add(self, root: Any, pages: Iterable[Any]) -> None:
        """The tags of these pages, from below this root, which is in the whole file already."""
        (document,) = root.K
        for tag in document.K:
            self.of_page.setdefault(_page_of(tag).objgen, []).append(tag)
        numbers = list(root.ParentTree.Nums)
        known = dict(zip(numbers[::2], numbers[1::2], strict=True))
        for page in pages:
            if "/StructParents" in page.obj:
                self._parents[page.obj.objgen] = known[page.obj.StructParents]

    def own(self, page: Any, parents: Any = None) -> None:
        """The next page in order: whose each of its pieces of content is."""
        key = len(self.root.ParentTree.Nums) // 2
        page.StructParents = key
        found = self._parents[page.objgen] if parents is None else parents
        self.root.ParentTree.Nums.append(key)
        self.root.ParentTree.Nums.append(found)
        self.root.ParentTreeNextKey = key + 1

    def letter(self) -> Any:
        """The tag of one more letter."""
        from pikepdf import Dictionary, Name

        own = Dictionary(Type=Name.StructElem, S=Name.Part, P=self.document)
        letter = self._whole.make_indirect(own)
        self.document.K.append(letter)
        return letter

    def copy(self, tag: "_Copied", page: Any, parent: Any, parents: dict[int, Any]) -> Any:
        """The tag and those within, for another page; `parents`: whose each piece of content is."""
        from pikepdf import Array, Dictionary

        place = {"/P": parent, "/Pg": page} if tag.has_page else {"/P": parent}
        own = self._whole.make_indirect(Dictionary(tag.entries | place))
        kids: list[Any] = []
        for kid in tag.kids:
            if isinstance(kid, int):
                parents[kid] = own
                kids.append(kid)
            else:
                kids.append(self.copy(kid, page, own, parents))
        own.K = Array(kids)
        return own


class _Copied:
    """A tag of the back, read once."""

    def __init__(self, tag: Any):
        own = dict(tag.items())
        self.has_page = "/Pg" in own
        self.kids = [each if isinstance(each, int) else _Copied(each) for each in _kids(tag)]
        self.entries = {name: own[name] for name in own.keys() - {"/K", "/P", "/Pg"}}


def _kids(tag: Any) -> Sequence[Any]:
    kids = tag.get("/K", [])
    return list(kids) if _is_array(kids) else [kids]


def _is_array(thing: Any) -> bool:
    return isinstance(thing, list) or getattr(thing, "_type_name", "") == "array"


def _page_of(tag: Any) -> Any:
    return tag.Pg if "/Pg" in tag else _page_of(_kids(tag)[0])


def _append(whole: "Pdf", part: "Pdf", tags: _Tags) -> None:
    """The part's pages and their tags."""
    del part.pages[0]
    whole.pages.extend(part.pages)
    more = whole.copy_foreign(part.Root.StructTreeRoot)  # its pages are known: they stay the same
    tags.add(more, whole.pages[-len(part.pages) :])


def _give_backs(whole: "Pdf", back: Any, tags: _Tags) -> None:
    """Each foot becomes the back of its letter."""
    import pikepdf

    show = whole.make_stream(_SHOW_FOOT)
    templates = [_Copied(each) for each in tags.of_page[back.objgen]]
    pages = [page.obj for page in whole.pages]
    for front, foot in zip(pages[::2], pages[1::2], strict=True):
        form = foot.Contents
        form.Type, form.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
        form.BBox, form.Resources = foot.MediaBox, foot.Resources
        foot.Contents = pikepdf.Array([show, back.Contents])
        foot.Resources = pikepdf.Dictionary(dict(back.Resources.items()))
        foot.Resources.XObject = pikepdf.Dictionary(
            {**dict(back.Resources.get("/XObject", {}).items()), "/Foot": form}
        )
        parents: dict[int, Any] = {}
        letter = tags.letter()
        own = [tags.copy(each, foot, letter, parents) for each in templates]
        in_order = pikepdf.Array([parents[at] for at in sorted(parents)])
        tags.own(front)
        tags.own(foot, whole.make_indirect(in_order))
        foot.Tabs = pikepdf.Name.S
        for tag in tags.of_page[front.objgen]:
            tag.P = letter
        letter.K = pikepdf.Array([*tags.of_page[front.objgen], *own])


def _keep_once(whole: "Pdf") -> None:
    """The fonts and pictures of the pages: the first of those that are alike."""
    kept: dict[bytes, Any] = {}
    known: dict[tuple[int, int], bytes] = {}
    for page in whole.pages:
        for kind in ("/Font", "/XObject"):
            things: Any = page.Resources.get(kind, {})
            for name, thing in list(things.items()):
                things[name] = kept.setdefault(_digest(thing, known), thing)


def _digest(thing: Any, known: dict[tuple[int, int], bytes]) -> bytes:
    """The SHA-256 of an object and of all that it names."""
    place = getattr(thing, "objgen", (0, 0))
    if place in known:
        return known[place]
    kind = getattr(thing, "_type_name", "")
    made = hashlib.sha256(kind.encode())
    if kind in ("dictionary", "stream"):
        for name, each in sorted(thing.items()):
            made.update(name.encode() + _digest(each, known))
    elif kind == "array":
        for each in thing:
            made.update(_digest(each, known))
    else:
        made.update(repr(thing).encode())
    if kind == "stream":
        made.update(thing.read_raw_bytes())
    if place != (0, 0):
        known[place] = made.digest()
    return made.digest()
