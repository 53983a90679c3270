#!/usr/bin/env bash
# One package reads one QR code as a text, or as pieces of which one is a number without its zeros.
#
# Version:   deqr 0.2.5; qrcode 8.2 and Pillow 13.0.0 draw the code.
# Guess:     a QR code holds a text, however its maker packed it: both decoders of the package hand
#            on that text, in one entry.
# Behaviour: a maker may pack a run of digits apart, and QRdecDecoder shows it: three entries, of
#            which the middle one is an int that has lost its leading zeros, so that the text cannot
#            be put together again. QuircDecoder gives the text in one piece, zeros and all, but a
#            code of nothing but digits as an int too. convert_data=False gives bytes, with zeros,
#            still in pieces.
set -euo pipefail
folder=$(mktemp -d) && trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check \
  deqr==0.2.5 qrcode==8.2 pillow==13.0.0 2>"$folder/pip" || { cat "$folder/pip"; exit 2; }
cat > "$folder/see.py" <<'PYTHON'
"""Two codes as their maker draws them, read by both decoders."""

from importlib.metadata import version

import deqr
import qrcode


def read(text, decoder, **how):
    image = qrcode.make(text).get_image().convert("L")
    (code,) = decoder().decode(image, **how)
    return [entry.data for entry in code.data_entries]


card, digits = "CARD-0012345678901234567890-A", "0012345678"
print("deqr", version("deqr"))
print("guess:     one text, the same from both")
print("behaviour: pieces from one of them, and numbers where there were digits")
for decoder in (deqr.QuircDecoder, deqr.QRdecDecoder):
    for text in (card, digits):
        print(f"  {decoder.__name__}, {text}: {read(text, decoder)}")
raw = read(card, deqr.QRdecDecoder, convert_data=False)
print(f"  QRdecDecoder, convert_data=False: {raw}")
assert read(card, deqr.QuircDecoder) == [card]
assert read(card, deqr.QRdecDecoder) == ["CARD-", 12345678901234567890, "-A"]
assert read(digits, deqr.QuircDecoder) == read(digits, deqr.QRdecDecoder) == [12345678]
assert raw == [b"CARD-", b"0012345678901234567890", b"-A"]
PYTHON
"$folder/venv/bin/python" "$folder/see.py"
