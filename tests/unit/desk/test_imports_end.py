"""How an uploaded roll ends: dropped, forgotten, taken up again; and an import undone by two."""

from flask import Flask
from sqlalchemy import select, update

from tests.checked_client import words
from tests.operators import at_the_desk
from tests.uploads import ROLL, first, imported, members, place, press, rows, second, text, upload
from webapp.models import RollImport
from webapp.models.desk import RollUpload
from webapp.rules.roles import Role
from webapp.services.kernel.work import Work

__all__ = ["first", "second"]  # fixtures


def test_a_dropped_file_is_wiped_and_imported_by_nobody(desk: Flask, first, second) -> None:
    page = place(upload(first, text(*ROLL)))
    seen = second.get(page).text.partition('name="seen" value="')[2].partition('"')[0]
    assert place(press(second, page, f"{page}/abandonner")) == "/imports"
    assert rows(desk, select(RollUpload.content))[0].content is None
    token = second.csrf("/imports")
    answer = second.post(f"{page}/importer", data={"csrf_token": token, "seen": seen})
    assert answer.status_code == 422
    assert members(desk) == 0


def test_after_24_hours_it_is_gone(desk: Flask, clock) -> None:  # type: ignore[no-untyped-def]
    page = place(upload(at_the_desk(desk, Role.LETTERS, "c.courrier"), text(*ROLL)))
    clock.advance(hours=25)
    second = at_the_desk(desk, Role.SUPERVISOR, "s.chef")
    assert place(second.get(page)) == "/imports"


def test_an_import_whose_server_died_can_be_taken_up_after_ten_minutes(
    desk: Flask, first, second, clock
) -> None:  # type: ignore[no-untyped-def]
    page = place(upload(first, text(*ROLL)))
    engine, world = desk.extensions["portal"]
    seen = second.get(page).text.partition('name="seen" value="')[2].partition('"')[0]
    with Work(engine, world) as work:
        work.db.execute(update(RollUpload).values(state="importing", decided_at=work.now))
    assert "Import en cours" in words(second.get(page).text)
    data = {"csrf_token": second.csrf("/imports"), "seen": seen}
    assert second.post(f"{page}/importer", data=data).status_code == 422
    clock.advance(minutes=11)
    assert place(second.post(f"{page}/importer", data=data)) == page
    assert members(desk) == 2


def test_an_import_is_undone_by_two_operators(desk: Flask, first, second) -> None:
    imported(first, second, text(*ROLL))
    (kept,) = rows(desk, select(RollImport.id))
    page = f"/imports/faits/{kept.id}"
    asked = first.submit(page, {"reason": "mauvais fichier"})
    assert place(asked) == "/imports"
    assert members(desk) == 2
    assert "C’est votre demande" in words(first.get("/imports").text)
    (action,) = [
        part.partition('"')[0]
        for part in second.get("/imports").text.split('action="')
        if part.startswith("/imports/demandes/") and "accepter" in part.partition('"')[0]
    ]
    own = first.post(action, data={"csrf_token": first.csrf("/imports")}, follow_redirects=True)
    assert "Rien n’a été fait" in words(own.text)
    assert members(desk) == 2
    assert place(press(second, "/imports", action)) == "/imports"
    assert members(desk) == 0
    assert "c.courrier et s.chef" in words(first.get("/imports").text)
    again = second.post(action, data={"csrf_token": second.csrf("/imports")}, follow_redirects=True)
    assert "Rien n’a été fait" in words(again.text)
