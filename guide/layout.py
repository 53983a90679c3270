"""Where the call-outs of a figure stand on paper. All lengths are millimetres."""

import math
from dataclasses import dataclass

from guide.camera import Figure, Spot

PAGE = 180.0  # the text's width on A4
PICTURE = {
    "courrier": 118.0,
    "telephone": 75.0,
    "ordinateur": 172.0,
}  # how wide a device's screen is printed
TALLEST = 205.0  # of a picture: with its chapter's and its step's words, a page
INDENT = 3.0  # of a phone, as in book.css
LINE, PADDING, GAP = 4.9, 3.0, 1.6  # of a call-out: a line, both paddings, apart from the next
SIGN = {"courrier": 2.45, "telephone": 2.45, "ordinateur": 2.2}  # how wide a letter is, on average
NEAR = 9.0  # frames whose numbers would stand upon one another
AROUND = 0.8  # between a thing and its frame
NUMBER = 8.0  # what the number takes of a call-out's width
NARROW, WIDE, FAR = 40.0, 74.0, 7.0
COLUMN = (0.0, 740.0)  # CSS pixels: between them stand the portal's words on a computer


@dataclass
class CallOut:
    """A red box with words, a frame around its thing, and a line from one to the other."""

    number: int
    kind: str
    words: str
    frame: tuple[float, float, float, float]  # left, top, width, height
    left: float
    top: float
    width: float
    height: float
    tied: bool = True  # a line leads there; else the number alone
    aside: bool = False  # its number stands at the right, another one's being near

    @property
    def line(self) -> tuple[float, float, float, float]:
        """From the frame's nearer side to the box."""
        left, top, width, height = self.frame
        middle = self.top + self.height / 2
        if self.left >= left + width:
            return left + width, top + height / 2, self.left, middle
        if self.left + self.width <= left:
            return left, top + height / 2, self.left + self.width, middle
        return left + width / 2, top + height, self.left + self.width / 2, self.top


@dataclass
class Plate:
    """A figure laid out: its picture's size, its call-outs, the height of all."""

    figure: Figure
    width: float
    height: float
    call_outs: list[CallOut]

    @property
    def whole(self) -> float:
        """Call-outs may reach below the picture."""
        return max([self.height, *(each.top + each.height for each in self.call_outs)])


def lay_out(figure: Figure) -> Plate:
    """The figure with its call-outs beside their things, none upon another."""
    width = min(PICTURE[figure.device], TALLEST * figure.width / figure.height)
    scale = width / figure.width
    plate = Plate(figure, width, figure.height * scale, [])
    for spot in figure.spots:
        plate.call_outs.append(_placed(spot, scale, plate))
    return plate


def _placed(spot: Spot, scale: float, plate: Plate) -> CallOut:
    device, others = plate.figure.device, plate.call_outs
    left, top, width, height = (
        each * scale for each in (spot.left, spot.top, spot.width, spot.height)
    )
    words = spot.mark.words
    long = len(words) * SIGN[device]
    if device != "ordinateur":  # beside the picture
        at = plate.width + FAR
        room = PAGE - at - INDENT
    else:  # on the picture, whose sides are empty
        at = left + width + FAR
        if spot.left > COLUMN[0] and spot.left + spot.width < COLUMN[1]:
            at = COLUMN[1] * scale
        room = min(WIDE, PAGE - at)
    room = min(room, long + NUMBER + PADDING)
    below = 0.0
    if room < min(NARROW, long + NUMBER + PADDING):  # no room at its right
        room = min(WIDE, long + NUMBER + PADDING)
        at = left - FAR - room
        if at < 0:
            at, below = left, top + height + FAR / 2
    lines = math.ceil(long / (room - NUMBER - PADDING))
    tall = lines * LINE + PADDING
    start = below or top + height / 2 - tall / 2
    for other in others:
        beside = other.left + other.width < at or at + room < other.left
        if not beside:
            start = max(start, other.top + other.height + GAP)
    frame = (left - AROUND, top - AROUND, width + 2 * AROUND, height + 2 * AROUND)
    near = any(
        abs(other.frame[0] - frame[0]) < NEAR and abs(other.frame[1] - frame[1]) < NEAR
        for other in others
    )
    box = (at, max(start, 0.0), room, tall)
    return CallOut(spot.number, spot.mark.kind, words, frame, *box, spot.clear or at < left, near)
