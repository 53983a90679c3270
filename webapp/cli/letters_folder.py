"""The folder that a batch's files are written to: all of them appear, the manifest last, or none.

They are written into a draft folder, unseen, within it. One that a killed command left behind is
dealt with by the next: finished where nothing but the moving was missing, else removed.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from webapp.cli import signals
from webapp.cli.output import Output, claim, sync_folder

FOLDER = Output("--out", "Les fichiers du lot ne peuvent pas être écrits", "changé")
_PREFIX = ".courriers-"


class Draft:
    """Where files are written before they are seen. `told`: what was found of a killed command,
    in French sentences."""

    def __init__(self, out: Path):
        self.out, self.told = out, list[str]()
        self._path: Path | None = None
        self._made_out = False
        self._handle = -1

    @property
    def path(self) -> Path:
        """The draft folder. Raises ValueError before it is open."""
        if self._path is None:
            raise ValueError("the draft is not open")
        return self._path

    def open(self) -> None:
        """Make both folders, for their owner only. Raises OSError."""
        with signals.held():
            if not self.out.is_dir():
                self.out.mkdir(mode=0o700)
                self._made_out = True
                sync_folder(self.out.parent)
        self.told += _settle_abandoned(self.out)
        with signals.held():
            while True:
                self._path = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=self.out))
                self._handle = _held(self.path)
                # gone: taken for abandoned before it was locked; there: a disk without locks
                if self._handle >= 0 or self.path.is_dir():
                    return

    def refuse_existing(self, names: Iterable[str]) -> None:
        """Raise OutputFault where a file would be written over."""
        for name in names:
            FOLDER.refuse_existing(self.out / name)

    def publish(self) -> None:
        """Put all the files in place, on the disk for good. Raises OSError, OutputFault: none of
        them is there then."""
        names = _names(self.path)
        self.refuse_existing(names)
        sync_folder(self.path)
        placed: list[Path] = []
        try:
            for name in names:
                place = self.out / name
                claim(place)
                placed.append(place)
                (self.path / name).replace(place)
            sync_folder(self.out)
        except BaseException:
            # the manifest first: without it nobody takes what is left for whole
            (self.path / names[-1]).unlink(missing_ok=True)
            for place in reversed(placed):
                place.unlink(missing_ok=True)
            raise

    def close(self) -> None:
        """Remove the draft, and the folder where it was made for nothing."""
        if self._path:
            shutil.rmtree(self._path, ignore_errors=True)
        if self._handle >= 0:
            os.close(self._handle)
        if self._made_out:
            with suppress(OSError):  # something is in it
                self.out.rmdir()


@contextmanager
def draft_in(out: Path) -> Iterator[Draft]:
    """A draft within that folder, which is made if need be. Raises OutputFault."""
    draft = Draft(out)
    try:
        try:
            draft.open()
        except OSError as error:
            raise FOLDER.unwritable(out, error) from error
        yield draft
    finally:
        draft.close()


def _names(folder: Path) -> list[str]:
    """The files, the manifest last."""
    names = sorted(each.name for each in folder.iterdir())
    return sorted(names, key=_is_manifest)


def _is_manifest(name: str) -> bool:
    return name.removesuffix(".age").endswith(".json")


def _settle_abandoned(out: Path) -> list[str]:
    """Every draft that no command holds any more."""
    told = []
    for left in out.glob(f"{_PREFIX}*"):
        handle = _held(left)
        if handle < 0:
            continue
        try:
            told.append(_finish(left, out))
            shutil.rmtree(left, ignore_errors=True)
        finally:
            os.close(handle)
    return told


def _finish(left: Path, out: Path) -> str:
    """Its manifest is written last and moved last: where it is, every file is whole."""
    names = _names(left)
    if not names or not _is_manifest(names[-1]) or any(map(_size, (out / each for each in names))):
        return "Des fichiers commencés par une commande interrompue ont été supprimés."
    for name in names:
        (left / name).replace(out / name)
    sync_folder(out)
    return (
        f"Les fichiers d’une commande interrompue sont maintenant en place, avec « {names[-1]} »."
    )


def _size(path: Path) -> int:
    """In bytes; 0 where there is none, or the place of one that was about to be moved."""
    return path.lstat().st_size if os.path.lexists(path) else 0


def _held(folder: Path) -> int:
    """A descriptor that locks the folder as long as this process lives; -1 where it is locked, is
    another user's, a link, or gone."""
    handle = -1
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.fstat(handle).st_uid == os.getuid() and folder.is_dir():
            return handle
    except OSError:
        pass
    if handle >= 0:
        os.close(handle)
    return -1
