"""`flask letters make` and `print`: a batch whole in the database, its files all there or none."""

import hashlib
import json
import stat

import pyrage
import pytest
from sqlalchemy.exc import OperationalError

from tests.letters_desk import ROLL, LettersDesk, names
from webapp.cli.signals import ToldToEnd
from webapp.rules import credentials
from webapp.services.letters.sheets import PressFault
from webapp.services.roll.entries import entry_of_letter


@pytest.fixture
def desk(app, engine, tmp_path):
    desk = LettersDesk(app, tmp_path, engine)
    desk.load()
    return desk


@pytest.fixture
def out(tmp_path):
    return tmp_path / "courriers"


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def codes(desk, out, lot=1):
    return [row["code_acces"] for row in desk.rows(out / f"lot-{lot}.csv")]


def test_the_files_are_the_owner_s_alone_and_the_manifest_tells_them(desk, out):
    told = desk.done("make", "--out", out)
    assert names(out) == ["lot-1-001.pdf", "lot-1.csv", "lot-1.json"]
    assert [stat.S_IMODE(each.stat().st_mode) for each in (out, *out.iterdir())] == [0o700] + [
        0o600
    ] * 3
    manifest = json.loads((out / "lot-1.json").read_text())
    assert list(manifest) == ["lot", "made_at", "letters", "skipped", "files"]
    assert (manifest["lot"], manifest["letters"]) == (1, 2)
    assert manifest["skipped"] == {"parti": 1, "sans_adresse": 1}
    assert manifest["files"] == [
        {"name": name, "sha256": digest(out / name), "letters": 2}
        for name in ("lot-1-001.pdf", "lot-1.csv")
    ]
    assert "2 courriers dans 1 fichier PDF" in told
    assert "Sans courrier : partis (1), sans adresse postale (1)." in told
    assert "flask letters posted 1" in told


def test_every_code_of_the_table_opens_and_is_the_one_printed(desk, out, work):
    desk.done("make", "--out", out)
    printed = (out / "lot-1-001.pdf").read_text()
    for row in desk.rows(out / "lot-1.csv"):
        assert row["code_acces"] in printed
        code = credentials.access_code(row["code_acces"])
        assert entry_of_letter(work, row["numero_adherent"], code).number == row["numero_adherent"]
        work.settle()


def test_who_has_no_address_gets_a_letter_where_that_is_asked_for(desk, out):
    desk.done("make", "--allow-no-address", "--out", out)
    assert len(desk.rows(out / "lot-1.csv")) == 3


def test_with_nobody_to_write_to_there_is_no_batch_no_file_and_no_fault(desk, out):
    desk.done("make", "--out", out)
    told = desk.done("make", "--out", out.with_name("autre"))
    assert told.startswith("Aucun courrier à faire")
    assert not out.with_name("autre").exists() and desk.batches == 1


def test_a_limit_leaves_the_others_for_the_next_batch_and_counts_none_of_them(desk, out):
    told = desk.done("make", "--limit", 1, "--out", out)
    assert "Sans courrier" not in told
    assert "partis (1)" in desk.done("make", "--limit", 5, "--out", out)
    numbers = [
        row["numero_adherent"] for lot in (1, 2) for row in desk.rows(out / f"lot-{lot}.csv")
    ]
    assert numbers == ["0000001", "0000002"]


def test_who_does_not_fit_on_the_letter_is_listed_and_waits(desk, out):
    desk.load(ROLL.replace("M RENE MARTIN", "M RENE MARTIN " + "CHEZ SON AMI " * 3))
    told = desk.done("make", "--out", out)
    assert "0000002 : une ligne de l’adresse est trop longue" in told
    assert "« lot-1-non-imprimes.csv »" in told
    assert desk.rows(out / "lot-1-non-imprimes.csv") == [
        {"numero_adherent": "0000002", "raison": "une ligne de l’adresse est trop longue"}
    ]
    told = desk.done("make", "--out", out)
    assert told.startswith("Aucun courrier à faire") and "0000002" in told
    desk.load()
    desk.done("make", "--out", out)
    assert [row["numero_adherent"] for row in desk.rows(out / "lot-2.csv")] == ["0000002"]


def test_printed_again_the_files_are_the_same_to_the_byte(desk, out):
    desk.done("make", "--out", out)
    again = out.with_name("encore")
    assert "à l’octet près" in desk.done("print", 1, "--out", again)
    for name in names(out):
        assert (out / name).read_bytes() == (again / name).read_bytes()


def test_some_letters_of_a_batch_have_file_names_of_their_own(desk, out):
    desk.done("make", "--out", out)
    desk.done("print", 1, "--from", 2, "--to", 9, "--out", out)
    own = [f"lot-1-0002-0002.{kind}" for kind in ("csv", "json", "pdf")]
    assert names(out) == sorted([*own, "lot-1-001.pdf", "lot-1.csv", "lot-1.json"])
    (row,) = desk.rows(out / own[0])
    assert (row["sequence"], row["numero_adherent"]) == ("2", "0000002")
    assert row["code_acces"] == codes(desk, out)[1]
    assert json.loads((out / own[1]).read_text())["letters"] == 1


@pytest.mark.parametrize("bounds", [["--from", 3], ["--from", 2, "--to", 1]])
def test_a_range_without_a_letter_is_one_sentence(desk, out, bounds):
    desk.done("make", "--out", out)
    assert "vont de 1 à 2" in desk.refused("print", 1, *bounds, "--out", out)


def test_another_layout_is_said_and_the_codes_are_the_same(desk, out):
    desk.done("make", "--out", out)
    desk.press.recipe = "b" * 64
    told = desk.done("print", 1, "--out", out.with_name("encore"))
    assert "la mise en page" in told and "Les codes sont les mêmes" in told
    assert codes(desk, out) == codes(desk, out.with_name("encore"))


def test_no_file_is_written_over(desk, out):
    desk.done("make", "--out", out)
    before = (out / "lot-1.csv").read_bytes()
    assert "existe déjà" in desk.refused("print", 1, "--out", out)
    (out / "lot-1-001.pdf").unlink()
    assert "« " + str(out / "lot-1.csv") in desk.refused("print", 1, "--out", out)
    assert (out / "lot-1.csv").read_bytes() == before and len(names(out)) == 2


def test_where_a_file_of_the_next_batch_is_in_the_way_no_batch_is_made(desk, out):
    out.mkdir()
    (out / "lot-1.json").write_text("{}")
    assert "Rien n’a été changé" in desk.refused("make", "--out", out)
    assert desk.batches == 0 and names(out) == ["lot-1.json"]


@pytest.mark.parametrize("kind", ["file", "nowhere"])
def test_a_folder_that_can_t_be_is_told_before_anything_is_done(desk, out, kind):
    if kind == "file":
        out.write_text("")
    place = out if kind == "file" else out / "loin" / "ailleurs"
    why = "(ce nom est déjà pris)" if kind == "file" else "(ce fichier ou son dossier n’existe pas)"
    told = desk.refused("make", "--out", place)
    assert why in told and "Rien n’a été changé" in told
    assert desk.batches == 0 and not out.is_dir()


def test_a_press_that_prints_nothing_is_told_before_anything_is_done(desk, out):
    desk.press.jams_at = "Odile Exemple"  # the invented letter's
    assert desk.refused("make", "--out", out).startswith("Le modèle du courrier")
    assert desk.batches == 0 and not out.exists()


@pytest.mark.parametrize(
    ("fault", "why", "code"),
    [
        (PressFault("Le modèle du courrier est illisible."), "Le modèle du courrier", 1),
        (OSError(28, "No space left on device"), "le disque est plein", 1),
        (OperationalError("SELECT", None, Exception("gone")), "la base de données", 1),
        (KeyboardInterrupt(), "interrompue", 130), (ToldToEnd(15), "interrompue", 143),
    ],
)  # fmt: skip
def test_files_that_fail_leave_a_batch_that_can_be_printed(desk, out, fault, why, code):
    desk.press.jams_at, desk.press.jams_with = "Martin", fault
    told = desk.refused("make", "--out", out, code=code)
    assert why in told
    assert told.startswith("Le lot 1 est fait (2 courriers), ses fichiers ne sont pas écrits : ")
    assert "flask letters print 1 --out" in told
    assert not out.exists() and desk.batches == 1
    desk.press.jams_at = None
    hint = "Si aucune autre commande ne les écrit : flask letters print 1 --out"
    assert hint in desk.done("make", "--out", out)
    assert "Fichiers : jamais écrits" in " ".join(desk.done("list").split())
    desk.done("print", 1, "--out", out)
    assert hint not in desk.done("make", "--out", out)
    assert len(codes(desk, out)) == 2
    assert "à l’octet près" in desk.done("print", 1, "--out", out.with_name("encore"))


@pytest.mark.parametrize("key", ["age1xx", "ssh-rsa AAAA", "", "ecdsa-sha2-nistp256 AAAA"])
def test_a_recipient_that_is_none_is_told_before_anything_is_done(desk, out, key):
    told = desk.refused("make", "--encrypt-to", key, "--out", out, code=2)
    assert "clé publique d’age" in told
    assert desk.batches == 0 and not out.exists()


def test_a_secret_key_given_by_mistake_is_not_shown(desk, out):
    key = str(pyrage.x25519.Identity.generate())
    told = desk.refused("make", "--encrypt-to", key, "--out", out, code=2)
    assert "clé secrète" in told and key[15:25] not in told
    assert desk.batches == 0 and not out.exists()


def test_encrypted_files_open_with_the_recipient_s_key_alone(desk, out):
    key = pyrage.x25519.Identity.generate()
    desk.done("make", "--encrypt-to", key.to_public(), "--out", out)
    plain = out.with_name("clair")
    desk.done("print", 1, "--out", plain)
    assert names(out) == [f"{name}.age" for name in names(plain)]
    for name in ("lot-1-001.pdf", "lot-1.csv"):
        box = (out / f"{name}.age").read_bytes()
        assert pyrage.decrypt(box, [key]) == (plain / name).read_bytes()
        assert b"0000001" not in box
    told = json.loads(pyrage.decrypt((out / "lot-1.json.age").read_bytes(), [key]))
    for file in told["files"]:
        assert file["sha256"] == digest(out / file["name"])
        assert file["sha256_clear"] == digest(plain / file["name"].removesuffix(".age"))
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt((out / "lot-1.csv.age").read_bytes(), [pyrage.x25519.Identity.generate()])


def test_members_named_by_a_file_get_a_letter_whatever_they_have(desk, out, tmp_path):
    desk.done("make", "--out", out)
    (tmp_path / "numeros.txt").write_text("0000002\n\n0000001\n0000002\n")
    desk.done("make", "--numbers", tmp_path / "numeros.txt", "--out", out)
    numbers = [row["numero_adherent"] for row in desk.rows(out / "lot-2.csv")]
    assert numbers == ["0000002", "0000001"]
    assert codes(desk, out, 2)[::-1] != codes(desk, out)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("2\n", "n’est pas écrit ainsi"), ("0000001\n99\n", "Aucun adhérent"),
        ("?!\n", "n’est pas un numéro d’adhérent"), ("", "n’a aucun numéro"),
        ("nom;prenom\nMartin;René\n", "numero_adherent"),
    ],
)  # fmt: skip
def test_numbers_that_are_nobody_s_stop_the_batch(desk, out, tmp_path, content, words):
    (tmp_path / "numeros.txt").write_text(content)
    assert words in desk.refused("make", "--numbers", tmp_path / "numeros.txt", "--out", out)
    assert desk.batches == 0 and not out.exists()


@pytest.mark.parametrize(
    "options",
    [
        ["--numbers", "n.txt", "--new"], ["--test", "--new"], ["--test", "--limit", 1],
        ["--limit", "0"], ["--limit", "beaucoup"], ["--unused-since", "-3"],
        ["--unused-since", "1e3"], ["--unused-since", "999999"],
    ],
)  # fmt: skip
def test_options_that_mean_nothing_are_told_in_a_line(desk, out, options):
    desk.refused("make", *options, "--out", out, code=2)
    assert desk.batches == 0 and not out.exists()


@pytest.mark.parametrize(
    ("command", "option"),
    [
        (["make", "--out", ""], "--out"), (["print", "1", "--out", " "], "--out"),
        (["make", "--numbers", "", "--out", "lots"], "--numbers"),
        (["list", "--csv", ""], "--csv"), (["returned", "--file", ""], "--file"),
    ],
)  # fmt: skip
def test_a_path_that_is_empty_is_told_and_is_not_the_folder_at_hand(
    desk, tmp_path, monkeypatch, command, option
):
    monkeypatch.chdir(tmp_path)
    assert f"{option} est vide" in desk.refused(*command, code=2)
    assert desk.batches == 0


@pytest.mark.parametrize("lot", ["x", "-1", "1" * 30, "²"])
def test_a_batch_has_a_number(desk, out, lot):
    assert "n’est pas le numéro d’un lot" in desk.refused("print", "--out", out, "--", lot, code=2)


def test_a_batch_that_is_none_is_one_sentence(desk, out):
    assert "Il n’y a pas de lot 7" in desk.refused("print", 7, "--out", out)
    assert not out.exists()


def test_the_mutual_s_own_press_prints_the_same_bytes_again(desk, out):
    with desk.own_press():
        desk.done("make", "--out", out)
        assert "à l’octet près" in desk.done("print", 1, "--out", out.with_name("encore"))
    assert (out / "lot-1-001.pdf").read_bytes().startswith(b"%PDF-")


def test_a_batch_made_for_a_table_is_printed_without_whose_letter_would_be_cut(desk, out):
    lines = ";".join("ABCDEF")
    head = ";".join(f"adresse_{at}" for at in range(1, 7))
    table = desk.folder / "neufs.csv"
    table.write_text(f"numero_adherent;nom;{head}\n0000031;Exemple;{lines}\n")
    letters = desk.folder / "lettres.csv"
    assert desk.run("import", table, "--letters", letters, group="members").exit_code == 0
    with desk.own_press():
        told = desk.done("print", 1, "--out", out)
    assert "0000031 : 7 lignes d’adresse avec le nom" in told
    assert names(out) == ["lot-1-001.pdf", "lot-1-non-imprimes.csv", "lot-1.csv", "lot-1.json"]
    rows = desk.rows(out / "lot-1.csv")
    assert [each["numero_adherent"] for each in rows] == ["0000001", "0000002", "0000004"]


def test_a_template_that_can_t_be_printed_changes_nothing_and_says_so(desk, out):
    desk.press.jams_at = "Exemple"
    desk.press.jams_with = PressFault("Le modèle du courrier est illisible.")
    told = desk.refused("make", "--out", out)
    assert "illisible. Rien n’a été changé. Corrigez cela, puis relancez la commande." in told
    assert desk.batches == 0 and not out.exists()
