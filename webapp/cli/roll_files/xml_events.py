"""XML read as it comes, without document types and so without entities, external or not."""

from collections.abc import Callable, Iterable
from xml.parsers import expat  # noqa: DUO107 - document types, and so entities, are refused below

from webapp.cli.roll_files import archive

Start = Callable[[str, dict[str, str]], None]


def parse(
    blocks: Iterable[bytes],
    start: Start,
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Call `start`, `end` and `text` with each element's name, as written. Raises RollFileFault."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler = start
    if end:
        parser.EndElementHandler = end
    if text:
        parser.CharacterDataHandler = text
    try:
        for block in blocks:
            parser.Parse(block)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise archive.broken() from error


def _refuse(*_: object) -> None:
    raise archive.broken()
