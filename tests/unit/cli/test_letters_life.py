"""`flask letters posted`, `returned`, `list`: what becomes of letters once they left."""

import stat

import pytest
from sqlalchemy import delete, select

from player.members import Letter as Paper
from player.members import with_account
from tests.journeys import journalled
from tests.letters_desk import ROLL, LettersDesk, names
from tests.visitors import about_me
from webapp.models import Letter, RollEntry
from webapp.rules import credentials
from webapp.rules.refusals import Refusal
from webapp.services.roll.entries import entry_of_letter


@pytest.fixture
def desk(app, engine, tmp_path):
    desk = LettersDesk(app, tmp_path, engine)
    desk.load()
    return desk


@pytest.fixture
def made(desk, tmp_path):
    """The codes of lot 1 by number."""
    desk.done("make", "--out", tmp_path / "lots")
    rows = desk.rows(tmp_path / "lots" / "lot-1.csv")
    return {row["numero_adherent"]: row["code_acces"] for row in rows}


def opens(work, number, code):
    try:
        found = entry_of_letter(work, number, credentials.access_code(code))
    except Refusal:
        return False
    finally:
        work.settle()
    return found.number == number


def sealed(desk):
    with desk.engine.connect() as connection:
        return [each for each in connection.scalars(select(Letter.sealed)) if each is not None]


def test_posting_names_the_batch_and_asks(desk, made):
    result = desk.run("posted", 1, typed="oui\n")
    asked = result.stderr.replace("\u00a0", " ")
    assert "Lot 1" in asked and "2" in asked
    assert "Le lot 1 est parti le 1er décembre 2026 ? Il ne pourra plus être réimprimé." in asked
    assert result.exit_code == 0 and sealed(desk) == []
    assert "bons jusqu’au 16 mars 2027" in result.stdout.replace("\u00a0", " ")


@pytest.mark.parametrize("typed", ["non\n", "\n", None])
def test_unless_somebody_agrees_nothing_is_destroyed(desk, made, typed):
    result = desk.run("posted", 1, typed=typed)
    assert result.exit_code == (2 if typed is None else 1)
    assert len(sealed(desk)) == 2


def test_a_posted_batch_opens_and_is_printed_no_more(desk, made, work, tmp_path):
    desk.done("posted", 1, "--yes")
    assert all(opens(work, number, code) for number, code in made.items())
    assert "est posté" in desk.refused("print", 1, "--out", tmp_path / "encore")
    assert "est posté" in desk.refused("posted", 1, "--yes")
    assert journalled(work, "letters.posted")[0]["on"] == "2026-12-01"


def test_the_day_of_posting_decides_where_it_is_later_than_the_printed_promise(desk, made, clock):
    clock.advance(days=40)
    told = desk.done("posted", 1, "--on", "2027-01-09", "--yes")
    assert "posté le 9 janvier 2027" in told and "jusqu’au 9 avril 2027" in told


@pytest.mark.parametrize(
    ("on", "words", "code"),
    [
        ("2026-12-02", "n’est pas encore venu", 1), ("2026-11-30", "a été fait le", 1),
        ("01/12/2026", "AAAA-MM-JJ", 2), ("demain", "AAAA-MM-JJ", 2),
    ],
)  # fmt: skip
def test_a_day_that_can_t_be_changes_nothing(desk, made, on, words, code):
    assert words in desk.refused("posted", 1, "--on", on, "--yes", code=code)
    assert len(sealed(desk)) == 2


def test_a_batch_whose_files_were_never_written_is_said_before_its_codes_are_destroyed(
    desk, tmp_path
):
    desk.press.jams_at = "Martin"
    desk.refused("make", "--out", tmp_path / "lots")
    told = desk.run("posted", 1, typed="non\n").stderr.replace("\u00a0", " ")
    assert "jamais écrits" in told and len(sealed(desk)) == 2


def test_a_returned_letter_is_named_asked_about_and_opens_nothing(desk, made, work):
    desk.done("posted", 1, "--yes")
    result = desk.run("returned", "0000001", typed="o\n")
    assert "0000001\u00a0: Mme\u00a0Odile Lefèvre" in result.stderr
    assert result.exit_code == 0
    assert not opens(work, "0000001", made["0000001"])
    assert opens(work, "0000002", made["0000002"])


def test_no_other_is_made_until_the_address_changes(desk, made, tmp_path):
    desk.done("returned", "0000001", "--yes")
    (tmp_path / "n.txt").write_text("0000001")
    for options in ([], ["--numbers", tmp_path / "n.txt"]):
        told = desk.done("make", *options, "--out", tmp_path / "lots")
        assert "dernier courrier revenu, adresse inchangée depuis (1)" in told
    desk.load(ROLL.replace("MME ODILE LEFEVRE", "CHEZ SA FILLE"))
    desk.done("make", "--out", tmp_path / "lots")
    (row,) = desk.rows(tmp_path / "lots" / "lot-2.csv")
    assert row["adresse_1"] == "CHEZ SA FILLE"


@pytest.mark.parametrize(
    "content",
    ["0000001\n\n0000002\n", "numero_adherent\n0000001\n0000002\n",
     "Date;N° adhérent;Motif\n01/12/2026;0000001;NPAI\n01/12/2026;0000002;NPAI\n"],
)  # fmt: skip
def test_returned_letters_come_in_a_list_or_in_a_table(desk, made, work, tmp_path, content):
    file = tmp_path / "retours.csv"
    file.write_text(content, encoding="utf-8")
    assert "Courriers revenus : 2." in desk.done("returned", "--file", file, "--yes")
    assert not any(opens(work, number, code) for number, code in made.items())


def test_a_number_that_lost_its_zeros_is_shown_and_asked(desk, made, work, tmp_path):
    file = tmp_path / "retours.txt"
    file.write_text("1\n0000002\n")
    assert "n’est pas écrit ainsi" in desk.refused("returned", "--file", file, "--yes")
    result = desk.run("returned", "--file", file, typed="oui\n")
    assert "vous avez donné «\u00a01\u00a0»" in result.stderr.splitlines()[0]
    assert result.exit_code == 0 and not opens(work, "0000001", made["0000001"])


@pytest.mark.parametrize(
    ("numbers", "code"), [(["0000001", "0000009"], 1), (["8", "9"], 1), (["?!"], 1), ([], 2)]
)
def test_numbers_that_are_nobody_s_change_nothing(desk, made, work, numbers, code):
    desk.refused("returned", *numbers, "--yes", code=code)
    assert all(opens(work, number, code) for number, code in made.items())


def test_who_was_never_written_to_is_named_and_not_noted(desk, made, tmp_path):
    desk.load(ROLL.replace("0000001", "0000031").replace("0000002", "0000032"))
    result = desk.run("returned", "0000001", "0000031", "--yes")
    assert "Jamais eu de courrier, rien n’est noté\u00a0: 0000031." in result.stderr
    assert result.exit_code == 0 and "Courriers revenus\u00a0: 1." in result.stdout


def test_letters_that_open_nothing_any_more_are_counted_when_printed_and_when_posted(
    desk, made, tmp_path
):
    (tmp_path / "n.txt").write_text("0000001")
    desk.done("make", "--numbers", tmp_path / "n.txt", "--out", tmp_path / "lots")
    dead = "Courriers du lot 1 qui ne valent plus rien"
    for command in (["print", 1, "--out", tmp_path / "encore"], ["posted", 1, "--yes"]):
        told = desk.run(*command).stderr.replace("\u00a0", " ")
        assert dead in told and "fichier) : 1 sur 2." in told
    assert "ne valent plus rien" not in desk.run("posted", 2, "--yes").stderr


def test_a_batch_whose_members_left_the_roll_prints_nothing_and_says_so(desk, made, tmp_path):
    assert desk.run("undo", 1, "--yes", group="members").exit_code == 0
    told = desk.refused("print", 1, "--out", tmp_path / "encore")
    assert "courriers 1 à 2 du lot 1 ont été retirés" in told and not (tmp_path / "encore").exists()
    assert "– d’adhérents retirés du fichier : 2" in " ".join(desk.done("list").split())


def test_a_range_whose_members_left_the_roll_is_one_sentence_and_the_others_are_printed(
    desk, made, work, tmp_path
):
    work.db.execute(delete(RollEntry).where(RollEntry.number == "0000001"))
    work.settle()
    told = desk.refused("print", 1, "--to", 1, "--out", tmp_path / "encore")
    assert "courriers 1 à 1 du lot 1 ont été retirés" in told and not (tmp_path / "encore").exists()
    desk.done("print", 1, "--from", 2, "--out", tmp_path / "encore")


def test_a_space_that_the_letter_opened_stays_open_and_is_said(desk, made, work):
    paper = Paper("0099999", "4F7K9QXM2T6B", "odile@example.org")
    with_account(work, paper)
    work.settle()
    assert "0099999 ont déjà ouvert leur espace" in desk.done("returned", "0099999", "--yes")


def test_the_list_counts_each_state_in_words(desk, made, tmp_path):
    desk.done("posted", 1, "--yes")
    desk.done("returned", "0000001", "--yes")
    told = desk.done("list")
    assert "Lot 1\n" in told and "Tous les lots (1)" in told
    lines = {line.split(":")[0].strip(): line.split(":")[1].strip() for line in told.splitlines()
             if ":" in line}  # fmt: skip
    assert (lines["Courriers"], lines["– postés"], lines["– revenus (NPAI)"]) == ("2", "1", "1")
    assert "– périmés" not in told
    assert "– périmés sans avoir servi : 0" in " ".join(desk.done("list", "--state", "expired")
                                                        .split())  # fmt: skip


def test_the_list_of_members_is_a_table_without_a_code(desk, made, tmp_path):
    desk.done("returned", "0000001", "--yes")
    file = tmp_path / "liste.csv"
    assert "2 courriers dans" in desk.done("list", "--csv", file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    rows = desk.rows(file)
    assert [(row["lot"], row["sequence"], row["numero_adherent"], row["etat"]) for row in rows] == [
        ("1", "1", "0000001", "revenu"), ("1", "2", "0000002", "fait")
    ]  # fmt: skip
    assert not any(code in file.read_text("utf-8-sig") for code in made.values())
    assert "existe déjà" in desk.refused("list", "--csv", file)
    only = tmp_path / "revenus.csv"
    desk.done("list", "--lot", 1, "--state", "returned", "--csv", only)
    assert [row["numero_adherent"] for row in desk.rows(only)] == ["0000001"]


@pytest.mark.parametrize(
    ("options", "code"), [(["--lot", 9], 1), (["--lot", "x"], 2), (["--state", "perdu"], 2)]
)
def test_a_list_of_what_is_not_there_is_one_sentence(desk, options, code):
    desk.refused("list", *options, code=code)


def test_without_a_batch_the_list_says_how_to_make_one(desk):
    assert "flask letters make --out DOSSIER" in desk.done("list")


def test_the_trial_letter_goes_to_the_mutual_and_is_no_member_s(desk, work, tmp_path):
    told = desk.done("make", "--test", "--out", tmp_path / "essai")
    assert names(tmp_path / "essai") == ["lot-1-001.pdf", "lot-1.csv", "lot-1.json"]
    (row,) = desk.rows(tmp_path / "essai" / "lot-1.csv")
    assert (row["numero_adherent"], row["code_acces"]) == ("ESSAI", "2026-12-01")
    assert row["adresse_1"] == "SMIE MUTUELLE" and "posted" not in told
    assert not opens(work, row["numero_adherent"], row["code_acces"])
    assert "Dernier courrier d’essai : lot 1" in desk.done("list")
    assert "à l’octet près" in desk.done("print", 1, "--out", tmp_path / "encore")


@pytest.mark.parametrize("number", ["ESSAI", "essai"])
def test_the_trial_letter_is_a_wrong_one_at_the_door(desk, tmp_path, client, number):
    desk.done("make", "--test", "--out", tmp_path / "essai")
    fields = about_me(Paper(number, "2026-12-01", "curieux@example.org"))
    answer = client.submit("/inscription", fields)
    assert answer.status_code == 422 and "ne vont pas ensemble" in answer.text


def test_a_mutual_without_an_address_is_told_where_to_write_it(desk, tmp_path):
    former = desk.app.extensions["portal_own_address"]
    desk.app.extensions["portal_own_address"] = ("SMIE Mutuelle", ())
    try:
        told = desk.refused("make", "--test", "--out", tmp_path / "essai", code=2)
    finally:
        desk.app.extensions["portal_own_address"] = former
    assert "brand.toml" in told and desk.batches == 0
