"""Codes are read in a mail however they are grouped, and nothing else is taken for one."""

import pytest

from player.mailed_codes import alone, codes_in


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("578\u00a0791 est votre code de sécurité.", ["578791"]),
        ("Voici votre code :\n\n578791\n", ["578791"]),
        ("code : 6917\u00a0801\u00a0087\u00a0224\n\nTrop tard ?", ["6917801087224"]),
        (
            "Appelez-nous au 01\u00a099\u00a000\u00a012\u00a034, le 30 novembre 2026",
            [],
        ),
        ("https://espace.example.org/inscription/validation/123456.abc-654321", []),
    ],
)
def test_a_code_is_found_and_nothing_else(text: str, codes: list[str]) -> None:
    assert codes_in(text) == codes


def test_a_place_that_says_a_code_alone() -> None:
    assert alone(6).match(" 578\u00a0791 ") and alone(6).match("578791")
    assert not alone(6).match("578 791 est votre code") and not alone(6).match("5787911")
