"""The press prints letters that are read, found again and printed again to the byte."""

import json
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdf
import pytest

from tests.paper import CODE, MADE_AT, ODILE, our_press, printed, sheet, texts
from webapp.rules.procedure import REGISTRATION, SIGN_IN
from webapp.rules.typography import french
from webapp.services.letters.sheets import Addressee

PDFUA = (sys.executable, "-m", "pdfua")


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return printed(sheet(), sheet(sequence=35))


def test_the_same_letters_are_the_same_bytes(pdf: bytes):
    assert printed(sheet(), sheet(sequence=35)) == pdf


def test_another_moment_makes_other_bytes(pdf: bytes):
    later = MADE_AT.replace(year=2027)
    (other,) = our_press().files([[sheet(), sheet(sequence=35)]], made_at=later)
    assert other != pdf


def test_files_come_in_their_order_however_many_parts_they_have():
    people = [sheet(sequence=at) for at in range(1, 104)]
    whole, rest = our_press().files([people, [sheet(sequence=104)]], made_at=MADE_AT)
    told = texts(whole)
    assert len(told) == 2 * 103
    for at, page in enumerate(told):
        assert f"Lot 12 – courrier {at // 2 + 1} sur 500" in page
    assert "courrier 104 sur 500" in texts(rest)[0]


def test_no_file_no_print():
    assert list(our_press().files([], made_at=MADE_AT)) == []


@pytest.mark.parametrize("number", ["00100234", "AB-12.345/6", "9", "1" * 32])
def test_number_and_code_are_read_back_as_printed(number: str):
    to = Addressee(number, "", "Exemple", "Odile", ODILE.address)
    letter = printed(sheet(to))
    for page in (texts(letter)[0], pypdf.PdfReader(BytesIO(letter)).pages[0].extract_text()):
        lines = [line.strip() for line in page.split("\n")]
        assert number in lines
        assert CODE in lines


def test_a_letter_says_what_to_do_until_when_and_whom_to_call(pdf: bytes):
    front = texts(pdf)[0].replace("\n", " ").replace("\u00a0", " ")
    for said in (
        "Ouvrez votre espace adhérents SMIE",
        "Bonjour Mme Odile Exemple,",
        "Code bon jusqu’au 27 février 2027.",
        "1. Sur Internet, ouvrez espace.example.org",
        "2. Saisissez le numéro, le code",
        "3. Ouvrez le message reçu",
        "01 99 00 12 34",
        "du lundi au vendredi",
        "Lot 12 – courrier 34 sur 500",
    ):
        assert said in front


def test_the_back_has_the_paper_s_own_steps_under_their_numbers(pdf: bytes):
    back = " ".join(texts(pdf)[1].split())
    for step in (*REGISTRATION, *SIGN_IN):
        told = f"{step.number}. {french(step.title)} {french(step.do)}"
        assert " ".join(told.split()) in back


def test_a_trial_says_that_it_opens_nothing():
    front = " ".join(texts(printed(sheet(trial=True)))[0].split())
    assert "Courrier d’essai : il vérifie" in front
    assert "Son code n’ouvre rien." in front
    assert "Courrier d’essai" not in texts(printed(sheet()))[0]


def test_a_file_is_tagged_and_says_its_language_and_title(pdf: bytes):
    with pikepdf.open(BytesIO(pdf)) as document:
        root = document.Root
        assert root.Lang == "fr-FR"
        assert root.MarkInfo.Marked
        assert root.ViewerPreferences.DisplayDocTitle
        assert document.docinfo["/Title"] == "Courriers de SMIE Mutuelle, lot 12"
        with document.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
        assert document.check_pdf_syntax() == []


def test_each_letter_is_a_part_with_one_h1_lists_and_described_pictures(pdf: bytes):
    with pikepdf.open(BytesIO(pdf)) as document:
        (body,) = document.Root.StructTreeRoot.K
        assert len(body.K) == 2
        for letter in body.K:
            assert letter.S == "/Part"
            tags = list(_tags(letter))
            kinds = [str(each.S) for each in tags]
            assert kinds.count("/H1") == 1
            assert [each for each in kinds if each[:2] == "/H"][:3] == ["/H1", "/H2", "/H2"]
            assert kinds.count("/L") == 3
            assert kinds.count("/LI") == 3 + len([*REGISTRATION, *SIGN_IN])
            figures = [str(each.Alt) for each in tags if each.S == "/Figure"]
            assert figures[0].startswith("Code QR")
            assert [each[:17] for each in figures[1:]] == ["Écran de l’étape "] * 5


def _tags(tag: pikepdf.Object):
    yield tag
    kids = tag.get("/K", [])
    for each in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(each, pikepdf.Dictionary):
            assert each.P.objgen == tag.objgen
            yield from _tags(each)


def test_every_piece_of_content_has_its_tag_on_its_own_page(pdf: bytes):
    with pikepdf.open(BytesIO(pdf)) as document:
        numbers = pikepdf.NumberTree(document.Root.StructTreeRoot.ParentTree)
        assert len(numbers) == len(document.pages) == 4
        for page in document.pages:
            for tag in numbers[page.obj.StructParents]:
                assert tag.Pg.objgen == page.obj.objgen


def test_a_checker_that_others_wrote_finds_nothing(pdf: bytes, tmp_path: Path):
    """pdfua looks at 16 of PDF/UA-1's 106 rules: not at contrast, nor at whether order and words
    make sense; its rule on headings fails by itself (0.1.3 with pikepdf 10). typst refuses skipped
    headings, pictures without words for them, and more."""
    file = tmp_path / "courriers.pdf"
    file.write_bytes(pdf)
    command = [*PDFUA, "check", "--format", "json", file]
    done = subprocess.run(command, capture_output=True, check=False)
    told = json.loads(done.stdout)
    assert told["findings"] == []
    assert {each["rule_id"] for each in told["skipped"]} <= {"UA-14-001"}
    assert told["summary"]["rules_run"] >= 11


def test_fonts_are_embedded_and_kept_once_a_file():
    people = [sheet(sequence=at) for at in range(1, 151)]
    with pikepdf.open(BytesIO(printed(*people))) as document:
        fonts = [each for each in document.objects if _is(each, "/FontDescriptor")]
        assert len(fonts) == 4
        assert all("/FontFile2" in each for each in fonts)
        pictures = [each for each in document.objects if _is(each, "/XObject", "/Image")]
        screens = [each for each in pictures if each.Width > 200]  # marks are a pixel a module
        assert len(screens) == 5


def _is(thing: pikepdf.Object, kind: str, subtype: str = "") -> bool:
    return (
        isinstance(thing, pikepdf.Dictionary | pikepdf.Stream)
        and thing.get("/Type") == kind
        and (not subtype or thing.get("/Subtype") == subtype)
    )


def test_a_letter_weighs_12_kilobytes_at_most():
    people = [sheet(sequence=at) for at in range(1, 501)]
    assert len(printed(*people)) <= 500 * 12_000


def test_the_recipe_is_the_same_until_something_of_it_changes():
    assert our_press().recipe == our_press().recipe
    assert len(our_press().recipe) == 64
