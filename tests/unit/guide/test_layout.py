"""Call-outs on paper: beside their things, never one upon another, never out of the page."""

import itertools

import pytest

from guide.camera import Figure, Spot
from guide.layout import PAGE, lay_out
from webapp.rules.steps import Mark, press

WORDS = Mark("Numéro d’adhérent", "Votre numéro d’adhérent indiqué dans le courrier")


def figure(device: str, *spots: Spot) -> Figure:
    width = 360 if device == "telephone" else 1280
    return Figure("a", device, "Inscription", b"", width, 800, spots)


@pytest.mark.parametrize(("device", "left"), [("telephone", 20), ("ordinateur", 288)])
def test_close_things_have_call_outs_apart(device: str, left: int) -> None:
    spots = [Spot(at + 1, WORDS, left, 100 + 12 * at, 300, 10, clear=True) for at in range(6)]
    boxes = lay_out(figure(device, *spots)).call_outs
    for above, below in itertools.pairwise(boxes):
        assert above.top + above.height < below.top
    for box in boxes:
        assert 0 <= box.left < box.left + box.width <= PAGE + 0.01


def test_what_stands_at_the_right_edge_is_called_out_from_its_left() -> None:
    tab = Spot(1, press("Espace adhérents SMIE"), 1076, 12, 190, 44, clear=True)
    (box,) = lay_out(figure("ordinateur", tab)).call_outs
    assert box.left + box.width < box.frame[0]
    assert box.line[0] == box.frame[0]


def test_what_fills_the_width_is_called_out_below() -> None:
    (box,) = lay_out(figure("ordinateur", Spot(1, WORDS, 5, 100, 1270, 40, clear=True))).call_outs
    assert box.top >= box.frame[1] + box.frame[3]
