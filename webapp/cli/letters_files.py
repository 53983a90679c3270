"""The files of a batch: letters to print, the printer's list, and the manifest that tells both."""

import json
from collections import deque
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass

from flask import current_app

from webapp.cli import age_files, letters_csv
from webapp.cli.age_files import Recipient
from webapp.cli.letters_folder import Draft
from webapp.rules.letters import SHEETS_A_FILE
from webapp.services.kernel.work import Work
from webapp.services.letters import batches
from webapp.services.letters.batches import Batch
from webapp.services.letters.choosing import LeftOut
from webapp.services.letters.sheets import Press, Sheet

Told = Mapping[str, str | int]  # a file in the manifest: name, sha256, letters


@dataclass(frozen=True)
class Extent:
    """Which letters of a batch are printed, by their sequences."""

    batch: Batch
    first: int
    last: int

    @property
    def is_whole(self) -> bool:
        """Whether that is all of them."""
        return (self.first, self.last) == (1, self.batch.letters)

    @property
    def name(self) -> str:
        """What its files are called by: « lot-12 », or « lot-12-0034-0040 »."""
        return f"lot-{self.batch.id}" if self.is_whole else self._named(self.first, self.last)

    @property
    def pieces(self) -> Iterator[tuple[str, int, int]]:
        """The files of letters: name, first and last sequence."""
        for at, first in enumerate(range(self.first, self.last + 1, SHEETS_A_FILE), start=1):
            last = min(first + SHEETS_A_FILE - 1, self.last)
            name = f"{self.name}-{at:03d}" if self.is_whole else self._named(first, last)
            yield f"{name}.pdf", first, last

    @property
    def manifest(self) -> str:
        """The manifest's file."""
        return f"{self.name}.json"

    @property
    def csv(self) -> str:
        """The printer's list."""
        return f"{self.name}.csv"

    @property
    def left_out(self) -> str:
        """The list of those whose letter would be cut."""
        return f"{self.name}-non-imprimes.csv"

    def _named(self, first: int, last: int) -> str:
        return f"lot-{self.batch.id}-{first:04d}-{last:04d}"


@dataclass(frozen=True)
class Written:
    """What was written: as it lies in the folder, and as it would be in clear. `left_out`: whose
    letter would be cut; they are in no file but their own list."""

    stored: Sequence[Told]
    clear: Sequence[Told]
    left_out: Sequence[LeftOut] = ()

    @property
    def letters(self) -> int:
        """How many are printed."""
        return sum(int(each["letters"]) for each in self.clear if _is_pdf(each))

    @property
    def pdfs(self) -> int:
        """On how many files."""
        return sum(map(_is_pdf, self.clear))


class Writer:
    """Writes into a draft, in clear or for one recipient."""

    def __init__(self, draft: Draft, whom: Recipient | None):
        self._draft, self._whom = draft, whom

    def names(self, extent: Extent) -> list[str]:
        """Every file that `write` makes."""
        plain = [name for name, *_ in extent.pieces] + [extent.csv, extent.left_out]
        return [age_files.name_for(each, self._whom) for each in [*plain, extent.manifest]]

    def write(self, extent: Extent, press: Press, left_out: Sequence[LeftOut] = ()) -> Written:
        """The files of these letters, from what they sealed; the draft is whole then.

        Raises OSError, BatchRefused, PressFault, SQLAlchemyError.
        """
        stored: list[Told] = []
        clear: list[Told] = []

        def add(name: str, parts: Iterator[bytes], letters: int) -> None:
            digests, kept = self._add(name, parts)
            stored.append({"name": kept, "sha256": digests.stored, "letters": letters})
            clear.append({"name": name, "sha256": digests.clear, "letters": letters})

        names: deque[tuple[str, int]] = deque()
        cut = [*left_out]  # and those of a batch that was made for a table
        for pdf in press.files(_each_file(extent, press, names, cut), made_at=extent.batch.made_at):
            name, letters = names.popleft()
            add(name, iter([pdf]), letters)
        printed = sum(int(each["letters"]) for each in clear)
        add(extent.csv, _csv(extent, {each.number for each in cut}), printed)
        if cut:
            self._add(extent.left_out, _left_out_csv(cut))
        written = Written(stored, clear, cut)
        manifest = self._manifest(extent.batch, written)
        # under its own name once it is whole: it says that all the others are (letters_folder.py)
        _, kept = self._add(".manifest", iter([manifest]))
        place = age_files.name_for(extent.manifest, self._whom)
        (self._draft.path / kept).replace(self._draft.path / place)
        return written

    def _add(self, name: str, parts: Iterator[bytes]) -> tuple[age_files.Digests, str]:
        kept = age_files.name_for(name, self._whom)
        return age_files.write(self._draft.path / kept, parts, self._whom), kept

    def _manifest(self, batch: Batch, written: Written) -> bytes:
        files = written.stored
        if self._whom is not None:
            clear = [each["sha256"] for each in written.clear]
            both = zip(files, clear, strict=True)
            files = [{**each, "sha256_clear": digest} for each, digest in both]
        told = {
            "lot": batch.id,
            "made_at": batch.made_at.isoformat(),
            "letters": written.letters,
            "skipped": dict(batch.skipped),
            "files": files,
        }
        return f"{json.dumps(told, ensure_ascii=False, indent=2)}\n".encode()


def _is_pdf(file: Told) -> bool:
    return str(file["name"]).endswith(".pdf")


def _each_file(
    extent: Extent, press: Press, names: deque[tuple[str, int]], cut: list[LeftOut]
) -> Iterator[Sequence[Sheet]]:
    for name, first, last in extent.pieces:
        sheets = _sheets(extent.batch, first, last)
        unfit = press.unfit([each.to for each in sheets])
        cut += [LeftOut(sheets[at].to.number, why) for at, why in unfit.items()]
        if whole := [each for at, each in enumerate(sheets) if at not in unfit]:
            names.append((name, len(whole)))
            yield whole


def _sheets(batch: Batch, first: int, last: int) -> list[Sheet]:
    """A file's: nothing is asked of the database while it is printed."""
    engine, world = current_app.extensions["portal"]
    with Work(engine, world, origin="cli", reading=True) as work:
        return list(batches.sheets(work, batch, first, last))


def _csv(extent: Extent, cut: Container[str]) -> Iterator[bytes]:
    """The printer's list, a file's letters at a time, without those members."""
    yield letters_csv.text([letters_csv.COLUMNS]).encode("utf-8-sig")
    for _, first, last in extent.pieces:
        sheets = _sheets(extent.batch, first, last)
        yield letters_csv.text(
            letters_csv.cells(each, extent.batch.portal)
            for each in sheets
            if each.to.number not in cut
        ).encode()


def _left_out_csv(left_out: Sequence[LeftOut]) -> Iterator[bytes]:
    rows = [
        (letters_csv.number_cell(each.number), letters_csv.inert(each.reason)) for each in left_out
    ]
    yield letters_csv.text([("numero_adherent", "raison"), *rows]).encode("utf-8-sig")
