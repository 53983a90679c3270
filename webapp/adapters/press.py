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
        """Two parts of a file are under way at once, and none is begun long before its turn.

        Raises PressFault; ValueError for an addressee that `unfit` names.
        """
        moment = int(made_at.timestamp())
        with press_case.laid(self._contents) as folder, ThreadPoolExecutor(AT_ONCE) as threads:

            def begun(part: press_sheets.Part) -> Future[bytes]:
                return threads.submit(press_worker.printed, folder, part, moment, self._where)

            under_way: deque[tuple[Future[bytes], int, bool]] = deque()
            done: list[tuple[bytes, int]] = []
            for part, is_last in self._parts(files):
                under_way.append((begun(part), len(part["letters"]), is_last))
                while len(under_way) > AT_ONCE:
                    yield from _taken(under_way, done)
            while under_way:
                yield from _taken(under_way, done)

    def _parts(self, files: Iterable[Sequence[Sheet]]) -> Iterator[tuple[press_sheets.Part, bool]]:
        """The parts of each file; whether it is its last."""
        for sheets in files:
            signs = press_sheets.signs(sheets, self._room)
            for at in range(0, len(sheets), LETTERS):
                own = sheets[at : at + LETTERS]
                letters = [press_sheets.told(each, self._room, self._url) for each in own]
                part: press_sheets.Part = {"letters": letters, "signs": signs, "back": at == 0}
                yield part, at + LETTERS >= len(sheets)


def _taken(
    under_way: deque[tuple[Future[bytes], int, bool]], done: list[tuple[bytes, int]]
) -> Iterator[bytes]:
    """Wait for the next part; the file, where it was its last."""
    future, letters, is_last = under_way.popleft()
    done.append((future.result(), letters))
    if is_last:
        yield press_binder.bound(done)
        done.clear()
