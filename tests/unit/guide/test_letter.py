"""The example letter that is committed is what the press prints."""

from io import BytesIO

import pikepdf

from guide import letter
from tests.paper import texts


def unpacked(pdf: bytes) -> bytes:
    """All that a PDF holds, whatever packed it: another zlib packs otherwise."""
    with pikepdf.open(BytesIO(pdf)) as document:
        del document.trailer.ID
        with document.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False):
            pass
        out = BytesIO()
        document.save(
            out,
            static_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
            compress_streams=False,
        )
    return out.getvalue()


def test_the_example_is_what_the_press_prints_today():
    """`make letter` renews it."""
    kept = (letter.OUT / "exemple.pdf").read_bytes()
    assert unpacked(kept) == unpacked(letter.printed())


def test_the_example_has_its_pictures():
    for name in letter.PAGES:
        assert (letter.OUT / f"{name}.png").read_bytes().startswith(b"\x89PNG")


def test_the_example_is_an_invented_member_s():
    assert "Bonjour Mme Odile Exemple," in texts(letter.printed())[0]
