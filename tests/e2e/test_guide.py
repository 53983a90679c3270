"""The guide is whole, its call-outs stand on the real things, and it repeats itself."""

import pytest

from guide import book
from guide.play import DEVICES, UNPRINTED, chapters, pictured
from webapp.rules.procedure import PROCEDURES, REGISTRATION


@pytest.fixture(scope="module")
def guide(browser):
    """Played once. A mark that is not on its screen stops it."""
    return chapters(browser)


def test_every_step_of_every_procedure_has_its_picture_on_every_device(guide):
    shown = {step.key: figures for chapter in guide for step, figures in chapter.steps}
    printed = [each for each in PROCEDURES if each.key not in UNPRINTED]
    assert set(shown) == {step.key for procedure in printed for step in procedure}
    for figures in shown.values():
        assert {figure.device for figure in figures} == set(DEVICES)


def test_every_call_out_stands_on_its_picture(guide):
    for chapter in guide:
        for step, figures in chapter.steps:
            for device in DEVICES:
                spots = [(f, spot) for f in figures if f.device == device for spot in f.spots]
                assert [spot.mark for _, spot in spots] == list(step.call_outs)
                for figure, spot in spots:
                    assert 0 <= spot.left < spot.left + spot.width <= figure.width, spot
                    assert 0 <= spot.top < spot.top + spot.height <= figure.height, spot


def test_two_runs_give_the_same_bytes(guide, browser):
    steps = list(REGISTRATION)
    again = pictured(REGISTRATION, steps, browser, "telephone")
    first = {step.key: figures for step, figures in guide[0].steps}
    for key, figures in again.items():
        before = [each for each in first[key] if each.device == "telephone"]
        assert [each.png for each in figures] == [each.png for each in before], key


def test_the_book_is_tagged_french_and_light(guide, browser, tmp_path):
    book.write(guide, tmp_path)
    pdf = book.publish(browser, tmp_path).read_bytes()
    assert b"/MarkInfo <</Marked true>>" in pdf.replace(b"\n", b" ") or b"/StructTreeRoot" in pdf
    assert b"/Lang (fr)" in pdf
    assert len(pdf) < 2_500_000
    page = browser.new_page()
    page.goto((tmp_path / "publish" / "procedure.html").as_uri())
    assert page.locator("html").get_attribute("lang") == "fr"
    assert page.locator("h1").count() == 1
    pictures = page.locator("img").all()
    assert pictures and all(each.get_attribute("alt") for each in pictures)
    assert page.evaluate("[...document.images].every((each) => each.naturalWidth)")
    page.close()
