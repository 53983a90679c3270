"""The parts of a workbook, unpacked by the block, and never more of them than a roll needs."""

import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from webapp.cli.roll_files.faults import RollFileFault, locked

PART_MAX = 512 * 1024 * 1024  # bytes of one part, unpacked: half a million members have less
_ENTRIES_MAX = 2_000
_BLOCK = 256 * 1024
_LOCAL = 30  # bytes of a local header, before name and extra field


class Archive:
    """A zip file. Sizes are those that were unpacked, not those that it announces."""

    def __init__(self, raw: BinaryIO):
        self._raw = raw
        try:
            entries = zipfile.ZipFile(raw).infolist()
        except (zipfile.BadZipFile, OSError, ValueError, EOFError) as error:
            raise broken() from error
        if len(entries) > _ENTRIES_MAX:
            raise too_large()
        if any(entry.flag_bits & 1 for entry in entries):
            raise locked()
        self._entries = {entry.filename: entry for entry in entries}

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def blocks(self, name: str, most: int = PART_MAX) -> Iterator[bytes]:
        """What a part holds. Raises RollFileFault when it is damaged or larger than `most`."""
        entry = self._entries.get(name)
        if entry is None:
            raise broken()
        packed = self._packed(entry)
        unpacked = self._inflated(packed) if entry.compress_type else packed
        size = 0
        for block in unpacked:
            size += len(block)
            if size > most:
                raise too_large()
            yield block

    def whole(self, name: str, most: int = 8 * 1024 * 1024) -> bytes:
        """A small part."""
        return b"".join(self.blocks(name, most))

    def _packed(self, entry: zipfile.ZipInfo) -> Iterator[bytes]:
        self._raw.seek(entry.header_offset)
        local = self._raw.read(_LOCAL)
        if len(local) < _LOCAL or not local.startswith(b"PK\x03\x04"):
            raise broken()
        names = int.from_bytes(local[26:28], "little") + int.from_bytes(local[28:30], "little")
        start, left = entry.header_offset + _LOCAL + names, entry.compress_size
        while left:
            self._raw.seek(start)
            block = self._raw.read(min(_BLOCK, left))
            if not block:
                raise broken()
            start, left = start + len(block), left - len(block)
            yield block

    def _inflated(self, packed: Iterator[bytes]) -> Iterator[bytes]:
        inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            for block in packed:
                yield inflater.decompress(block, _BLOCK)
                while inflater.unconsumed_tail:
                    yield inflater.decompress(inflater.unconsumed_tail, _BLOCK)
            yield inflater.flush()
        except zlib.error as error:
            raise broken() from error
        if not inflater.eof:
            raise broken()


def broken() -> RollFileFault:
    """Cut off, damaged, or written by something that doesn't know how."""
    return RollFileFault(
        "Ce classeur est abîmé ou incomplet : il ne peut pas être lu. Ouvrez-le dans votre "
        "tableur, enregistrez-le de nouveau, et importez le fichier obtenu."
    )


def too_large() -> RollFileFault:
    """More cells than any roll has: what is beside it, or no roll at all."""
    return RollFileFault(
        "Ce classeur est trop grand pour être lu d’un bloc. Enregistrez la feuille des adhérents "
        "au format « CSV UTF-8 », et importez le fichier obtenu."
    )
