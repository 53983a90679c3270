"""Prints paper letters to PDF with typst, a file at a time, in processes of their own: servers
never load it, and what a file took of memory goes with it."""

import hashlib
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from functools import cached_property
from importlib.metadata import version
from pathlib import Path

from webapp.adapters import press_case, press_marks, press_room, press_sheets, press_worker
from webapp.adapters.brand import Brand
from webapp.services.letters.sheets import Addressee, Press, PressFault, Sheet

AT_ONCE = 2  # files under way: processors that a small machine has
_OWN = (press_case, press_marks, press_room, press_sheets, press_worker)

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
        """Two files are under way at once, and none is begun long before it is asked for.

        Raises PressFault; ValueError for an addressee that `unfit` names.
        """
        with press_case.laid(self._contents) as folder, ThreadPoolExecutor(AT_ONCE) as threads:
            under_way: deque[Future[bytes]] = deque()
            for sheets in files:
                letters = [press_sheets.told(each, self._room, self._url) for each in sheets]
                moment = int(made_at.timestamp())
                under_way.append(
                    threads.submit(press_worker.printed, folder, letters, moment, self._where)
                )
                if len(under_way) == AT_ONCE:
                    yield under_way.popleft().result()
            while under_way:
                yield under_way.popleft().result()
