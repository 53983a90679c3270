"""Decoration of a PDF's pages is said to be decoration."""

import pikepdf
import pytest

from guide import artifacts

TAGGED = b"/P << /MCID 0 >> BDC\nBT\n(a) Tj\nET\nEMC"
DECORATION = b"/Artifact BMC\n%s\nEMC"


def marked(content: bytes) -> bytes:
    document = pikepdf.new()
    page = document.add_blank_page()
    page.Contents = document.make_stream(content)
    artifacts.mark(document)
    return bytes(page.Contents.read_bytes())


@pytest.mark.parametrize(
    "bare",
    [b"BT\n(Page 1) Tj\nET", b"1 1 5 5 re\nf", b"0 0 m\n9 9 l\nS", b"/Im0 Do"],
    ids=["text", "ground", "line", "picture"],
)
def test_what_no_tag_tells_is_decoration(bare: bytes) -> None:
    assert marked(bare) == DECORATION % bare


@pytest.mark.parametrize("kept", [TAGGED, b"q\n0 0 9 9 re\nW*\nn\nQ"], ids=["tagged", "clip"])
def test_what_is_tagged_or_only_clips_stays_as_it_is(kept: bytes) -> None:
    assert marked(kept) == kept


def test_a_second_time_changes_nothing() -> None:
    once = marked(TAGGED + b"\n1 1 5 5 re\nf")
    assert marked(once) == once
