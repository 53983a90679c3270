"""A letter as the template is told it: texts, all of them, and marks."""

from urllib.parse import quote, urlencode

from webapp.adapters import press_marks, press_room
from webapp.adapters.press_room import Room
from webapp.rules import moments
from webapp.services.letters.sheets import Sheet

PAGES = 2


def told(sheet: Sheet, room: Room, public_url: str) -> dict[str, object]:
    """What letter.typ reads of one letter. Raises ValueError where it would be cut."""
    if fault := room.fault(sheet.to):
        raise ValueError(fault)
    return {
        "plain": room.is_plain(sheet.to),
        "size": room.size(sheet.to),
        "lines": press_room.block(sheet.to),
        "number": sheet.to.number,
        "bars": groups(sheet.to.number),
        "code": sheet.access_code,
        "trial": sheet.trial,
        "values": {
            "name": sheet.to.name,
            "good_until": moments.day(sheet.good_until),
            "made_on": moments.day(sheet.made_on),
            "batch": str(sheet.batch),
            "sequence": str(sheet.sequence),
            "letters": str(sheet.letters),
        },
        "qr": press_marks.qr(address(sheet, public_url)),
        "marks": [press_marks.data_matrix(mark(sheet, page)) for page in range(1, PAGES + 1)],
    }


def address(sheet: Sheet, public_url: str) -> str:
    """Where the QR code leads: a fragment, as `URLSearchParams` reads it."""
    own = urlencode({"n": sheet.to.number, "c": sheet.access_code}, quote_via=quote)
    return f"{public_url}/inscription#{own}"


def mark(sheet: Sheet, page: int) -> str:
    """What a folding machine reads: batch, letter, letters of the batch, page."""
    return f"{sheet.batch}/{sheet.sequence}/{sheet.letters}/{page}"


def groups(number: str) -> list[int]:
    """How many signs each group of a member number has, for whoever copies it: three or four."""
    signs = len(number)
    if signs <= 4:
        return [signs]
    if signs % 4 == 0:
        return [4] * (signs // 4)
    threes, rest = divmod(signs, 3)
    if rest == 1:
        return [3] * (threes - 1) + [4]
    return [3] * threes + [2] * (rest == 2)
