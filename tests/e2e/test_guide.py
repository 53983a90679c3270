"""The guide is whole, its call-outs stand on the real things, and it repeats itself.

Here it is printed for a phone, and the paper's own steps for a computer; `make guide` plays all.
"""

import html5lib
import pikepdf
import pytest

from guide import book, letter_step
from guide.play import UNPRINTED, chapters, pictured
from webapp.rules.procedure import PROCEDURES, REGISTRATION, SIGN_IN


@pytest.fixture(scope="module")
def guide(browser):
    """Played once. A mark that is not on its screen stops it."""
    return chapters(browser, ["telephone"])


@pytest.fixture(scope="module")
def on_a_computer(browser):
    """The paper's steps."""
    played = [pictured(each, list(each), browser, "ordinateur") for each in (REGISTRATION, SIGN_IN)]
    return {**played[0], **played[1]}


def stands(step, figures):
    """Every call-out of the step is on one of its pictures, whole and in its turn."""
    spots = [(figure, spot) for figure in figures for spot in figure.spots]
    assert [spot.mark for _, spot in spots] == list(step.call_outs)
    for figure, spot in spots:
        assert 0 <= spot.left < spot.left + spot.width <= figure.width, spot
        assert 0 <= spot.top < spot.top + spot.height <= figure.height, spot


def test_every_step_of_every_printed_procedure_has_its_picture(guide):
    shown = {step.key: figures for chapter in guide for step, figures in chapter.steps}
    printed = [each for each in PROCEDURES if each.key not in UNPRINTED]
    assert set(shown) == {step.key for procedure in printed for step in procedure}
    assert all(shown.values())


def test_the_letter_comes_first_with_its_number_and_code_where_they_are_printed(guide, tmp_path):
    book.write(guide, tmp_path)
    page = html5lib.parse((tmp_path / "procedure.html").read_text(), namespaceHTMLElements=False)
    first = next(each for each in page.iter("section") if each.get("class") == "step")
    assert first.find("h3").get("id") == "letter"
    assert (tmp_path / "pictures" / "letter-courrier.png").is_file()
    stands(letter_step.STEP, [letter_step.figure(book.MUTUAL)])


def test_every_call_out_stands_on_its_picture(guide, on_a_computer):
    for chapter in guide:
        for step, figures in chapter.steps:
            stands(step, figures)
    for step in (*REGISTRATION, *SIGN_IN):
        stands(step, on_a_computer[step.key])


def test_a_chapter_says_which_steps_of_others_come_before_and_after_its_own(guide):
    around = {each.procedure.key: (each.before, each.then) for each in guide}
    assert around["activation"] == (
        "D’abord, suivez les étapes 1 à 7 de « Créer mon espace ».",
        "Continuez avec l’étape 9 de « Créer mon espace ».",
    )
    before, _ = around["change_address"]
    assert "connectez-vous" in before and "l’étape 1 de « Changer mon mot de passe »" in before
    assert around["registration"] == around["sign_in"][1:] * 2 == ("", "")


def test_two_runs_give_the_same_bytes(guide, browser):
    steps = list(REGISTRATION)
    again = pictured(REGISTRATION, steps, browser, "telephone")
    first = {step.key: figures for step, figures in guide[0].steps}
    for key, figures in again.items():
        assert [each.png for each in figures] == [each.png for each in first[key]], key


def test_the_book_is_tagged_french_and_light(guide, browser, tmp_path):
    book.write(guide, tmp_path)
    pdf = book.publish(browser, tmp_path).read_bytes()
    assert b"/MarkInfo <</Marked true>>" in pdf.replace(b"\n", b" ") or b"/StructTreeRoot" in pdf
    assert b"/Lang (fr)" in pdf
    assert len(pdf) < 2_000_000
    page = browser.new_page()
    page.goto((tmp_path / "publish" / "procedure.html").as_uri())
    assert page.locator("html").get_attribute("lang") == "fr"
    assert page.locator("h1").count() == 1
    pictures = page.locator("img").all()
    assert pictures and all(each.get_attribute("alt") for each in pictures)
    assert page.evaluate("[...document.images].every((each) => each.naturalWidth)")
    number = page.locator(".number").first
    assert number.evaluate("each => getComputedStyle(each).backgroundColor") == "rgb(84, 37, 131)"
    page.close()


def figures_of(node: pikepdf.Object) -> list[pikepdf.Object]:
    """The tagged figures below this node of a PDF's structure."""
    children = node.get("/K", [])
    children = children if isinstance(children, pikepdf.Array) else [children]
    below = [each for each in children if isinstance(each, pikepdf.Dictionary) and "/S" in each]
    own = [node] if node.get("/S") == "/Figure" else []
    return own + [found for each in below for found in figures_of(each)]


def test_every_copy_of_the_book_says_what_its_links_and_pictures_are(guide, browser, tmp_path):
    book.write(guide, tmp_path)
    folder = book.publish(browser, tmp_path).parent
    assert "espace.example.org" in (folder / "procedure.html").read_text()
    for name in book.COPIES.values():
        with pikepdf.open(folder / name) as copy:
            pages = [each.get("/Annots", []) for each in copy.pages]
            links = [each for on in pages for each in on if each.get("/Subtype") == "/Link"]
            assert links and all(str(each.Contents).startswith("Aller à") for each in links)
            figures = figures_of(copy.Root.StructTreeRoot)
            assert all(str(each.get("/Alt", "")) for each in figures)
            assert "pas à pas" in str(copy.open_metadata()["dc:title"])
    with pikepdf.open(folder / "procedure-telephone.pdf") as phone:
        assert figures_of(phone.Root.StructTreeRoot)
