#!/usr/bin/env bash
# Typst refuses a letter that its font cannot draw, and drops a whole text whose font is not there.
#
# Version:   typst 0.15.2 (the Python package); pypdfium2 5.15.2 reads the PDF.
# Guess:     with fallback: false, a family that does not exist is an error, all the more so under
#            PDF/UA-1, which refuses what it could not display; or boxes stand for the letters.
# Behaviour: a letter that the font lacks ends a compile for PDF/UA-1 with an error. A family that
#            is not there lacks every letter, and passes: the text is not in the PDF, whose reader goes
#            from the line before to the line after. compile() says nothing, compile_with_warnings()
#            has a warning. Without a standard the letter goes as well, and without a warning.
set -euo pipefail
folder=$(mktemp -d) && trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check typst==0.15.2 pypdfium2==5.15.2 \
  2>"$folder/pip" || { cat "$folder/pip"; exit 2; }
cat > "$folder/see.py" <<'PYTHON'
"""One letter of three lines, whose second line asks for a font without another in its stead."""

from importlib.metadata import version

import pypdfium2
import typst

LETTER = """#set document(title: "Letter")
#set text(lang: "en")
You owe us

#text(font: "%s", fallback: false)[%s]

by Friday"""
fonts = typst.Fonts(include_system_fonts=False)


def read(font, line, **standard):
    """What a reader finds in the PDF, and what the compiler said about it."""
    source = (LETTER % (font, line)).encode()
    try:
        pdf, said = typst.compile_with_warnings(source, format="pdf", font_paths=fonts, **standard)
        assert typst.compile(source, format="pdf", font_paths=fonts, **standard)
    except typst.TypstError as refusal:
        return "refused", [str(refusal)]
    page = pypdfium2.PdfDocument(pdf)[0].get_textpage()
    return page.get_text_bounded().split("\r\n"), [warning.message for warning in said]


cases = {
    "a font that is there": ("Libertinus Serif", "12 euros"),
    "one that lacks a letter": ("Libertinus Serif", "12 日"),
    "one that is not there": ("Bookish Serif", "12 euros"),
}
print("typst", version("typst"))
print("guess:     the font that is not there is refused, as the letter that is not there")
print("behaviour: PDF/UA-1 refuses the letter; the text without a font is left out")
for name, case in cases.items():
    print(f"  {name}: PDF/UA-1 {read(*case, pdf_standards='ua-1')}; no standard {read(*case)}")
seen = {name: read(*case, pdf_standards="ua-1") for name, case in cases.items()}
gone = (["You owe us", "by Friday"], ["unknown font family: bookish serif"])
assert seen["a font that is there"] == (["You owe us", "12 euros", "by Friday"], [])
assert seen["one that lacks a letter"][0] == "refused"
assert seen["one that is not there"] == gone == read(*cases["one that is not there"])
assert read(*cases["one that lacks a letter"]) == (["You owe us", "12 ", "by Friday"], [])
PYTHON
"$folder/venv/bin/python" "$folder/see.py"
