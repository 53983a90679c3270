"""Encodings told apart by what French names look like."""

import re

import pytest

from webapp.rules.encodings import DOS, LATIN9, MAC, NAMES, WINDOWS, choose, named

FOUR = (WINDOWS, LATIN9, DOS, MAC)
ACCENTED = re.compile(rb"[A-Za-z']*+[\x80-\xff][A-Za-z'\x80-\xff]*+")
ROLL = (
    "prénom civilité LEFÈVRE Élodie D'HÉROUVILLE Gaël NOËL Maÿlis GÂTEAU Benoît Françoise Zoé "
    "CÔTE Jérôme DUBŒUF Anaïs LEMAÎTRE Loïc GARÇON Hélène Müller Santé Éco"
)


def words(text: str, encoding: str) -> set[bytes]:
    return set(ACCENTED.findall(text.encode(encoding, "replace")))


@pytest.mark.parametrize("encoding", FOUR)
def test_a_roll_is_read_in_the_encoding_that_it_was_written_in(encoding: str) -> None:
    choice = choose(words(ROLL, encoding))
    assert (choice.encoding, choice.doubts) == (encoding, ())


@pytest.mark.parametrize("encoding", [WINDOWS, DOS, MAC])
@pytest.mark.parametrize("name", ["Hélène", "François", "Zoé", "Éric", "ÉRIC", "Prévôt"])
def test_one_usual_name_is_enough(name: str, encoding: str) -> None:
    choice = choose(words(name, encoding))
    assert (choice.encoding, choice.doubts) == (encoding, ())


def test_what_both_western_encodings_read_alike_is_no_doubt() -> None:
    assert choose(words("Hélène", LATIN9)).doubts == ()
    assert choose(words("Hélène", LATIN9)).encoding == WINDOWS


def test_the_one_letter_that_tells_them_apart_is_seen() -> None:
    assert choose(words("ŒUVRARD Élodie", LATIN9)).encoding == LATIN9
    assert choose(words("ŒUVRARD Élodie", WINDOWS)).encoding == WINDOWS


@pytest.mark.parametrize("encoding", [WINDOWS, DOS, MAC])
def test_a_name_that_is_somebody_s_in_two_encodings_leaves_a_doubt(encoding: str) -> None:
    choice = choose(words("DELAÔVE", encoding))
    assert len(choice.doubts) > 1
    assert encoding in choice.doubts
    assert choice.doubts[0] == choice.encoding


def test_the_readings_of_a_doubt_all_differ() -> None:
    found = words("DELAÔVE", WINDOWS)
    doubts = choose(found).doubts
    told = {tuple(word.decode(each) for word in sorted(found)) for each in doubts}
    assert len(told) == len(doubts)


@pytest.mark.parametrize("text", ["Иванов Петров Смирнова", "Сидоров Анна"])
def test_names_that_none_of_the_four_can_write_leave_a_doubt(text: str) -> None:
    assert choose(words(text, "cp1251")).doubts


def test_two_encodings_in_one_file_leave_a_doubt() -> None:
    mixed = words("Hélène François Zoé", WINDOWS) | words("Jérôme Gaël Élodie", DOS)
    assert choose(mixed).doubts


def test_a_file_of_one_kind_with_a_slip_is_still_told() -> None:
    assert choose(words(ROLL, WINDOWS) | {b"Conf\x99rt"}).doubts == ()


def test_the_same_words_always_give_the_same_answer() -> None:
    found = words(ROLL, DOS)
    assert choose(sorted(found)) == choose(sorted(found, reverse=True))


@pytest.mark.parametrize(
    ("told", "meant"),
    [("Windows-1252", WINDOWS), ("cp1252", WINDOWS), ("latin9", LATIN9), ("ISO_8859-15", LATIN9),
     ("CP850", DOS), ("MS-DOS", DOS), ("mac_roman", MAC), ("UTF8", "utf-8"), ("utf-16", "utf-16"),
     ("koi8", None), ("", None)],
)  # fmt: skip
def test_operators_may_name_an_encoding_as_they_know_it(told: str, meant: str | None) -> None:
    assert named(told) == meant


@pytest.mark.parametrize("encoding", NAMES)
def test_what_is_shown_may_be_given_back(encoding: str) -> None:
    assert named(NAMES[encoding]) == encoding
