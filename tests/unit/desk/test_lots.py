"""Batches at the desk: made by two, their list downloaded once and encrypted, posted, returned."""

import csv

import pyrage
import pytest
from flask import Flask
from sqlalchemy import select

from tests.checked_client import words
from tests.operators import at_the_desk
from tests.printer import (
    KEY,
    agreed,
    ask,
    count,
    first,
    lot,
    press,
    request_of,
    roll,
    rows,
    second,
)
from tests.roll_desk import WHO_WAITS, Desk, batch_of
from webapp.models import JournalEntry, Letter, LetterBatch
from webapp.rules.roles import Role

__all__ = ["first", "lot", "roll", "second"]  # fixtures
pytestmark = pytest.mark.usefixtures("roll")


def test_what_it_would_be_is_told_in_counts(desk: Flask, first) -> None:
    told = words(first.get("/lots/nouveau").text)
    assert "adresse corrigée) 2 " in told
    assert "partis : 1, sans adresse postale : 1" in told
    assert "Lefèvre" not in told


def test_a_batch_is_made_once_a_second_operator_agrees(desk: Flask, first, second) -> None:
    ask(first)
    assert count(desk, LetterBatch) == 0
    assert "C’est votre demande" in words(first.get("/lots").text)
    mine = first.post(
        f"/lots/demandes/{request_of(desk)}/accepter",
        data={"csrf_token": first.csrf("/lots/nouveau")},
        follow_redirects=True,
    )
    assert "Rien n’a été fait" in words(mine.text)
    assert count(desk, LetterBatch) == 0
    agreed(desk, second)
    (batch,) = rows(desk, select(LetterBatch.operator, LetterBatch.letters, LetterBatch.portal))
    assert (batch.operator, batch.letters) == ("c.courrier et s.chef", 2)
    assert batch.portal == desk.extensions["portal_settings"].public_url
    made = select(JournalEntry.facts).where(JournalEntry.event == "letters.made")
    assert rows(desk, made)[0].facts["operator"] == "c.courrier et s.chef"


def test_a_refused_request_makes_nothing(desk: Flask, first, second) -> None:
    ask(first)
    press(second, "/lots", f"/lots/demandes/{request_of(desk)}/refuser")
    assert count(desk, LetterBatch) == 0
    assert "À confirmer" not in words(first.get("/lots").text)


def test_no_more_letters_are_made_than_were_agreed_to(
    desk: Flask, first, second, roll: Desk
) -> None:
    ask(first)
    roll.load(
        "numero_adherent|nom|prenom|adresse_1|adresse_2\n"
        "00200105|Roux|Ève|MME EVE ROUX|01000 BOURG",
        printer=False,
    )
    agreed(desk, second)
    assert rows(desk, select(LetterBatch.letters))[0].letters == 2


def test_nobody_to_write_to_is_told_before_anybody_is_asked(desk: Flask, first) -> None:
    answer = ask(first, new="", expired="y")
    assert answer.status_code == 422
    assert "Personne n’attend ce courrier" in words(answer.text)


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("", "Collez la clé publique"),
        ("age1pasunecle", "Ce n’est pas une clé publique"),
        (str(KEY), "C’est une clé secrète"),
    ],
    ids=["none", "something else", "a secret one"],  # it is another one in each process
)
def test_a_key_that_is_none_is_refused_and_a_secret_one_never_shown(
    desk: Flask, first, key: str, told: str
) -> None:
    answer = ask(first, key=key)
    assert answer.status_code == 422
    assert told in words(answer.text)
    assert str(KEY) not in answer.text


def test_the_list_is_downloaded_once_and_opens_with_that_key_alone(
    desk: Flask, first, second, lot: int, roll: Desk
) -> None:
    answer = press(first, f"/lots/{lot}", f"/lots/{lot}/liste")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == f'attachment; filename="lot-{lot}.csv.age"'
    assert b"Odile" not in answer.data
    text = pyrage.decrypt(answer.data, [KEY]).decode("utf-8-sig")
    found = list(csv.DictReader(text.splitlines(), delimiter=";"))
    assert [each["nom"] for each in found] == ["Lefèvre", "Martin"]
    assert all(each["code_acces"] for each in found)
    token = {"csrf_token": second.csrf("/lots/nouveau")}
    again = second.post(f"/lots/{lot}/liste", data=token)
    assert again.status_code == 422
    assert "n’est qu’une fois" in words(again.text) or "une fois" in words(again.text)
    assert "flask letters print" in words(again.text)


def test_another_supervisor_reopens_the_download_and_nobody_else(
    desk: Flask, first, second, lot: int
) -> None:
    press(second, f"/lots/{lot}", f"/lots/{lot}/liste")
    token = {"csrf_token": second.csrf(f"/lots/{lot}"), "reason": "fichier abîmé"}
    own = second.post(f"/lots/{lot}/rouvrir", data=token)
    assert "un autre superviseur" in words(own.text)
    mine = {"csrf_token": first.csrf(f"/lots/{lot}"), "reason": "fichier abîmé"}
    assert first.post(f"/lots/{lot}/rouvrir", data=mine).status_code == 403
    other = at_the_desk(desk, Role.SUPERVISOR, "autre.chef")
    assert (
        other.submit(
            f"/lots/{lot}/rouvrir", {"reason": "fichier abîmé"}, page=f"/lots/{lot}"
        ).status_code
        == 303
    )
    assert press(first, f"/lots/{lot}", f"/lots/{lot}/liste").status_code == 200


def test_a_batch_made_on_the_server_hands_out_nothing(desk: Flask, first, roll: Desk) -> None:
    with roll.work() as work:
        batch_of(work, WHO_WAITS)
    (made,) = rows(desk, select(LetterBatch.id))
    assert "fait sur le serveur" in words(first.get(f"/lots/{made.id}").text)
    token = {"csrf_token": first.csrf("/lots/nouveau")}
    assert first.post(f"/lots/{made.id}/liste", data=token).status_code == 422


def test_a_posted_batch_keeps_no_code_and_is_downloaded_no_more(
    desk: Flask, first, lot: int
) -> None:
    page = f"/lots/{lot}"
    for wrong in ("31/02/2026", "demain"):
        refused = press(first, page, f"{page}/poste", day=wrong)
        assert refused.status_code == 422 and "Ce jour ne va pas" in words(refused.text)
    nothing = press(first, page, f"{page}/poste", day=" ")
    assert "Donnez un jour, par exemple" in words(nothing.text)
    early = press(first, page, f"{page}/poste", day="01/01/2020")
    assert "Ce jour ne va pas" in words(early.text)
    day = first.get(page).text.partition('name="day" type="text" value="')[2].partition('"')[0]
    assert press(first, page, f"{page}/poste", day=day).status_code == 303
    assert not any(row.sealed for row in rows(desk, select(Letter.sealed)))
    assert "Posté le" in words(first.get(page).text)
    token = {"csrf_token": first.csrf("/lots/nouveau")}
    gone = first.post(f"{page}/liste", data=token)
    assert "déjà posté" in words(gone.text)
