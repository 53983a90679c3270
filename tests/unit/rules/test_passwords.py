from collections.abc import Iterator
from importlib.resources import files
from time import perf_counter

import pytest

from webapp.rules.passwords import MAX_LENGTH, MIN_LENGTH, weakness

LIST = files("webapp.rules").joinpath("common_passwords.txt").read_text(encoding="utf-8")

EMAIL = "odile.verger@example.org"
NUMBER = "00451278"
NAMES = ("Odile", "Vergér-Lacôte", "Li")
STRANGE = "Zk9#vT2!qLw8"


def verdict(password: str) -> str | None:
    return weakness(password, email=EMAIL, member_number=NUMBER, names=NAMES)


def every(passwords: str) -> pytest.MarkDecorator:
    """Run the test with each of the passwords, which stand between bars."""
    return pytest.mark.parametrize("password", passwords.split(" | "))


def of_length(length: int) -> str:
    """A password that is refused for nothing but its length."""
    return ("Zk9#vT2!qLw8-mJ5?pX3+" * 7)[:length]


# What is accepted


def test_a_passphrase_of_four_words_is_accepted() -> None:
    assert verdict("quatre mots sans rapport") is None


@every(
    "Zk9#vT2!qLw8 | cheval-agrafe-pile-orange | le facteur passe à midi | Pluie?Vélo+Gâteau7 | "
    "мост чайник облако | soleil agrafe lundi"
)
def test_a_password_that_nobody_else_has_is_accepted_whatever_it_is_made_of(password: str) -> None:
    assert verdict(password) is None


def test_the_short_name_of_the_mutual_is_not_read_across_a_space() -> None:
    assert verdict("des amis mieux que rien") is None


# Lengths


def test_the_lengths_are_those_of_the_procedure() -> None:
    assert (MIN_LENGTH, MAX_LENGTH) == (12, 128)


@pytest.mark.parametrize("length", [12, 13, 64, 127, 128])
def test_twelve_to_a_hundred_and_twenty_eight_characters_are_accepted(length: int) -> None:
    assert verdict(of_length(length)) is None


@pytest.mark.parametrize("length", [0, 1, 11])
def test_fewer_than_twelve_characters_are_too_short(length: int) -> None:
    assert verdict(of_length(length)) == "too_short"


@pytest.mark.parametrize("length", [129, 512, 513])
def test_more_than_a_hundred_and_twenty_eight_characters_are_too_long(length: int) -> None:
    assert verdict((of_length(128) * 5)[:length]) == "too_long"


def test_an_emoji_counts_as_its_code_points() -> None:
    twelve = "🐴🧷🔋🍊🌂🪑🧦🎺🥐🚲🪁🧭"
    family = "👩\u200d👧\u200d👦"
    assert verdict(twelve) is None
    assert verdict(twelve[:-1]) == "too_short"
    assert verdict(family + of_length(7)) is None
    assert verdict(family + of_length(6)) == "too_short"


@pytest.mark.parametrize(
    ("length", "expected"), [(11, "too_short"), (12, None), (128, None), (129, "too_long")]
)
def test_an_accented_letter_counts_once_however_the_keyboard_composed_it(
    length: int, expected: str | None
) -> None:
    composed = of_length(length - 1) + "é"
    decomposed = of_length(length - 1) + "e\u0301"
    assert verdict(composed) == verdict(decomposed) == expected


def test_letters_with_three_marks_each_are_counted_as_single_ones_up_to_the_limit() -> None:
    four_code_points = "α\u0313\u0300\u0345"
    assert verdict(four_code_points * 129) == "too_long"
    assert verdict(four_code_points * 128) == "too_common"


# Too common


@every(
    "azertyuiop123 | motdepasse2024 | password1234 | Bonjour12345! | qwertyuiop12 | "
    "iloveyou1234 | Marseille13013 | Janvier2026!! | vivelafrance! | 1q2w3e4r5t6y | "
    "1a2z3e4r5t6y"
)
def test_a_common_password_is_refused_with_or_without_digits_and_signs_at_its_ends(
    password: str,
) -> None:
    assert verdict(password) == "too_common"


@every(
    "MOTDEPASSE!! | Étoile123456 | Mot-de-passe-2026 | b o n j o u r 1234 | Jean-Pierre 1950 | "
    "ｓｏｌｅｉｌ123456"
)
def test_capitals_accents_and_separators_hide_nothing(password: str) -> None:
    assert verdict(password) == "too_common"


@every("P@55w0rd2026 | M0td3p@$$e2024 | $oleil1234567 | m@rsei11e2026 | ch0co1at2026")
def test_digits_and_signs_that_look_like_letters_hide_nothing(password: str) -> None:
    assert verdict(password) == "too_common"


@every("aaaaaaaaaaaa | doudoudoudou | abcdabcdabcda | abababab2026 | 🌞🌞🌞🌞🌞🌞🌞🌞🌞🌞🌞🌞")
def test_a_short_piece_again_and_again_is_refused(password: str) -> None:
    assert verdict(password) == "too_common"


def test_twelve_spaces_are_refused() -> None:
    assert verdict(" " * 12) == "too_common"


@every("soleilsoleil | Soleil1soleil1 | cœur-cœur-cœur | 19521952!1952 | 2708195227081952")
def test_a_common_word_or_a_number_written_twice_or_more_is_refused(password: str) -> None:
    assert verdict(password) == "too_common"


@every(
    "123456789012 | 987654321098 | 01234567890123 | abcdefghijkl | azertyqsdfgh | "
    "qsdfghjklm2026 | poiuytreza99 | abc123456789 | 112233445566 | azerty&é\"'(- | "
    "01 23 45 67 89 01"
)
def test_a_walk_along_the_keyboard_the_alphabet_or_the_digits_is_refused(password: str) -> None:
    assert verdict(password) == "too_common"


# The member


@every(
    "odile.verger@example.org | xx ODILE.VERGER@EXAMPLE.ORG xx | odile.verger#77 | "
    "Odilé Verger #77 | vive 00451278 vive | vive 00 45 12 78 vive | j’aime Odile beaucoup | "
    "vergerlacote#77 | VERGER LACOTE 77"
)
def test_the_members_own_email_number_and_names_are_refused(password: str) -> None:
    assert verdict(password) == "contains_identity"


def test_a_name_of_fewer_than_four_letters_is_not_looked_for() -> None:
    assert verdict("libellule agrafe pile") is None


def test_a_short_local_part_is_not_looked_for_but_its_whole_address_is() -> None:
    assert weakness("la libellule agrafe", email="li@example.org", member_number=NUMBER) is None
    whole = weakness("x#9 li@example.org", email="li@example.org", member_number=NUMBER)
    assert whole == "contains_identity"


def test_the_tag_of_an_address_is_no_part_of_its_name() -> None:
    tagged = "odile.verger+sante@example.org"
    assert weakness("odile verger #77", email=tagged, member_number=NUMBER) == "contains_identity"


def test_facts_that_are_not_known_refuse_nothing() -> None:
    assert weakness(STRANGE, email="", member_number="", names=("", " ")) is None


def test_what_the_member_recognises_is_told_before_what_is_common() -> None:
    assert verdict("Odile1234567") == "contains_identity"


# The mutual


@every(
    "MutuelleX2026! | ma mutuelle à moi | SMIE-agrafe-77 | 5m1e-agrafe-77 | adhérents-pile-9 | "
    "espace Adherent 7 | mutue11e-pile-9"
)
def test_the_words_of_the_mutual_are_refused(password: str) -> None:
    assert verdict(password) == "contains_mutual"


# Time


def test_a_password_of_a_hundred_thousand_letters_is_refused_before_any_other_work() -> None:
    def unreadable() -> Iterator[str]:
        pytest.fail("the names were read")
        yield ""

    long = "a" * 100_000
    assert weakness(long, email=EMAIL, member_number=NUMBER, names=unreadable()) == "too_long"


def test_the_length_alone_decides_however_costly_the_letters_would_be_to_read() -> None:
    eighteen_letters_in_one = "\ufdfa"
    password = eighteen_letters_in_one * 1_000_000
    start = perf_counter()
    assert verdict(password) == "too_long"
    assert perf_counter() - start < 0.05


@pytest.mark.parametrize(
    "pattern",
    ["a", "ab", "e\u0301", "\u0301", "\ufdfa", "a1", "1", "!", "soleil", "@mutuell", "\ud800"],
)
def test_no_password_however_it_is_built_takes_long(pattern: str) -> None:
    verdict(STRANGE)
    for length in (128, 512, 100_000):
        password = (pattern * length)[:length]
        start = perf_counter()
        verdict(password)
        assert perf_counter() - start < 0.1


# The list


def test_the_list_is_sorted_in_lower_case_and_free_of_doubles() -> None:
    lines = LIST.splitlines()
    assert LIST.endswith("\n")
    assert lines == sorted(set(lines))
    assert LIST.isascii()
    assert LIST.lower() == LIST
    assert all(4 <= len(line) <= 64 for line in lines)
    assert len(LIST) < 60_000


def test_every_word_of_the_list_is_refused_however_it_is_padded() -> None:
    padded = (word + "!" * 12 for word in LIST.splitlines())
    accepted = [
        word for word in padded if weakness(word, email="", member_number="") != "too_common"
    ]
    assert accepted == []
