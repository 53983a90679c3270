"""What an import changed is remembered, as it was before."""

import json

from sqlalchemy import select

from tests.roll_desk import CODE, ONE, OTHER_CODE, Desk
from webapp.models import RollFormer, RollImport
from webapp.services.roll.entries import code_mac


def formers(desk: Desk) -> list[dict[str, object]]:
    with desk.engine.connect() as connection:
        found = connection.scalars(select(RollFormer.former).order_by(RollFormer.import_id))
        return [json.loads(each) for each in found]


def test_what_is_added_is_remembered_by_who_added_it(desk: Desk) -> None:
    desk.load(ONE)
    with desk.engine.connect() as connection:
        number = connection.scalar(select(RollImport.id))
    assert desk.roll()[0]["added_by"] == number
    assert formers(desk) == []


def test_only_the_values_that_were_written_over_are_kept(desk: Desk) -> None:
    written = desk.clock.now().isoformat()
    desk.load("numero_adherent|nom|prenom|date_naissance\n1|Lefèvre|Élodie|1980-01-01")
    desk.load("numero_adherent|nom|prenom|date_naissance\n1|Durand|Élodie|1981-02-03")
    assert formers(desk) == [
        {
            "last_name": "Lefèvre",
            "birth_date": "1980-01-01",
            "updated_at": written,
            "written_at": written,
        }
    ]
    desk.load("numero_adherent|nom\n1|Durand")
    assert len(formers(desk)) == 1


def test_a_new_code_leaves_the_former_letter_s_keyed_hash(desk: Desk) -> None:
    desk.load(f"numero_adherent|code_acces\n1|{CODE}")
    written = desk.clock.now().isoformat()
    desk.clock.advance(days=1)
    desk.load(f"numero_adherent|code_acces\n1|{OTHER_CODE}")
    mac = code_mac(desk.work(), "1", CODE)
    assert formers(desk) == [
        {
            "code_mac": mac.hex(),
            "code_issued_at": written,
            "updated_at": written,
            "written_at": desk.clock.now().isoformat(),
        }
    ]
