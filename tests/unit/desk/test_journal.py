"""The journal as an auditor reads it, and what reading it leaves behind."""

import io
import re
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import event

from player.members import ODILE, RENE, on_the_roll
from player.world import StillClock
from tests.checked_client import CheckedClient, words
from tests.operators import at_the_desk, operator, working
from webapp.rules.events import HISTORY
from webapp.rules.roles import Role
from webapp.services.desk import export, looks
from webapp.services.kernel import journal
from webapp.services.kernel.work import COMMAND, Work
from webapp.services.roll import numbers

PAGE = "/journal"


@pytest.fixture
def auditor(desk: Flask) -> CheckedClient:
    return at_the_desk(desk, Role.AUDITOR, "j.audit")


@pytest.fixture
def petit(desk: Flask) -> Iterator[Work]:
    with working(*desk.extensions["portal"], "a.petit") as work:
        yield work


def roll_id(work: Work, number: str) -> int:
    found = numbers.id_of(work, number)
    assert found is not None
    return found


def looked(work: Work, number: str, reason: str = "courrier égaré") -> None:
    assert work.operator_id is not None
    looks.begin(work, work.operator_id, roll_id(work, number), reason)
    work.settle()


def ask(browser: CheckedClient, by: str, fields: dict[str, str]) -> str:
    answer = browser.submit(f"{PAGE}/{by}", fields, page=PAGE, follow_redirects=True)
    assert answer.status_code == 200
    return words(answer.text)


def test_auditors_and_supervisors_alone_read_it(desk: Flask) -> None:
    for role in Role:
        expected = 200 if role in (Role.AUDITOR, Role.SUPERVISOR) else 403
        assert at_the_desk(desk, role).get(PAGE).status_code == expected


def test_one_operator_s_looks_are_read_with_name_reason_and_origin(
    desk: Flask, auditor: CheckedClient, petit: Work
) -> None:
    on_the_roll(petit)
    looked(petit, ODILE.number)
    told = ask(auditor, "operateur", {"operator": str(petit.operator_id)})
    assert "Journal de a.petit" in told
    assert "Votre dossier a été ouvert par un conseiller" in told
    assert "Motif : courrier égaré" in told
    assert ODILE.number in told
    assert "10.0.0.7" in told
    assert RENE.number not in told


def test_a_member_s_journal_is_found_by_the_exact_number_alone(
    desk: Flask, auditor: CheckedClient, petit: Work
) -> None:
    on_the_roll(petit)
    looked(petit, ODILE.number)
    told = ask(auditor, "adherent", {"number": ODILE.number})
    assert f"Journal de l’adhérent {ODILE.number}" in told
    assert "a.petit" in told
    near = auditor.submit(f"{PAGE}/adherent", {"number": ODILE.number.lstrip("0")}, page=PAGE)
    assert near.status_code == 422
    assert "Aucun adhérent n’a exactement ce numéro" in words(near.text)


def test_numbers_of_nobody_spend_the_auditor_s_looks(desk: Flask, auditor: CheckedClient) -> None:
    codes = [
        auditor.submit(f"{PAGE}/adherent", {"number": f"9{which:07d}"}, page=PAGE).status_code
        for which in range(61)
    ]
    assert codes == [422] * 60 + [429]


def test_one_day_is_from_midnight_to_midnight_in_paris(
    desk: Flask, auditor: CheckedClient, petit: Work, clock: StillClock
) -> None:
    on_the_roll(petit)
    looked(petit, ODILE.number, "ce jour-là")
    day = petit.now.astimezone().date().isoformat()
    assert "Motif : ce jour-là" in ask(auditor, "jour", {"on": day})
    assert "Motif : ce jour-là" not in ask(auditor, "jour", {"on": "2026-01-02"})
    assert "Journal du 2 janvier 2026" in ask(auditor, "jour", {"on": "02/01/2026"})


def test_a_day_and_an_export_have_what_the_mutual_did_and_nothing_that_members_did_themselves(
    desk: Flask, auditor: CheckedClient, petit: Work, clock: StillClock
) -> None:
    one = on_the_roll(petit)
    looked(petit, ODILE.number, "dit par un opérateur")
    engine, world = desk.extensions["portal"]
    with Work(engine, world, "203.0.113.9") as alone:
        journal.write(alone, "registration.drafted", roll_id=one)
        journal.write(alone, "operator.refused", name="a.petit")
    with Work(engine, world, COMMAND) as command:
        journal.write(command, "letter.reissued", roll_id=one, reason="dit par une commande")
    told = ask(auditor, "jour", {"on": "2026-12-01"})
    period = {"first_day": "2026-12-01", "last_day": "2026-12-01"}
    clock.advance(seconds=1)
    file = auditor.submit(f"{PAGE}/export", period, page=PAGE).text
    for text in (told, file):
        assert "dit par un opérateur" in text
        assert "dit par une commande" in text
        assert text.count("203.0.113.9") == 1  # the key that was refused
    assert "Inscription commencée" not in told
    assert "registration.drafted" not in file
    assert "Inscription commencée" in ask(auditor, "adherent", {"number": ODILE.number})


def test_a_member_s_journal_costs_a_look(desk: Flask, auditor: CheckedClient, petit: Work) -> None:
    on_the_roll(petit)
    petit.settle()
    with working(*desk.extensions["portal"], "j.audit") as work:
        assert work.operator_id is not None
        for _ in range(work.world.looks_per_operator - 1):
            looks.spend(work, work.operator_id)
    ask(auditor, "adherent", {"number": ODILE.number})
    over = auditor.submit(f"{PAGE}/adherent", {"number": ODILE.number}, page=PAGE)
    assert over.status_code == 429


@pytest.mark.parametrize(
    ("by", "fields"),
    [
        ("operateur", {"operator": ""}),
        ("operateur", {"operator": "999999"}),
        ("operateur", {"operator": "a.petit' OR 1=1"}),
        ("adherent", {"number": "%"}),
        ("jour", {"on": "hier"}),
        ("jour", {"on": "31/02/2026"}),
    ],
)
def test_a_question_that_is_none_is_refused_beside_its_field(
    auditor: CheckedClient, by: str, fields: dict[str, str]
) -> None:
    assert auditor.submit(f"{PAGE}/{by}", fields, page=PAGE).status_code == 422


def test_reading_the_journal_is_in_the_journal(
    desk: Flask, auditor: CheckedClient, petit: Work
) -> None:
    on_the_roll(petit)
    petit.settle()
    ask(auditor, "operateur", {"operator": str(petit.operator_id)})
    ask(auditor, "adherent", {"number": ODILE.number})
    ask(auditor, "jour", {"on": "2026-11-30"})
    with working(*desk.extensions["portal"], "j.audit") as work:
        me = str(work.operator_id)
    told = ask(auditor, "operateur", {"operator": me})
    assert "Journal d’un opérateur lu : a.petit" in told
    assert "Journal d’un jour lu : 30 novembre 2026" in told
    assert "Le journal de votre dossier a été relu par un auditeur de la mutuelle" in told
    assert "Journal d’un opérateur lu : j.audit" in told


def test_pages_of_fifty_hold_each_entry_once_whatever_is_added_meanwhile(
    desk: Flask, auditor: CheckedClient, petit: Work
) -> None:
    for which in range(120):  # all at the same moment
        journal.write(petit, "operator.signed_in", name=f"n{which:03d}")
    petit.settle()
    answer = auditor.submit(
        f"{PAGE}/operateur", {"operator": str(petit.operator_id)}, page=PAGE, follow_redirects=True
    )
    seen = []
    while True:
        seen += re.findall(r"n\d\d\d", answer.text)
        journal.write(petit, "operator.signed_in", name="nouveau")
        petit.settle()
        older = re.findall(r'href="(/journal/lu/[^"]+avant=[^"]+)"', answer.text)
        if not older:
            break
        assert answer.text.count("<tr") == 51
        answer = auditor.get(older[0])
    assert seen == [f"n{which:03d}" for which in reversed(range(120))]


def test_an_answer_s_address_opens_nothing_to_another_nor_the_next_day(
    desk: Flask, auditor: CheckedClient, petit: Work, clock: StillClock
) -> None:
    asked = auditor.submit(f"{PAGE}/operateur", {"operator": str(petit.operator_id)}, page=PAGE)
    address = asked.headers["Location"]
    assert auditor.get(address).status_code == 200
    assert at_the_desk(desk, Role.SUPERVISOR).get(address).status_code == 404
    assert auditor.get(address[:-1] + "x").status_code == 404
    for cursor in ("1", "a-b", "1-0", f"{10**40}-1", f"1-{10**40}"):
        assert auditor.get(f"{address}?avant={cursor}").status_code == 404
    clock.advance(hours=8, minutes=1)
    later = at_the_desk(desk, Role.AUDITOR, "j.audit")
    assert later.get(address).status_code == 404


def test_a_member_reads_that_their_journal_was_read() -> None:
    assert "desk.member_journal_read" in HISTORY


def test_an_operator_s_name_is_read_at_the_desk_and_the_command_s_account_too(
    desk: Flask, auditor: CheckedClient, petit: Work
) -> None:
    operator(petit, "b.neuf")
    journal.write(petit, "operator.disabled", name="b.neuf", by="root")
    petit.settle()
    assert "Opérateur désactivé : b.neuf" in ask(
        auditor, "operateur", {"operator": str(petit.operator_id)}
    )


def test_a_period_is_exported_as_a_signed_file_and_supervisors_are_told(
    desk: Flask, auditor: CheckedClient, petit: Work
) -> None:
    on_the_roll(petit)
    looked(petit, ODILE.number)
    period = {"first_day": "01/12/2026", "last_day": "2026-12-01"}
    answer = auditor.submit(f"{PAGE}/export", period, page=PAGE)
    assert answer.status_code == 200
    named = "attachment; filename=journal-2026-12-01-2026-12-01.jsonl"
    assert answer.headers["Content-Disposition"] == named
    assert "no-store" in answer.headers["Cache-Control"]
    assert "Content-Length" not in answer.headers, "it is sent while it is read"
    told = export.verify(petit, io.BytesIO(answer.data))
    assert told.by == "j.audit"
    shown = words(at_the_desk(desk, Role.SUPERVISOR).get("/").text)
    assert "Journal exporté du 1er décembre 2026 au 1er décembre 2026, par j.audit" in shown


def test_a_period_that_is_none_is_refused(auditor: CheckedClient) -> None:
    for first, last in (("2026-12-02", "2026-12-01"), ("2025-01-01", "2026-12-01"), ("", "x")):
        fields = {"first_day": first, "last_day": last}
        assert auditor.submit(f"{PAGE}/export", fields, page=PAGE).status_code == 422


def test_the_signs_of_misuse_stand_on_the_journal_s_page(
    desk: Flask, auditor: CheckedClient, petit: Work
) -> None:
    assert "Personne n’a ouvert de dossier" in words(auditor.get(PAGE).text)
    on_the_roll(petit)
    looked(petit, ODILE.number)
    assert "a.petit 1 1 0" in words(auditor.get(PAGE).text)


def test_no_page_of_the_journal_or_the_operators_asks_more_than_ten_statements(
    desk: Flask, petit: Work
) -> None:
    on_the_roll(petit)
    looked(petit, ODILE.number)
    for name in ("b.neuf", "c.roux", "d.noel"):
        operator(petit, name)
    petit.settle()
    browser = at_the_desk(desk, Role.SUPERVISOR)
    asked = browser.submit(f"{PAGE}/adherent", {"number": ODILE.number}, page=PAGE)
    engine, _ = desk.extensions["portal"]
    for page in (
        PAGE,
        asked.headers["Location"],
        "/operateurs",
        f"/operateurs/{petit.operator_id}",
    ):
        said: list[str] = []

        def note(*told: object, said: list[str] = said) -> None:
            said.append(str(told[2]))

        event.listen(engine, "before_cursor_execute", note)
        try:
            assert browser.get(page).status_code == 200
        finally:
            event.remove(engine, "before_cursor_execute", note)
        assert 0 < len(said) <= 10, (page, said)
