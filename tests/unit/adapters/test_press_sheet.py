"""Where things stand on the sheet, in millimetres: windows, folds, marks that machines read."""

from urllib.parse import parse_qs, urlsplit

import deqr
import pytest
import zxingcpp
from PIL import Image

from tests.paper import CODE, ODILE, SITE, boxes, printed, seen, sheet
from webapp.services.letters.sheets import Addressee

# What a window shows of a sheet, wherever it slides in its envelope: its frame, in mm from the top
# left corner of the sheet (windows of 35 x 100, 20 from the right; DL, C5/6 and C5).
SURE = (109, 59, 190, 79.3)  # always
MAYBE = (88, 43, 210, 103)  # at times
FOLDS = (99, 148.5, 198)
SIX = (
    "MME ODILE EXEMPLE\nAPPARTEMENT 12\nRESIDENCE LES LILAS\n12 RUE DES LILAS\nBP 12\n01000 EXEMPLE"
)


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return printed(sheet(Addressee("00100234", "Mme", "Exemple", "Odile", SIX)))


def test_the_six_lines_stand_where_every_window_shows_them(pdf: bytes):
    left, top, right, bottom = SURE
    shown = [each for each in boxes(pdf) if _touches(each[1:], MAYBE)]
    assert "".join(each[0] for each in shown) == "".join(SIX.split())
    for sign, *box in shown:
        assert left <= box[0], sign
        assert box[2] <= right, sign
        assert top <= box[1], sign
        assert box[3] <= bottom, sign


def test_nothing_else_is_drawn_where_a_window_may_show(pdf: bytes):
    image = seen(pdf, dots=150)
    dots = 150 / 25.4
    left, top, right, bottom = SURE
    image.paste(255, tuple(round(each * dots) for each in (left, top - 1, right, bottom + 1)))
    assert image.crop(tuple(round(each * dots) for each in MAYBE)).getextrema() == (255, 255)


def _touches(box: tuple[float, ...], frame: tuple[float, ...]) -> bool:
    return box[0] < frame[2] and box[2] > frame[0] and box[1] < frame[3] and box[3] > frame[1]


def test_no_fold_goes_through_a_word_of_the_front_or_the_qr_code(pdf: bytes):
    for sign, _, top, _, bottom in boxes(pdf):
        for fold in FOLDS:
            assert not top < fold < bottom, (sign, fold)
    (code,) = _read(seen(pdf), zxingcpp.BarcodeFormat.QRCode)
    ys = [getattr(code.position, each).y * 25.4 / 150 for each in ("top_left", "bottom_left")]
    assert not any(ys[0] < fold < ys[1] for fold in FOLDS)


def test_folds_are_marked_at_the_edge(pdf: bytes):
    image = seen(pdf, dots=300)
    for fold in FOLDS:
        y = round(fold * 300 / 25.4)
        assert image.crop((60, y - 3, 90, y + 4)).getextrema()[0] < 80


def _read(image: Image.Image, kind: zxingcpp.BarcodeFormat) -> list[zxingcpp.Barcode]:
    return [each for each in zxingcpp.read_barcodes(image, kind) if each.valid]


@pytest.mark.parametrize("dots", [150, 300])
@pytest.mark.parametrize("number", ["00100234", "AB 12/&é+%"])
def test_two_readers_find_the_registration_filled_in_behind_the_qr_code(dots: int, number: str):
    image = seen(printed(sheet(Addressee(number, "", "E", "", ODILE.address))), dots=dots)
    (one,) = _read(image, zxingcpp.BarcodeFormat.QRCode)
    (other,) = deqr.QRdecDecoder().decode(image.copy(), convert_data=False)
    assert one.text == b"".join(each.data for each in other.data_entries).decode()
    address = urlsplit(one.text)
    assert address._replace(fragment="").geturl() == f"{SITE}/inscription"
    assert parse_qs(address.fragment) == {"n": [number], "c": [CODE]}


def test_a_qr_code_is_25_millimetres_or_more_with_four_white_modules_around(pdf: bytes):
    (code,) = _read(seen(pdf, dots=300), zxingcpp.BarcodeFormat.QRCode)
    corner, end = code.position.top_left, code.position.bottom_right
    side = (end.x - corner.x) * 25.4 / 300
    assert side >= 25
    quiet = 4 * (end.x - corner.x) / 33
    around = seen(pdf, dots=300).crop(
        tuple(map(round, (corner.x - quiet + 2, corner.y - quiet + 2, end.x, corner.y - 3)))
    )
    assert around.getextrema() == (255, 255)


@pytest.mark.parametrize("page", [0, 1])
@pytest.mark.parametrize("dots", [150, 300])
def test_a_machine_reads_batch_sequence_and_page_on_both_sides(pdf: bytes, page: int, dots: int):
    (mark,) = _read(seen(pdf, page, dots), zxingcpp.BarcodeFormat.DataMatrix)
    assert mark.text == f"12/34/500/{page + 1}"


def test_number_and_code_are_large(pdf: bytes):
    size = max(bottom - top for _, top, *_, bottom in [each[:5] for each in boxes(pdf)])
    digits = [each for each in boxes(pdf) if each[0] == "7" and each[4] - each[2] > 5]
    assert digits, size
