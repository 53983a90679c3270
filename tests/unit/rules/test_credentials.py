"""Typing is forgiven, meaning is not guessed, and no text at all makes anything raise."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.rules import credentials
from webapp.rules.credentials import ACCESS_ALPHABET

any_text = st.text(st.characters())  # lone surrogates, controls and all
digit_runs = st.text("0123456789", min_size=1, max_size=32)
letter_codes = st.text(ACCESS_ALPHABET, min_size=12, max_size=12)
separators = st.sampled_from(["", " ", "-", "\u00a0", "\u202f", "‑", "–", ".", "  "])
alone = st.text("abcdefghijklmnopqrstuvwxyzé ,.:;!?()«»\n", max_size=30)


def spread(text: str, between: list[str]) -> str:
    """The signs of a text with separators strewn in."""
    return "".join(sign + gap for sign, gap in zip(text, between, strict=True))


def strewn(texts: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[str, str]]:
    """A text and the same as a member may type it: with separators."""
    return texts.flatmap(
        lambda text: st.tuples(
            st.just(text),
            st.lists(separators, min_size=len(text), max_size=len(text)).map(
                lambda gaps: spread(text, gaps)
            ),
        )
    )


@given(any_text, st.integers(1, 13))
def test_no_text_ever_raises(text, count):
    for form in (
        credentials.member_number(text),
        credentials.access_code(text),
        credentials.digits(text, count),
        credentials.email(text),
    ):
        assert form is None or (form and form.isascii())
    assert isinstance(credentials.has_control_characters(text), bool)
    assert isinstance(credentials.password(text), str)


@given(any_text)
def test_a_normal_form_is_its_own_normal_form(text):
    for normal in (credentials.member_number, credentials.access_code, credentials.email):
        form = normal(text)
        assert form is None or normal(form) == form


@given(strewn(digit_runs))
def test_a_member_number_is_read_through_its_separators_with_its_leading_zeros(pair):
    number, typed = pair
    assert credentials.member_number(typed) == number


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("OO12345", "0012345"),
        ("00l2345", "0012345"),
        ("00I2345", "0012345"),
        ("ab-12 o", "AB12O"),  # letters are meant here, so O stays
        ("MILO1", "MILO1"),
        ("\uff10\uff11\uff12", "012"),
    ],
)
def test_look_alikes_become_digits_only_where_letters_cannot_be_meant(typed, read):
    assert credentials.member_number(typed) == read


@pytest.mark.parametrize("typed", ["", "   ", "---", "12#34", "é12", "1" * 33, "١٢٣", "12\x0034"])
def test_what_cannot_be_a_member_number_is_not_cut_to_fit(typed):
    assert credentials.member_number(typed) is None


@pytest.mark.parametrize(
    ("number", "same"),
    [("ab 12", "AB\u00a012"), ("0\u202f0 1", "001"), ("n° 7", "N°7"), ("1.2", " 1.2 ")],
)
def test_spaces_and_the_case_of_letters_make_no_other_number(number, same):
    assert credentials.identity(number) == credentials.identity(same)


@given(any_text, any_text)
def test_numbers_written_otherwise_than_by_spaces_and_case_are_others(number, other):
    if credentials.identity(number) == credentials.identity(other):
        assert "".join(number.split()).casefold() == "".join(other.split()).casefold()
        assert "".join(number.split()).upper() == "".join(other.split()).upper()


@pytest.mark.parametrize("typed", ["n° 0012345", "N°0012345", " n ° 00-12345"])
def test_the_sign_before_a_number_is_no_part_of_what_is_typed(typed):
    assert credentials.member_number(typed) == "0012345"


@given(any_text)
def test_a_typed_number_comes_near_its_own_normal_form(text):
    key, typed = credentials.member_number(text), credentials.typed_number(text)
    assert (typed is None) == (key is None)
    if typed is not None:
        assert key in credentials.number_readings(typed)
        assert credentials.are_near(typed, f"0{typed}") or len(key) == credentials.NUMBER_MAX


@given(strewn(letter_codes), st.booleans())
def test_an_access_code_is_read_whatever_its_case_and_dashes(pair, lower):
    code, typed = pair
    assert credentials.access_code(typed.lower() if lower else typed) == code
    assert credentials.access_code(credentials.grouped(code)) == code


@given(letter_codes)
def test_an_access_code_forgives_o_for_zero_and_i_or_l_for_one(code):
    misread = code.translate(str.maketrans("01", "OI"))
    misread_again = code.translate(str.maketrans("01", "ol"))
    assert credentials.access_code(misread) == credentials.access_code(misread_again) == code


@pytest.mark.parametrize("typed", ["", "ABC12", "A" * 65, "4F7K-9QXM-2T6é", "4F7K 9QXM 2T6B !"])
def test_what_cannot_be_an_access_code_is_refused(typed):
    assert credentials.access_code(typed) is None


def test_an_access_code_is_shown_in_groups_of_four():
    assert credentials.grouped("4F7K9QXM2T6B") == "4F7K-9QXM-2T6B"


@given(strewn(st.text("0123456789", min_size=6, max_size=6)))
def test_a_code_is_read_through_its_separators(pair):
    code, typed = pair
    assert credentials.digits(typed, 6) == code


@given(
    st.sampled_from([6, 13]).flatmap(
        lambda count: st.text("0123456789", min_size=count, max_size=count)
    ),
    st.sampled_from(["", " ", "-", "\u00a0"]),
    alone,
    alone,
)
def test_a_code_is_found_in_its_sentence(code, gap, before, after):
    shown = gap.join((code[:3], code[3:]))
    typed = f"{before} : {shown}, {after}"
    assert credentials.digits(typed, len(code)) == code


def test_the_whole_security_mail_can_be_pasted():
    mail = "Voici votre code :\n\n012345\n\nIl n’est valable que 5\u00a0minutes."
    assert credentials.digits(mail, 6) == "012345"


@pytest.mark.parametrize(
    ("code", "shown"),
    [("578791", "578 791"), ("6917801087224", "6917 801 087 224"), ("012345", "012 345")],
)
def test_a_mailed_code_is_shown_in_groups_and_read_as_it_is_copied(code, shown):
    grouped = credentials.grouped_digits(code)
    assert grouped == shown.replace(" ", "\u00a0")
    for pasted in (grouped, f" {shown}\n", f"{grouped} est votre code de sécurité.", shown[::1]):
        assert credentials.digits(pasted, len(code)) == code


def test_o_and_l_are_digits_when_nothing_but_the_code_was_typed():
    assert credentials.digits("O12 34l", 6) == "012341"


def test_full_width_digits_are_the_same_digits():
    assert credentials.digits("\uff11\uff12\uff13\uff14\uff15\uff16", 6) == "123456"


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "١٢٣٤٥٦", "123456 ou 654321", "12345x"])
def test_a_code_is_never_guessed(typed):
    assert credentials.digits(typed, 6) is None


@pytest.mark.parametrize(
    ("typed", "written_to"),
    [
        (" odile@example.org\n", "odile@example.org"),
        ("Odile@EXAMPLE.Org", "Odile@example.org"),
        ("odile+smie@sub.example.org", "odile+smie@sub.example.org"),
        ("odile@xn--t-9fab.example", "odile@xn--t-9fab.example"),
        ("o’dile@example.org", "o'dile@example.org"),
    ],
)
def test_an_address_is_read_as_it_will_be_written_to(typed, written_to):
    typed = unicodedata.normalize("NFD", typed)
    assert credentials.email(typed) == written_to


@pytest.mark.parametrize(
    "typed",
    [
        "odile",
        "@example.org",
        "odile@",
        "odile@localhost",
        "odile@example,org",
        "odile@example..org",
        "odile@127.0.0.1",
        "odile @example.org",
        ".odile@example.org",
        "odile@-example.org",
        '"odile b"@example.org',
        "odilé@example.org",
        "odile@été.example",  # web/domains.py puts it in ASCII first
        "a@example.org\r\nBcc: x@y.org",
        "a@example.org, b@example.org",
        "a" * 65 + "@example.org",
        "a@" + ".".join(["a" * 60] * 5) + ".org",
    ],
)
def test_what_cannot_be_an_address_is_refused(typed):
    assert credentials.email(typed) is None


def test_letter_case_never_tells_two_mailboxes_apart():
    assert credentials.email_key("Odile@example.org") == credentials.email_key("oDILE@example.org")


def test_a_masked_address_is_recognised_by_its_owner_alone():
    assert credentials.masked_email("odile@mail.example.org") == "o•••@m•••.org"


@given(st.text(st.characters(codec="utf-8"), max_size=130))
def test_a_password_is_only_composed_never_trimmed_or_folded(text):
    password = credentials.password(text)
    assert password == unicodedata.normalize("NFC", text)
    assert credentials.password(unicodedata.normalize("NFD", text)) == password


@pytest.mark.parametrize("sign", ["\0", "\n", "\x7f", "\x85", "\u2028", "\u202e", "\ud800"])
def test_signs_that_nobody_means_are_seen(sign):
    assert credentials.has_control_characters(f"Odile{sign}")
    assert not credentials.has_control_characters("Odile É. d’Août")


@pytest.mark.parametrize("typed", ["7K4M-Q2XD", "7k4m q2xd", " 7K4MQ2XD ", "7K4M–Q2XD"])
def test_a_recovery_code_is_typed_as_it_comes(typed):
    assert credentials.recovery_code(typed) == "7K4MQ2XD"


@pytest.mark.parametrize("typed", ["", "7K4M-Q2X", "7K4M-Q2XD-1", "é" * 8])
def test_a_recovery_code_has_eight_signs(typed):
    assert credentials.recovery_code(typed) is None


def test_a_name_is_trimmed_and_not_endless():
    assert credentials.own_name("  Mon téléphone ") == "Mon téléphone"
    assert credentials.own_name("x" * 61) is None


_ALONE = "\u200b\u200e\u200f\u2060\u00ad\u061c"
UNSEEN = _ALONE + "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"


@pytest.mark.parametrize("sign", UNSEEN)
def test_an_invisible_sign_pasted_with_the_rest_falls(sign):
    assert credentials.visible(f"{sign}odile{sign}@example.org{sign}") == "odile@example.org"


@pytest.mark.parametrize("text", ["é", "a\u00a0b", "\U0001f469\u200d\U0001f33e", "\t"])
def test_what_can_be_seen_or_means_something_stays(text):
    assert credentials.visible(text) == text
