"""Marks that machines read, as squares of black and white."""

from functools import cache
from typing import Any, TypedDict


class Mark(TypedDict):
    """`modules`: row by row, 0 black or 255 white, no quiet zone; `size`: modules across."""

    modules: list[int]
    size: int


def qr(text: str) -> Mark:
    """A QR code that survives 15 % of damage (level M), as small as the text allows."""
    return _drawn("QRCode", text, ec_level="M")


def data_matrix(text: str) -> Mark:
    """A square DataMatrix (ECC 200)."""
    return _drawn("DataMatrix", text, force_square=True)


def _drawn(kind: str, text: str, **options: object) -> Mark:
    library = _library()
    made = library.create_barcode(text, getattr(library.BarcodeFormat, kind), **options)
    image = made.to_image(1, False, False)  # scale, text below, quiet zones
    return {"modules": list(bytes(memoryview(image))), "size": image.shape[1]}


@cache
def _library() -> Any:
    """Loaded by who prints; servers never do."""
    import zxingcpp

    return zxingcpp
