"""A desk with something on each of its pages, for whoever tries all of them: members whose pages
are open, requests that wait, a roll uploaded, another imported, a batch made."""

import io
from collections.abc import Mapping, Sequence

import pyrage
from sqlalchemy import func, select, update

from player import members
from player.callers import ADDRESS, BORN
from player.members import LUCE, ODILE, RENE
from player.members import Letter as Paper
from tests.operators import operator
from webapp.cli.roll_files.opening import read_roll
from webapp.cli.roll_files.roll_file import RollFile
from webapp.cli.roll_files.source import How
from webapp.models import Letter, LetterBatch, RollEntry, RollImport
from webapp.rules.moments import paris_date
from webapp.rules.roles import ON_THE_TELEPHONE, Role
from webapp.services.desk import looks, lots, returns, roll_apply, roll_undo, uploads
from webapp.services.desk import second_operator as second
from webapp.services.desk.deeds import catalogue, suspension
from webapp.services.desk.roll_trial import Reading, play
from webapp.services.kernel.work import Work
from webapp.services.letters.choosing import Choice
from webapp.services.roll.report import Source

WHY = "pour essayer"
MEMBERS = (ODILE, RENE, LUCE, Paper("0098765", "5B8N2QWX7T4R", "noe@example.org"))
PORTAL = "https://adherents.example.org"
NAMES = {role: f"{role}.un" for role in Role}  # who plays: one of each role
GOOD = {  # what leads on, whatever the other field says
    "reason": "essai",
    "key": str(pyrage.x25519.Identity.generate().to_public()),
    "number": ODILE.number,
    "numbers": ODILE.number,
    "last_name": "Exemple",
    "first_name": "Odile",
    "born": "07/03/1950",
    "birth_date": "07/03/1950",
    "postal_code": "38000",
    "space_email": ODILE.email,
    "day": "30/11/2026",
    "on": "30/11/2026",
    "first_day": "01/11/2026",
    "last_day": "30/11/2026",
    "name": "x.nouveau",
    "role": "conseiller",
    "new": "y",
    "sure": "y",
}
Places = Mapping[str, tuple[object, ...]]  # what each part of an address may be, by its name


def furnish(work: Work, letters: Sequence[Paper] = MEMBERS) -> Places:
    """Everything that somebody can do at the desk waits to be done, for these four members. Of the
    third the roll has nothing to ask, of the last nobody gave a reason to open the page."""
    asker = operator(work, "c.courrier", Role.LETTERS)
    for role, name in NAMES.items():
        operator(work, name, role)
    people = [_member(work, letter, known=letter is not letters[2]) for letter in letters]
    work.operator_id = asker
    # an imported roll brings who waits for a letter; what is uploaded then would bring others
    imported = _imported(work, asker, *(f"{letters[0].number}-{at}" for at in "ABC"))
    _requests(work, imported, people)
    waits = _uploaded(work, f"{letters[0].number}-D")
    _open_pages(work, people)
    places: Places = {
        "roll_id": (*people,),
        "address": (*catalogue.BY_ADDRESS,),
        "request_id": (*(each.id for each in second.waiting(work, role=Role.SUPERVISOR)),),
        "lot": (*work.db.scalars(select(LetterBatch.id)),),
        "upload_id": (waits,),
        "import_id": (imported,),
        "operator_id": (asker,),
        "token": ("x",),
        "word": ("x",),
    }
    work.settle()
    return places


def _member(work: Work, letter: Paper, *, known: bool) -> int:
    members.with_account(work, letter)
    told = {"birth_date": BORN, "address": ADDRESS} if known else {}
    own = update(RollEntry).where(RollEntry.number == letter.number).values(number=letter.number)
    return int(work.db.execute(own.values(told).returning(RollEntry.id)).scalar_one())


def _open_pages(work: Work, people: list[int]) -> None:
    """The first one's stands open before each operator; of the others the question waits."""
    for role in ON_THE_TELEPHONE:
        me = operator(work, NAMES[role], role)
        for each in people[:-1]:
            looks.begin(work, me, each, WHY)
        looks.check(work, me, people[0])


def _requests(work: Work, imported: int, people: list[int]) -> None:
    """Two batches made, of one the list is gone and a letter came back; one request of each kind
    that waits."""
    asker, key = work.operator_id, str(pyrage.x25519.Identity.generate().to_public())
    for which in range(3):
        asked = lots.ask(work, Choice(limit=1), recipient=key, portal=PORTAL, reason=WHY)
        if which < 2:
            work.operator_id = operator(work, "d.second", Role.SUPERVISOR)
            second.agree(work, asked)
            work.operator_id = asker
    lots.take_list(work, work.db.scalars(select(LetterBatch.id)).first() or 0)
    told = select(Letter.roll_id).order_by(Letter.id)
    returns.note(work, [work.db.scalars(told).first() or 0], WHY)
    roll_undo.ask(work, imported, WHY)
    returns.note(work, people, WHY)
    suspension.suspend(work, people[1], WHY)
    for deed, whose in (("letter", 0), ("resume", 1), ("part", 0)):
        second.ask(work, deed, people[whose], {}, WHY)


def _uploaded(work: Work, *numbers: str) -> str:
    rows = "".join(f"{each};Lefèvre;Odile;12 RUE DES LILAS;01000 BOURG\n" for each in numbers)
    roll = f"numero_adherent;nom;prenom;adresse_1;adresse_2\n{rows}".encode()
    work.settle()
    found = play(
        work, _opens(work, roll), source=Source("c.courrier", "a.csv", ""), reading=Reading()
    )
    work.undo()
    return uploads.receive(work, roll, file_name="a.csv", reading=Reading(), found=found)


def _imported(work: Work, asker: int, *numbers: str) -> int:
    made = _uploaded(work, *numbers)
    work.operator_id = operator(work, "d.second", Role.SUPERVISOR)
    seen = uploads.find(work, made).seen
    roll_apply.apply(work, made, seen=seen, opens=lambda roll, _: _opens(work, roll))
    work.operator_id = asker
    return int(work.db.scalar(select(func.max(RollImport.id))) or 0)


def _opens(work: Work, roll: bytes) -> RollFile:
    return read_roll(io.BytesIO(roll), len(roll), How(paris_date(work.now)))
