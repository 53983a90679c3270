"""What a file is by its first bytes, and what to do with one that is no roll."""

import re
from typing import BinaryIO

from webapp.cli.roll_files.faults import RollFileFault, locked

TEXT, ARCHIVE = "text", "archive"
_AS = (
    "choisissez « Enregistrer sous », format « Classeur Excel (.xlsx) » ou « CSV UTF-8 », et "
    "importez le fichier obtenu."
)
_SAVE, _OPEN = f"Dans votre tableur, {_AS}", f"Ouvrez-le dans votre tableur, {_AS}"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_KINDS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", f"est un PDF. Demandez le fichier d’où il vient. {_SAVE}"),
    (b"\x89PNG", f"est une image. {_SAVE}"),
    (b"\xff\xd8\xff", f"est une image. {_SAVE}"),
    (b"GIF8", f"est une image. {_SAVE}"),
    (b"{\\rtf", f"est un document de traitement de texte (RTF). {_SAVE}"),
    (b"SQLite format 3", "est une base de données SQLite. Exportez-en la table en CSV."),
    (b"\x1f\x8b", "est comprimé (gzip). Décomprimez-le, puis importez ce qu’il contient."),
    (b"7z\xbc\xaf", "est une archive 7z. Ouvrez-la, puis importez le fichier qu’elle contient."),
    (b"Rar!", "est une archive RAR. Ouvrez-la, puis importez le fichier qu’elle contient."),
)
_MARKUP = re.compile(
    rb"\s*(?:<\?xml|<!doctype|<!--|<html|<head|<body|<table|<meta|<style)", re.IGNORECASE
)


def kind(raw: BinaryIO) -> str:
    """TEXT or ARCHIVE (a workbook, perhaps). Raises RollFileFault for what is neither."""
    raw.seek(0)
    head = raw.read(4096)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return ARCHIVE
    if head.startswith(_OLE):
        raise _ole(raw)
    for start, told in _KINDS:
        if head.startswith(start):
            raise RollFileFault(f"Ce fichier {told}")
    plain = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe")
    if _MARKUP.match(plain):
        raise RollFileFault(_markup(plain))
    return TEXT


def _markup(head: bytes) -> str:
    if b"urn:schemas-microsoft-com:office:spreadsheet" in head or b"Excel.Sheet" in head:
        return f"Ce fichier est une feuille de calcul XML de 2003, pas un classeur .xlsx. {_OPEN}"
    if head.lstrip().lower().startswith(b"<?xml") and b"<html" not in head.lower():
        return f"Ce fichier est un fichier XML, pas un fichier d’adhérents. {_SAVE}"
    return f"Ce fichier n’est pas un classeur mais une page HTML, quel que soit son nom. {_OPEN}"


def _ole(raw: BinaryIO) -> RollFileFault:
    """A workbook behind a password, or an old one: the same container, other names inside."""
    raw.seek(0)
    former, names = b"", dict.fromkeys(("EncryptedPackage", "Workbook", "WordDocument"), False)
    while block := raw.read(1024 * 1024):
        for name in names:
            names[name] = names[name] or name.encode("utf-16-le") in former[-64:] + block
        former = block
    if names["EncryptedPackage"]:
        return locked()
    if names["WordDocument"]:
        return RollFileFault(f"Ce fichier est un document Word, pas un classeur. {_SAVE}")
    return RollFileFault(f"Ce fichier est un classeur Excel d’avant 2007 (.xls). {_OPEN}")
