"""The whole way: a batch is made and printed, the sheet is scanned, its member comes in."""

import zxingcpp
from playwright.sync_api import expect

from player.members import ODILE, Letter
from player.screens.registration import TAKEN
from tests.e2e.test_letter_qr import comes_in
from tests.paper import printed, seen
from webapp.adapters import brand, press
from webapp.services.kernel.work import Work
from webapp.services.letters import batches
from webapp.services.letters.batches import Maker
from webapp.services.letters.choosing import Choice

DOTS = 150  # an inch: what a bad scan has


def test_from_the_roll_to_paper_to_the_space(stage, phone):
    stage.sends_letter_to(ODILE)
    whole = press.open_press(brand.read(brand.OURS), stage.url)
    choice, maker = Choice(numbers=(ODILE.number,), no_address_needed=True), Maker("c", "", "")
    with Work(stage.engine, stage.world, "cli") as work:
        batch = batches.make(work, choice, maker=maker, unfit=whole.unfit).batch
        (sheet,) = batches.sheets(work, batch)
    (mark,) = zxingcpp.read_barcodes(
        seen(printed(sheet, by=whole), 0, DOTS), formats=zxingcpp.BarcodeFormat.QRCode
    )
    newer = Letter(ODILE.number, sheet.access_code.replace("-", ""), ODILE.email)
    phone.goto(mark.text)
    expect(phone.get_by_text(TAKEN)).to_be_visible()
    comes_in(stage, phone, newer)
