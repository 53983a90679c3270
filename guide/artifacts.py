"""Decoration of a PDF's pages, said to be decoration: what nothing in the page's structure tells.

A browser tags what is written and leaves backgrounds, outlines and its own foot of the page bare;
PDF/UA asks that everything be one or the other.
"""

from typing import Any

import pikepdf
from pikepdf import Name, Operator

Instruction = tuple[list[Any], Operator]  # operands and operator, as pikepdf reads and writes them

_BEGIN: Instruction = ([Name.Artifact], Operator("BMC"))
_END: Instruction = ([], Operator("EMC"))
_PATH = frozenset(("m", "l", "c", "v", "y", "h", "re"))
_PAINT = frozenset(("S", "s", "f", "F", "f*", "B", "B*", "b", "b*"))
_ALONE = frozenset(("Do", "sh", "INLINE IMAGE"))


def mark(document: pikepdf.Pdf) -> None:
    """On every page, in place. What is tagged stays as it is."""
    for page in document.pages:
        read = pikepdf.parse_content_stream(page)
        told = _marked([(list(each.operands), each.operator) for each in read])
        page.Contents = document.make_stream(pikepdf.unparse_content_stream(told))


def _marked(instructions: list[Instruction]) -> list[Instruction]:
    """A path with its painting, a text object, a picture: each in a sequence of its own, since a
    sequence may not begin within one."""
    told: list[Instruction] = []
    depth, begun = 0, -1  # of marked sequences; where the path or text that is being read began
    for each in instructions:
        name = str(each[1])
        depth += (name in ("BMC", "BDC")) - (name == "EMC")
        told.append(each)
        if depth or name == "EMC":
            begun = -1
        elif name in _ALONE:
            _wrap(told, len(told) - 1)
        elif name == "BT" or (name in _PATH and begun < 0):
            begun = len(told) - 1
        elif begun >= 0 and (name in _PAINT or name == "ET"):
            _wrap(told, begun)
            begun = -1
        elif name == "n":  # a path that only clips
            begun = -1
    return told


def _wrap(told: list[Instruction], begun: int) -> None:
    told.insert(begun, _BEGIN)
    told.append(_END)
