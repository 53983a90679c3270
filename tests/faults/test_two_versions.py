"""Hosts of two versions behind one address: a page of either is whole, whichever host answers."""

import re
import shutil
from itertools import cycle
from pathlib import Path

import pytest

from tests.faults.conftest import NewPortal
from tests.faults.portal import Host
from tests.faults.release import host_of, next_release
from tests.faults.visitor import Visitor, mailed_link

LOADS = 12
pytestmark = pytest.mark.long
ADDED = "/* what the next version adds */ .added { color: #123456 }\n"


def _changed_release(folder: Path) -> Path:
    """The next version's code with another style sheet, and no builds of ours
    beside it: as on a host of its own."""
    release = next_release(folder)
    shutil.rmtree(release / "static" / "build", ignore_errors=True)
    sheet = release / "static" / "css" / "portal.css"
    sheet.write_text(sheet.read_text() + ADDED)
    return release


def _load(visitor: Visitor, first: Host, second: Host) -> list[tuple[str, int, str]]:
    """A page from one host, its files from the other and it in turn: address, status, cache."""
    visitor.host = first
    page = visitor.get("/connexion").text
    turn, seen = cycle([second, first]), []
    for address in dict.fromkeys(re.findall(r'(?:src|href)="(/static/[^"]+)"', page)):
        visitor.host = next(turn)
        answer = visitor.get(address)
        seen.append((address, answer.status, answer.headers["Cache-Control"]))
    return seen


def test_a_page_of_either_version_finds_its_style_script_and_logo_on_both(
    own_portal: NewPortal, tmp_path: Path
) -> None:
    portal = own_portal(WEB_CONCURRENCY="1")
    release = _changed_release(tmp_path / "release")
    portal.flask("database", "upgrade", home=release)
    former, new = portal.first, host_of(portal, release)
    former.start()
    new.start()
    visitor, both = Visitor(portal), [(former, new), (new, former)]
    loads = [_load(visitor, *each) for each in both * (LOADS // 2)]
    seen = [each for load in loads for each in load]
    assert all(len(load) >= 3 for load in loads)
    assert [each for each in seen if each[1] != 200] == []
    versions = {address.split("/")[2] for address, _, _ in seen}
    kept = {how for _, _, how in seen}
    assert len(versions) == 2
    assert kept == {"max-age=31536000, immutable", "no-store"}
    visitor.host = new
    for version in versions:
        sheet = visitor.get(f"/static/{version}/css/portal.css")
        assert ".added" in sheet.text, "the new host has one style sheet, whatever is asked for"


def test_a_version_goes_on_with_its_own_pages_and_mails_while_another_is_put_into_its_folder(
    own_portal: NewPortal, tmp_path: Path
) -> None:
    portal = own_portal(WEB_CONCURRENCY="1")
    release = next_release(tmp_path / "release")
    portal.flask("database", "upgrade", home=release)
    host, member = host_of(portal, release), portal.member()
    host.start()
    for each in (release / "templates").rglob("*.*"):
        if each.suffix in (".html", ".txt"):
            each.write_text("{{ what_only_the_next_version_knows }}")
    visitor = Visitor(portal, host)
    seen = [visitor.prove_letter(member), visitor.accept_terms()]
    seen += [visitor.confirm(mailed_link(portal, member)), visitor.give_password(member)]
    assert max(each.status for each in seen) < 400
