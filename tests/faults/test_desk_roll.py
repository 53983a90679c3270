"""A whole roll by the desk, through nginx: how long each step takes, what others see meanwhile."""

import re
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from tests.faults.conftest import NewPortal, Tell
from tests.faults.desk_proxy import Operator, behind_nginx, desk_of
from tests.faults.proxy import MISSING, installed
from tests.faults.visitor import Answer
from webapp.models import RollEntry
from webapp.rules.roles import Role

pytestmark = [pytest.mark.long, pytest.mark.skipif(not installed(), reason=MISSING)]
MEMBERS = 80_000
HEAD = "numero_adherent;civilite;nom;prenom;date_naissance;contrat;adresse_1;adresse_2"
AGE = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"
_LEAD = re.compile(r'<p class="lead">(.*?)</p>')


def a_roll(contract: str) -> bytes:
    """Everybody's row, with this contract."""
    rows = (
        f"{2_000_000 + n};M.;Nom{n};Prénom;{n % 28 + 1:02}/0{n % 9 + 1}/19{n % 60 + 30};{contract};"
        f"{n % 300} RUE DES LILAS;{n % 90_000 + 1_000:05} VILLE"
        for n in range(MEMBERS)
    )
    return "\n".join([HEAD, *rows]).encode()


class Two:
    """An operator who uploads and one who agrees; how long each step took, in seconds."""

    def __init__(self, uploads: Operator, agrees: Operator):
        self.uploads, self.agrees = uploads, agrees
        self.took: list[str] = []

    def timed(self, step: str, act: Callable[[], Answer]) -> Answer:
        """An act, which must lead on or be a file."""
        began = time.monotonic()
        answer = act()
        self.took.append(f"{step} {time.monotonic() - began:.1f} s")
        assert answer.status in (200, 303), answer.text
        return answer

    def takes(self, content: bytes, name: str) -> Iterator[tuple[float, str]]:
        """The roll is uploaded and imported; what its page says meanwhile, and after how long."""
        self.uploads.get("/imports")
        sent = self.timed(f"{name} uploaded", lambda: self.uploads.uploads(content))
        page = sent.leads_to.partition("?")[0]
        pressed = threading.Thread(
            target=lambda: self.timed(
                f"{name} imported", lambda: self.agrees.presses(page, f"{page}/importer")
            )
        )
        pressed.start()
        while pressed.is_alive():
            began = time.monotonic()
            shown = self.uploads.get(page)
            assert shown.status == 200
            yield time.monotonic() - began, _LEAD.findall(shown.text)[0]
            pressed.join(0.2)
        assert "Importé le" in self.uploads.get(page).text


def test_a_roll_is_imported_and_its_letters_made_while_others_read(
    own_portal: NewPortal, kind: str, tell: Tell
) -> None:
    portal = own_portal(PUBLIC_URL="https://espace.example.org")
    desk = desk_of(portal)
    desk.start()
    with behind_nginx(portal, desk) as port:
        first = Operator(portal, port).comes_to_work(Role.LETTERS, "c.courrier")
        two = Two(first, Operator(portal, port).comes_to_work(Role.SUPERVISOR, "s.chef"))
        met = [*two.takes(a_roll("Santé"), "new members"), *two.takes(a_roll("Confort"), "changes")]
        _letters(two)
    assert portal.count(RollEntry, RollEntry.contract == "Confort") == MEMBERS
    tell(f"{MEMBERS} members by the desk behind nginx: {'; '.join(two.took)}")
    tell(f"its page meanwhile: {len(met)} times, {max(each for each, _ in met):.2f} s at most")
    told = {words for _, words in met if words.startswith("Import en cours")}
    assert told, "nobody looked while it was imported"
    counted = any("lignes lues sur" in words for words in told)
    assert counted == (kind == "postgresql"), "SQLite has one writer: docs/roll.md"
    assert max(each for each, _ in met) < 5


def _letters(two: Two) -> None:
    two.uploads.get("/lots/nouveau")
    asked = {"new": "y", "key": AGE, "reason": "courriers de la rentrée"}
    two.timed("a batch asked", lambda: two.uploads.post("/lots/nouveau", asked))
    shown = two.agrees.get("/lots").text
    [agree] = re.findall(r'action="(/lots/demandes/\d+/accepter)"', shown)
    assert "fait=a-deux-fait" in two.timed("made", lambda: two.agrees.post(agree)).leads_to
    [lot] = set(re.findall(r'href="(/lots/\d+)"', two.agrees.get("/lots").text))
    two.agrees.get(lot)
    file = two.timed("its list", lambda: two.agrees.post(f"{lot}/liste"))
    assert file.headers["Content-Type"] == "application/octet-stream"
