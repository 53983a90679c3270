"""How members are named, and how they are spoken to."""

import pytest

from webapp.rules.full_name import full_name, greeted, name_on_one_line


@pytest.mark.parametrize(
    ("civility", "first", "last", "said"),
    [
        ("Mme", "Élodie", "Lefèvre", "Madame Lefèvre"),
        ("M.", "Thierry", "Nguyễn", "Monsieur Nguyễn"),
        ("M", "Thierry", "Nguyễn", "Monsieur Nguyễn"),
        ("MLLE", "Inès", "Çelik", "Madame Çelik"),
        ("", "Élodie", "Lefèvre", "Élodie Lefèvre"),
        ("S.C.I.", "", "Les Lilas", "Les Lilas"),
        ("Mme", "Élodie", "", "Madame Élodie"),
        ("", "", "", ""),
    ],
)
def test_nobody_is_spoken_to_by_an_abbreviation(
    civility: str, first: str, last: str, said: str
) -> None:
    assert greeted(civility, first, last) == said


@pytest.mark.parametrize(
    ("civility", "first", "last", "said"),
    [
        ("Mme", "Odile", "Martin", "Mme\u00a0Odile Martin"),
        ("M.", "", "D’Hérouville", "M.\u00a0D’Hérouville"),
        ("", "Odile", "Martin", "Odile Martin"),
        ("Mme", "", "", "Mme"),
        ("", "", "", ""),
    ],
)
def test_a_name_is_written_as_the_roll_says_it_and_its_civility_ends_no_line(
    civility: str, first: str, last: str, said: str
) -> None:
    assert full_name(civility, first, last) == said
    assert name_on_one_line(civility, first, last) == said.replace("\u00a0", " ")
