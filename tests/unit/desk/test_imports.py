"""A roll at the desk: uploaded by one operator, imported by another, undone by two."""

import io

import pytest
from flask import Flask
from sqlalchemy import select

from tests.checked_client import words
from tests.operators import at_the_desk
from tests.uploads import (
    HEAD,
    ROLL,
    events,
    first,
    imported,
    members,
    place,
    press,
    rows,
    second,
    text,
    upload,
)
from webapp.models import JournalEntry, RollEntry, RollImport, Throttle
from webapp.models.desk import RollUpload
from webapp.models.operator import Operator
from webapp.rules.roles import Role
from webapp.services.kernel.work import Work
from webapp.services.operators import staff

__all__ = ["first", "second"]  # fixtures


def test_nothing_is_imported_until_another_operator_does(desk: Flask, first, second) -> None:
    page = place(upload(first, text(*ROLL)))
    assert members(desk) == 0
    told = words(first.get(page).text)
    assert "Rien n’est encore importé" in told
    assert "Nouveaux 2" in told
    assert "un autre opérateur doit l’importer" in told
    answer = press(second, page, f"{page}/importer")
    assert place(answer) == page
    assert members(desk) == 2
    assert "Importé le" in words(second.get(page).text)


def test_the_uploader_can_t_import_it(desk: Flask, first, second) -> None:
    page = place(upload(first, text(*ROLL)))
    seen = second.get(page).text.partition('name="seen" value="')[2].partition('"')[0]
    data = {"csrf_token": first.csrf(page), "seen": seen}
    answer = first.post(f"{page}/importer", data=data)
    assert answer.status_code == 422
    assert "un autre opérateur doit l’importer" in words(answer.text)
    assert members(desk) == 0


def test_nobody_imports_it_whom_its_uploader_gave_a_key_within_the_day(
    desk: Flask, first, second
) -> None:
    asked = select(Operator.name).join(RollUpload, RollUpload.uploaded_by == Operator.id)
    page = place(upload(first, text(*ROLL)))
    uploader = rows(desk, asked)[0].name
    engine, world = desk.extensions["portal"]
    with Work(engine, world) as work:
        staff.add(work, "complice", Role.LETTERS, by=uploader)
    accomplice = at_the_desk(desk, Role.LETTERS, "complice")
    answer = press(accomplice, page, f"{page}/importer")
    assert "vous a donné votre clé" in words(answer.text)
    assert members(desk) == 0
    assert place(press(second, page, f"{page}/importer")) == page
    assert members(desk) == 2


@pytest.mark.parametrize("role", [Role.ADVISER, Role.AUDITOR])
def test_who_is_not_at_the_printer_does_not_come_in(desk: Flask, role: Role) -> None:
    browser = at_the_desk(desk, role)
    assert browser.get("/imports").status_code == 403
    assert browser.get("/lots").status_code == 403


def test_the_file_lies_sealed_and_is_wiped_once_it_is_imported(desk: Flask, first, second) -> None:
    page = place(upload(first, text(*ROLL)))
    asked = select(RollUpload.content, RollUpload.found, RollUpload.options, RollUpload.state)
    before = rows(desk, asked)[0]
    assert before.content is not None
    for name in ("Lef", "Odile", "00200101", "LILAS"):
        assert name.encode() not in before.content
        assert name not in str(before.found) + str(before.options)
    press(second, page, f"{page}/importer")
    after = rows(desk, asked)[0]
    assert (after.content, after.state) == (None, "imported")


def test_the_journal_says_who_uploaded_and_who_imported(desk: Flask, first, second) -> None:
    imported(first, second, text(*ROLL))
    asked = select(JournalEntry.event, JournalEntry.operator_id, JournalEntry.facts)
    told = {row.event: row for row in rows(desk, asked)}
    assert told["desk.roll_uploaded"].facts["operator"] == "c.courrier"
    assert told["roll.imported"].facts["operator"] == "c.courrier et s.chef"
    assert told["desk.roll_uploaded"].operator_id != told["roll.imported"].operator_id


def test_what_the_page_said_is_what_is_done_or_nothing_is(desk: Flask, first, second) -> None:
    page = place(upload(first, text(*ROLL)))
    seen = second.get(page).text.partition('name="seen" value="')[2].partition('"')[0]
    imported(first, second, text(*ROLL[:2]))  # the roll changes in between
    answer = second.post(f"{page}/importer", data={"csrf_token": second.csrf(page), "seen": seen})
    assert answer.status_code == 422
    told = words(answer.text)
    assert "le fichier des adhérents a changé depuis" in told
    assert "Nouveaux 1" in told
    assert members(desk) == 1
    assert place(press(second, page, f"{page}/importer")) == page
    assert members(desk) == 2


def test_a_guard_stops_it_until_its_uploader_accepts_it_by_its_word(
    desk: Flask, first, second
) -> None:
    page = place(upload(first, text(*ROLL, "00200103;DUPï¿½NT;Zoé;01/01/1960;1 RUE A;01000 BOURG")))
    told = words(first.get(page).text)
    assert "Noms mal lus, ou vides : 1." in told
    assert "DUP" not in told
    assert "L’import est arrêté" in words(second.get(page).text)
    assert f"{page}/importer" not in second.get(page).text
    accepted = second.post(f"{page}/alertes/noms", data={"csrf_token": second.csrf(page)})
    assert accepted.status_code == 422
    assert place(press(first, page, f"{page}/alertes/noms")) == page
    assert place(press(second, page, f"{page}/importer")) == page
    assert members(desk) == 3
    kept = rows(desk, select(RollImport.accepted).order_by(RollImport.id.desc()))[0]
    assert kept.accepted == ["noms"]
    assert "desk.guard_accepted" in events(desk)


def test_bad_rows_are_told_by_their_lines_without_what_they_say(desk: Flask, first) -> None:
    page = place(upload(first, text(*ROLL, "00200104;Durand;Luc;99/99/1950;1 RUE A;01000 BOURG")))
    told = words(first.get(page).text)
    assert "ligne 4 : date_naissance" in told
    assert "99/99/1950" not in told
    assert "Rien ne peut être importé tant qu’il y en a" in told


def test_a_file_that_can_t_be_read_is_refused_with_its_reason(desk: Flask, first) -> None:
    answer = upload(first, b"%PDF-1.7 ...", "adherents.pdf")
    assert answer.status_code == 422
    assert "Ce fichier est un PDF" in words(answer.text)
    assert rows(desk, select(RollUpload.id)) == []


def test_options_are_named_as_fields_here(desk: Flask, first) -> None:
    answer = upload(first, text(*ROLL), sheet="Feuil1")
    told = words(answer.text)
    assert "« Feuille du classeur » ne sert qu’aux classeurs" in told
    assert "--" not in told


def test_no_file_is_a_missing_file(desk: Flask, first) -> None:
    answer = first.submit("/imports", {}, page="/imports")
    assert answer.status_code == 422
    assert "Choisissez le fichier" in words(answer.text)


def test_there_is_room_for_a_large_file_for_who_may_upload_and_for_nobody_else(
    desk: Flask, first
) -> None:
    filler = [f"{200_000 + at};Nom;Prénom;01/02/1950;1 RUE A;01000 BOURG" for at in range(3_000)]
    large = text(HEAD, *filler)
    assert len(large) > 64 * 1024
    assert upload(first, large).status_code == 303
    adviser = at_the_desk(desk, Role.ADVISER)
    data = {"file": (io.BytesIO(large), "a.csv")}
    answer = adviser.post("/imports", data=data, content_type="multipart/form-data")
    assert answer.status_code == 413


@pytest.mark.parametrize("name", ["../../etc/adherents.csv", "/adherents.csv"])
def test_a_file_s_name_is_a_label_without_its_folders(desk: Flask, first, name: str) -> None:
    assert upload(first, text(*ROLL), name).status_code == 303
    assert rows(desk, select(RollUpload.file_name)) == [("adherents.csv",)]


def test_a_file_that_is_too_large_is_told_in_words_for_a_file(first) -> None:
    body = b"x" * (32 * 1024 * 1024 + 1)
    answer = first.post("/imports", data=body, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 413
    assert "Un fichier des adhérents pèse 32 Mo au plus" in words(answer.text)


def test_a_file_of_who_was_away_too_long_leads_to_the_sign_in(desk: Flask) -> None:
    stranger = desk.test_client()
    data = {"file": (io.BytesIO(b"x" * 100_000), "a.csv")}
    answer = stranger.post("/imports", data=data, content_type="multipart/form-data")
    assert place(answer) == "/connexion"


def test_members_show_for_looks_of_the_hour_and_are_journaled(desk: Flask, first, second) -> None:
    imported(first, second, text(*ROLL))
    page = place(upload(first, text(*ROLL[:2], ROLL[2].replace("René", "Renée"))))
    assert "Renée" not in first.get(page).text
    shown = press(first, page, f"{page}/apercu")
    assert shown.status_code == 200
    assert "Renée" in words(shown.text)
    assert "desk.roll_previewed" in events(desk)
    assert members(desk) == 2
    (row,) = rows(desk, select(RollEntry.first_name).where(RollEntry.number == "00200102"))
    assert row.first_name == "René"
    assert rows(desk, select(Throttle.used))[0][0] == 1


def test_a_made_up_roll_reads_no_more_members_than_there_are_looks(
    desk: Flask, first, second
) -> None:
    known = [f"{200_000 + at};Nom;Prénom;01/02/1950;1 RUE A;01000 BOURG" for at in range(20)]
    imported(first, second, text(HEAD, *known))
    made_up = [f"{200_000 + at};X;X;02/02/1950;X;X" for at in range(20)]
    added = [f"{300_000 + at};X;X;02/02/1950;X;X" for at in range(20)]
    page = place(upload(first, text(HEAD, *made_up, *added)))
    assert "Cela compte pour 22 consultations" in words(first.get(page).text)
    shown = [press(first, page, f"{page}/apercu") for _ in range(4)]
    assert [each.status_code for each in shown] == [200, 200, 429, 429]
    assert ["1 RUE A" in words(each.text) for each in shown] == [True, True, False, False]


@pytest.mark.parametrize(
    "encoding", ["\x00", "\x07é", "base64", "zlib", "idna", "rot13", "undefined", "../x", "a" * 900]
)
def test_what_is_no_encoding_is_said_on_a_page_that_is_whole(
    desk: Flask, first, encoding: str
) -> None:
    assert upload(first, text(*ROLL), encoding=encoding).status_code == 422


@pytest.mark.parametrize("disabled", [True, False])
def test_a_roll_of_whose_key_was_lost_or_who_is_out_is_imported_by_nobody(
    desk: Flask, first, second, disabled: bool
) -> None:
    page = place(upload(first, text(*ROLL)))
    seen = second.get(page).text.partition('name="seen" value="')[2].partition('"')[0]
    token = second.csrf("/imports")
    engine, world = desk.extensions["portal"]
    with Work(engine, world) as work:
        (staff.disable if disabled else staff.reset)(work, "c.courrier", by="s.chef")
    answer = second.post(f"{page}/importer", data={"csrf_token": token, "seen": seen})
    assert "fait=depot-fini" in answer.headers["Location"]
    assert members(desk) == 0
