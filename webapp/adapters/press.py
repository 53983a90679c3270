"""Prints paper letters to PDF with typst, a file at a time, in processes of their own: servers
never load it, and what a file took of memory goes with it."""

import hashlib
import zlib
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from functools import cached_property
from importlib.metadata import version
from pathlib import Path

from webapp.adapters import (
    press_binder,
    press_case,
    press_marks,
    press_pdf,
    press_room,
    press_sheets,
    press_worker,
)
from webapp.adapters.brand import Brand
from webapp.services.letters.sheets import Addressee, Press, PressFault, Sheet

AT_ONCE = 2  # parts under way: the processors of a small machine
LETTERS = 200  # of a part: typst holds 1 MB of memory for each
_OWN = (
    *(press_binder, press_case, press_marks, press_pdf),
    *(press_room, press_sheets, press_worker),
)

__all__ = ["LetterPress", "PressFault", "open_press"]


def open_press(mutual: Brand, public_url: str) -> Press:
    """The press of a mutual, whose letters lead to this address. Raises PressFault where the
    mutual's own texts can't be read."""
    return LetterPress(mutual, public_url)


class LetterPress:
    """See services/letters/sheets.py."""

    def __init__(self, mutual: Brand, public_url: str):
        self._url = public_url.rstrip("/")
        self._contents = press_case.contents(mutual, self._url)
        self._where = press_case.where(mutual)

    @cached_property
    def recipe(self) -> str:
        """Of the template's folder as it is laid, what sets it, and the code in between."""
        made = hashlib.sha256()
        own = {
            Path(str(each.__file__)).name: Path(str(each.__file__)).read_bytes() for each in _OWN
        }
        versions = {name: version(name).encode() for name in ("typst", "zxing-cpp")}
        versions["zlib"] = zlib.ZLIB_RUNTIME_VERSION.encode()  # other ones pack otherwise
        for name, content in sorted((self._contents | own | versions).items()):
            made.update(f"{name} {len(content)}\n".encode() + content)
        return made.hexdigest()

    @cached_property
    def _room(self) -> press_room.Room:
        return press_room.Room(self._contents)

    def unfit(self, addressees: Sequence[Addressee]) -> Mapping[int, str]:
        """By the metrics of the fonts that print; 80,000 take seconds."""
        found = ((at, self._room.fault(each)) for at, each in enumerate(addressees))
        return {at: fault for at, fault in found if fault}

    def files(self, files: Iterable[Sequence[Sheet]], *, made_at: datetime) -> Iterator[bytes]:
        """Two parts are set at once, others wait for their turn, and each is bound as it comes.

        Raises PressFault; ValueError for an addressee that `unfit` names.
        """
        binder = None
        for pdf, letters, is_last in self._printed(files, int(made_at.timestamp())):
            part = press_binder.Part(pdf)
            binder = binder or press_binder.Binder(part)
            binder.bind(part, letters)
            if is_last:
                yield binder.finish()
                binder = None

    def _printed(
        self, files: Iterable[Sequence[Sheet]], moment: int
    ) -> Iterator[tuple[bytes, int, bool]]:
        """The PDF of each part, how many letters it has, and whether it is the last of its file."""
        with press_case.laid(self._contents) as folder, ThreadPoolExecutor(AT_ONCE) as threads:

            def begun(part: press_sheets.Part) -> Future[bytes]:
                return threads.submit(press_worker.printed, folder, part, moment, self._where)

            under_way: deque[tuple[Future[bytes], int, bool]] = deque()

            def taken() -> tuple[bytes, int, bool]:
                future, letters, is_last = under_way.popleft()
                return future.result(), letters, is_last

            try:
                for part, is_last in self._parts(files):
                    under_way.append((begun(part), len(part["letters"]), is_last))
                    if len(under_way) > 2 * AT_ONCE:
                        yield taken()
                while under_way:
                    yield taken()
            finally:
                threads.shutdown(cancel_futures=True)

    def _parts(self, files: Iterable[Sequence[Sheet]]) -> Iterator[tuple[press_sheets.Part, bool]]:
        """The parts of each file; whether it is its last."""
        for sheets in files:
            signs = press_sheets.signs(sheets, self._room)
            for at in range(0, len(sheets), LETTERS):
                own = sheets[at : at + LETTERS]
                letters = [press_sheets.told(each, self._room, self._url) for each in own]
                part: press_sheets.Part = {"letters": letters, "signs": signs, "back": at == 0}
                yield part, at + LETTERS >= len(sheets)
