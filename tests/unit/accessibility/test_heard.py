"""What a screen reader said is read from what its voice wrote, and compared."""

from accessibility.screen_reader.heard import Utterance, needs, utterances
from accessibility.screen_reader.run import BROKEN, compare


def test_a_text_without_its_end_was_cut():
    lines = ["BEGIN Inscription", "BEGIN Mes infos", "END", "BEGIN Continuer"]
    assert list(utterances(lines)) == [
        Utterance("Inscription", cut=True),
        Utterance("Mes infos"),
        Utterance("Continuer", cut=True),
    ]


def test_an_end_that_nothing_began_says_nothing():
    assert list(utterances(["END", "BEGIN lien", "END", "END"])) == [Utterance("lien")]


def test_what_changes_from_day_to_day_is_a_sign():
    said = (
        "BEGIN 6 chiffres\u00a0: 123 456, jusqu’à 9 h 06,  le 30 novembre 2026. 12 liens visités."
    )
    assert [str(each) for each in utterances([said, "END"])] == [
        "6 chiffres : ‹6 chiffres›, jusqu’à ‹heure›, le ‹date›. ‹n› liens visités."
    ]


def test_the_browser_s_own_words_are_left_out():
    lines = ["BEGIN Chargement de New Tab terminé.", "END", "BEGIN Connexion", "END"]
    assert list(utterances(lines)) == [Utterance("Connexion")]


def test_a_text_that_is_being_said_needs_its_time_and_silence_none():
    assert needs(["BEGIN " + "a" * 314]) == 2
    assert needs(["BEGIN lien", "END"]) == needs([]) == 0


def test_a_difference_is_told_and_accepted_only_where_the_scene_was_played_to_its_end(tmp_path):
    known = tmp_path / "code.firefox.txt"
    assert "+Connexion" in compare(known, "Connexion\n", accept=False)
    assert compare(known, "Connexion\n", accept=True) == []
    assert compare(known, "Connexion\n", accept=False) == []
    assert compare(known, f"Connexion\n{BROKEN}no mail\n", accept=True) != []
    assert known.read_text() == "Connexion\n"
