"""The portal on the home screen: what the manifest says, what the worker may keep."""

import json
import re

from player.statements import Statements
from tests.visitors import Progress, Town


def test_the_manifest_is_complete_and_its_icons_are_served(town: Town) -> None:
    browser = town.browser()
    answer = browser.get("/manifest.webmanifest")
    assert answer.mimetype == "application/manifest+json"
    manifest = json.loads(answer.text)
    assert manifest["display"] == "standalone"
    assert browser.get(manifest["start_url"]).status_code == 200
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}
    for icon in manifest["icons"]:
        picture = browser.get(icon["src"])
        assert picture.mimetype == icon["type"]
        width = int.from_bytes(picture.data[16:20])
        assert icon["sizes"] == f"{width}x{width}"
        picture.close()


def test_the_worker_keeps_static_files_and_the_page_without_network_only(town: Town) -> None:
    browser = town.browser()
    answer = browser.get("/sw.js")
    assert answer.mimetype == "text/javascript"
    kept = re.findall(r"'(/[^']*)'", answer.text)
    assert kept and all(each.startswith("/static/") or each == "/hors-ligne" for each in kept)
    for each in kept:
        file = browser.get(each)
        assert file.status_code == 200
        file.close()


def test_neither_knows_who_asks(town: Town) -> None:
    member = town.browser(Progress.MEMBER)
    with Statements(town.work.db.engine) as statements:
        pages = [member.get(each) for each in ("/sw.js", "/manifest.webmanifest", "/hors-ligne")]
        town.work.settle()
    assert not statements.seen
    street = town.browser()
    assert [each.data for each in pages] == [street.get(each.request.path).data for each in pages]
    assert not any("Set-Cookie" in each.headers for each in pages)
