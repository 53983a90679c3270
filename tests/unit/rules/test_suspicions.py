"""Names that were spoilt are seen, names that only look foreign are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.rules.suspicions import may_be_suspect, suspicion

GOOD = (
    "Dupont", "LEFÈVRE", "D’Hérouville", "D'HÉROUVILLE", "Anne-Françoise", "ŒUVRARD-NOËL", "Maÿlis",
    "Nguyễn", "João", "SÃO", "Müller", "Peña", "Łukasz", "O’Brien", "McDonald", "Jean II",
    "Dupont (née Martin)", "M. et Mme Martin", "Noe\u0308l", "DE LA TOUR", "Ünal", "Иванов",
    "L’Hôte", "ÂGÉ", "Saint\u2011Rémy", "Ben\u00a0Ali", "dite Léa", "Gaëlle/Marie",
)  # fmt: skip


@pytest.mark.parametrize("name", GOOD)
def test_a_name_is_no_suspect(name: str) -> None:
    assert suspicion(name) is None


@pytest.mark.parametrize("name", [each for each in GOOD if not each.isascii()])
def test_every_name_encoded_twice_is_a_suspect(name: str) -> None:
    twice = name.encode().decode("cp1252", "replace")
    assert suspicion(twice) is not None
    assert may_be_suspect(f"Dupont {twice} Martin")


@pytest.mark.parametrize("name", ["Hélène", "François", "Gaël", "Benoît"])
def test_a_name_of_ms_dos_read_as_windows_does_is_a_suspect(name: str) -> None:
    assert suspicion(name.encode("cp850").decode("cp1252", "replace")) is not None


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("LEF?VRE", "point d’interrogation"),
        ("LEF\ufffdVRE", "signe de remplacement"),
        ("HÃ©lÃ¨ne", "encodé deux fois"),
        ("Jean\u200b", "invisible (U+200B)"),
        ("\ufeffJean", "invisible (U+FEFF)"),
        ("Je\u00adan", "invisible (U+00AD)"),
        ("H‚lŠne", "qu’aucun nom n’a (« ‚ »)"),
        ("¼UVRARD", "qu’aucun nom n’a (« ¼ »)"),
        ("L&eacute;a", "code HTML"),
        ("HÚlÞne", "majuscule au milieu"),
    ],
)
def test_the_reason_is_told(name: str, reason: str) -> None:
    assert reason in (suspicion(name) or "")
    assert may_be_suspect(f"Dupont {name} Martin")


def test_most_names_are_seen_to_be_good_at_a_glance() -> None:
    names = ["Lefèvre", "D’HÉROUVILLE", "Œuvrard", "Benoît", "cœur", "O'Brien", "Saint-Rémy (2)"]
    assert [each for each in names if may_be_suspect(each)] == ["Œuvrard"]


@given(st.lists(st.text("aéÉ'’&#?œ @Ã©\ufffd1", max_size=8), max_size=4))
def test_the_glance_misses_no_suspect(names: list[str]) -> None:
    assert may_be_suspect(" ".join(names)) or not any(map(suspicion, names))
