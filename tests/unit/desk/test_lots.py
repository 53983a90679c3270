"""Batches at the desk: made by two, their list downloaded once and encrypted, posted, returned."""

import csv

import pyrage
import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.checked_client import TOKEN, CheckedClient, words
from tests.operators import at_the_desk
from tests.roll_desk import WHO_WAITS, Desk, batch_of
from webapp.models import JournalEntry, Letter, LetterBatch, RollEntry, TwoPersonRequest
from webapp.rules.roles import Role

KEY = pyrage.x25519.Identity.generate()
PUBLIC = str(KEY.to_public())
ROLL = """numero_adherent|nom|prenom|adresse_1|adresse_2|statut
00200101|Lefèvre|Odile|MME ODILE LEFEVRE|01000 BOURG|actif
00200102|Martin|René|M RENE MARTIN|01000 BOURG|actif
00200103|Petit|Luc|M LUC PETIT|01000 BOURG|parti
00200104|Sans|Lieu|||actif"""


@pytest.fixture(autouse=True)
def roll(engine, world, clock) -> Desk:  # type: ignore[no-untyped-def]
    desk = Desk(engine, world, clock)
    desk.load(ROLL, printer=False)
    return desk


@pytest.fixture
def first(desk: Flask) -> CheckedClient:
    return at_the_desk(desk, Role.LETTERS, "c.courrier")


@pytest.fixture
def second(desk: Flask) -> CheckedClient:
    return at_the_desk(desk, Role.SUPERVISOR, "s.chef")


def press(browser: CheckedClient, page: str, action: str, **fields: str):  # type: ignore[no-untyped-def]
    shown = browser.get(page).text
    assert f'action="{action}"' in shown, f"no button on {page} to {action}"
    token = TOKEN.search(shown)
    assert token is not None
    return browser.post(action, data={"csrf_token": token[2], **fields}, follow_redirects=False)


def rows(desk: Flask, asked):  # type: ignore[no-untyped-def]
    engine, _ = desk.extensions["portal"]
    with engine.connect() as connection:
        return connection.execute(asked).all()


def count(desk: Flask, table) -> int:  # type: ignore[no-untyped-def]
    return int(rows(desk, select(func.count()).select_from(table))[0][0])


def ask(browser: CheckedClient, **fields: str):  # type: ignore[no-untyped-def]
    wanted = {"new": "y", "key": PUBLIC, "reason": "nouveaux de novembre", **fields}
    return browser.submit("/lots/nouveau", wanted)


def request_of(desk: Flask) -> int:
    return int(rows(desk, select(func.max(TwoPersonRequest.id)))[0][0])


def agreed(desk: Flask, browser: CheckedClient):  # type: ignore[no-untyped-def]
    return press(browser, "/lots", f"/lots/demandes/{request_of(desk)}/accepter")


@pytest.fixture
def lot(desk: Flask, first, second) -> int:  # type: ignore[no-untyped-def]
    assert ask(first).status_code == 303
    assert agreed(desk, second).status_code == 303
    return int(rows(desk, select(func.max(LetterBatch.id)))[0][0])


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
    wrong = press(first, page, f"{page}/poste", day="31/02/2026")
    assert wrong.status_code == 422
    early = press(first, page, f"{page}/poste", day="01/01/2020")
    assert "Ce jour ne va pas" in words(early.text)
    day = first.get(page).text.partition('name="day" type="text" value="')[2].partition('"')[0]
    assert press(first, page, f"{page}/poste", day=day).status_code == 303
    assert not any(row.sealed for row in rows(desk, select(Letter.sealed)))
    assert "Posté le" in words(first.get(page).text)
    token = {"csrf_token": first.csrf("/lots/nouveau")}
    gone = first.post(f"{page}/liste", data=token)
    assert "déjà posté" in words(gone.text)


def returned(browser: CheckedClient, step: str, *lines: str):  # type: ignore[no-untyped-def]
    told = {"numbers": "\n".join(lines), "reason": "retours du jour", "step": step}
    return browser.submit("/lots/retours", told)


def test_a_list_is_counted_and_what_is_unknown_named_by_its_line(
    desk: Flask, first, lot: int
) -> None:
    told = words(
        returned(first, "check", "00200101", "", "99999999", "00200101", "x", "00200102").text
    )
    assert "Adhérents reconnus : 2. Lignes répétées : 1. Lignes inconnues : 2" in told
    assert "lignes 3, 5." in told


def test_one_letter_is_noted_at_once(desk: Flask, first, lot: int) -> None:
    assert returned(first, "note", "00200101").status_code == 303
    assert [row.number for row in rows(desk, _came_back())] == ["00200101"]


def test_several_wait_for_a_second_operator(desk: Flask, first, second, lot: int) -> None:
    assert returned(first, "note", "00200101", "00200102").status_code == 303
    assert rows(desk, _came_back()) == []
    assert "2 courriers, dont les codes ne marcheront plus" in words(second.get("/lots").text)
    agreed(desk, second)
    assert len(rows(desk, _came_back())) == 2


def _came_back():  # type: ignore[no-untyped-def]
    return select(RollEntry.number).where(RollEntry.returned_mac.is_not(None))


def test_no_list_is_told(desk: Flask, first) -> None:
    assert "un par ligne" in words(returned(first, "check", "  ").text)
    assert "Aucun de ces numéros" in words(returned(first, "note", "x").text)


def test_who_tries_many_numbers_spends_looks(desk: Flask, first) -> None:
    lines = [f"9{at:07d}" for at in range(700)]
    answer = returned(first, "check", *lines)
    assert answer.status_code == 429
    assert "Vous avez consulté beaucoup d’adhérents" in words(answer.text)


def test_what_is_stuck_is_counts_first_and_numbers_for_a_look(
    desk: Flask, first, second, lot: int, clock
) -> None:  # type: ignore[no-untyped-def]
    returned(first, "note", "00200101")
    clock.advance(days=120)
    browser = at_the_desk(desk, Role.ADVISER, "a.petit")
    page = words(browser.get("/bloques").text)
    assert "00200102" not in page
    shown = press(browser, "/bloques", "/bloques/expired")
    assert "00200102" in words(shown.text)
    assert "Martin" not in shown.text
    shown = press(browser, "/bloques", "/bloques/returned")
    assert "00200101" in words(shown.text)
    told = select(JournalEntry.facts).where(JournalEntry.event == "desk.stuck_shown")
    assert [(row.facts["kind"], row.facts["members"]) for row in rows(desk, told)] == [
        ("expired", 1),
        ("returned", 1),
    ]


def test_an_auditor_sees_nothing_of_the_printer_s(desk: Flask) -> None:
    browser = at_the_desk(desk, Role.AUDITOR)
    for address in ("/lots", "/imports", "/bloques"):
        assert browser.get(address).status_code == 403
