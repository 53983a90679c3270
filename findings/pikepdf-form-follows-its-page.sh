#!/usr/bin/env bash
# A form that pikepdf made of a page draws what the page holds when the file is written.
#
# Version:   pikepdf 10.18.0, with the qpdf 12.4 of its wheel.
# Guess:     Page.as_form_xobject() copies the page as it is: what is done to the page later is not
#            seen in the form, nor in the pages that show it.
# Behaviour: the form's box and resources are those of then, its contents those of whenever they are
#            asked for: a stamp added to the page, or other contents, are in the form as well, also
#            where the new contents were to draw the form. Reading the form's bytes once does not
#            keep them: it keeps their length, and a page of another length then makes save() fail.
set -euo pipefail
folder=$(mktemp -d) && trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check pikepdf==10.18.0 2>"$folder/pip" \
  || { cat "$folder/pip"; exit 2; }
cat > "$folder/see.py" <<'PYTHON'
"""A red page, made a form that a second page shows; then the first page changes."""

import io

import pikepdf

RED, BLUE = b"1 0 0 rg 0 0 90 90 re f", b"0 0 1 rg 0 0 100 100 re f"


def written(change, *, read_first=False):
    """The form's box and contents in the file, once the page was changed after making it."""
    book = pikepdf.new()
    page = book.add_blank_page(page_size=(100, 100))
    page.Contents = book.make_stream(RED)
    form = page.as_form_xobject()
    if read_first:
        assert form.read_bytes() == RED
    shows = book.add_blank_page(page_size=(100, 100))
    shows.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=form))
    shows.Contents = book.make_stream(b"/F Do")
    change(book, page)
    file = io.BytesIO()
    try:
        book.save(file)
    except RuntimeError as fault:
        return f"{type(fault).__name__}: {fault}"
    with pikepdf.open(file) as read:
        found = read.pages[1].Resources.XObject.F
        return [int(side) for side in found.BBox], found.read_bytes()


def replace(book, page):
    page.Contents = book.make_stream(BLUE)
    page.MediaBox = [0, 0, 50, 50]


def stamp(book, page):
    page.contents_add(BLUE)


print("pikepdf", pikepdf.__version__, "qpdf", pikepdf.__libqpdf_version__)
print("guess:     the form stays red")
print("behaviour: it is what the page has become, in the box that the page had")
for change in (replace, stamp):
    for early in (False, True):
        print(f"  {change.__name__}, read before: {early}: {written(change, read_first=early)}")
assert written(lambda book, page: None) == ([0, 0, 100, 100], RED)
assert written(replace) == ([0, 0, 100, 100], BLUE)
assert written(stamp) == ([0, 0, 100, 100], RED + b"\n" + BLUE)
for change in (replace, stamp):
    assert "instead of expected 23 bytes" in written(change, read_first=True)
PYTHON
"$folder/venv/bin/python" "$folder/see.py"
