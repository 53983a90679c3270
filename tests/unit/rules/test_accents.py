"""Names are compared as people say them: accents, case, hyphens and spaces tell nobody apart."""

import pytest

from webapp.rules.accents import are_alike


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("LEFÈVRE", "lefevre"),
        ("D’HÉROUVILLE", "D'Herouville"),
        ("Marie-Claude", "MARIE CLAUDE"),
        ("LEBŒUF", "Leboeuf"),
        ("Ørsted", "orsted"),
        ("de la Tour", "DELATOUR"),
    ],
)
def test_one_name(name: str, typed: str) -> None:
    assert are_alike(name, typed)


@pytest.mark.parametrize(
    ("name", "typed"),
    [("Lefèvre", "Lefebvre"), ("Martin", "Mart"), ("", "x"), ("李", "王")],
)
def test_two_names(name: str, typed: str) -> None:
    assert not are_alike(name, typed)
