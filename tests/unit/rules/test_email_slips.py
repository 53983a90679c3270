"""Slips of the finger in an e-mail address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.rules import credentials, email_slips
from webapp.rules.refusals import KEYS


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("loic martin@example.org", "email_space"),
        ("loic@exam ple.org", "email_space"),
        ("loic@\u00a0example.org", "email_space"),
        ("loïc@example.org", "email_accent"),
        ("loic@gmail,com", "email_comma"),
        ("loic,martin@example.org", "email_comma"),
        ("a@example.org;b@example.org", "email_comma"),
        ("loic.example.org", "email_no_at"),
        ("loic", "email_no_at"),
        ("loic@@example.org", "email_two_ats"),
        ("a@b@example.org", "email_two_ats"),
        ("loic@gmail", "email_no_ending"),
        ("lo\u200fic@example.org", "odd_characters"),
        ("loic@example.org\u00ad", "odd_characters"),
        ("lo\u061cic@example.org", "odd_characters"),
        ("@example.org", "email_shape"),
        ("loic@", "email_shape"),
        ("loic..martin@example.org", "email_shape"),
        ("loic@-example.org", "email_shape"),
    ],
)
def test_a_reason_names_the_slip(typed, key):
    assert email_slips.reason(typed) == key


@given(st.text())
def test_any_text_has_a_reason_with_words(text):
    assert {email_slips.reason(text), email_slips.reason_or_number(text)} <= KEYS


@pytest.mark.parametrize("number", ["00123456", "0012 3456", "n° 00123456", "AB123456", "12-34-56"])
def test_a_member_number_is_taken_for_one(number):
    assert email_slips.reason_or_number(number) == "email_number"
    assert email_slips.reason(number) == "email_no_at"


@pytest.mark.parametrize("typed", ["loic", "loic.martin", "loic1962gmail.com", "a1", "1@2"])
def test_an_unfinished_address_is_not(typed):
    assert email_slips.reason_or_number(typed) != "email_number"


@pytest.mark.parametrize(
    ("typed", "left"),
    [
        ("loic@example.org.", "loic@example.org"),
        (" loic@example.org. ", "loic@example.org"),
        ("loic@example.org...", "loic@example.org"),
        ("l.m@example.org", "l.m@example.org"),
    ],
)
def test_a_full_stop_at_the_end_drops(typed, left):
    assert email_slips.cleaned(typed) == left


@pytest.mark.parametrize(
    ("domain", "meant"),
    [
        ("gmial.com", "gmail.com"),
        ("gmal.com", "gmail.com"),
        ("gmaill.com", "gmail.com"),
        ("gmeil.com", "gmail.com"),
        ("gamil.com", "gmail.com"),
        ("gmail.con", "gmail.com"),
        ("gmail.co", "gmail.com"),
        ("gmail.cm", "gmail.com"),
        ("gmail.fr", "gmail.com"),
        ("gmial.con", "gmail.com"),
        ("ornage.fr", "orange.fr"),
        ("orangr.fr", "orange.fr"),
        ("range.fr", "orange.fr"),
        ("wanado.fr", "wanadoo.fr"),
        ("wanaddo.fr", "wanadoo.fr"),
        ("wandoo.fr", "wanadoo.fr"),
        ("fere.fr", "free.fr"),
        ("freee.fr", "free.fr"),
        ("free.ft", "free.fr"),
        ("srf.fr", "sfr.fr"),
        ("lapost.net", "laposte.net"),
        ("laposte.ne", "laposte.net"),
        ("laopste.net", "laposte.net"),
        ("hotmial.fr", "hotmail.fr"),
        ("hotmal.com", "hotmail.com"),
        ("homail.com", "hotmail.com"),
        ("yaho.fr", "yahoo.fr"),
        ("yahou.fr", "yahoo.fr"),
        ("outlok.fr", "outlook.fr"),
        ("oulook.com", "outlook.com"),
        ("iclou.com", "icloud.com"),
        ("icloud.fr", "icloud.com"),
    ],
)
def test_a_common_domain_one_slip_away_is_offered(domain, meant):
    assert email_slips.suggestion(f"Loic.M@{domain}") == f"Loic.M@{meant}"


REAL = [*email_slips.COMMON, *email_slips.OTHERS, "example.org", "smie.example", "ville-paris.fr"]
REAL += ["grange.fr", "fred.fr", "tree.fr", "sir.fr", "leuf.fr", "ovh.fr", "ac-lyon.fr", "five.fr"]
REAL += ["xn--caf-dma.fr", "mail.example.org", "gmail.example.org", "olive.fr", "cfr.fr", "box.fr"]


@pytest.mark.parametrize("domain", sorted(REAL))
def test_a_real_domain_is_never_mended(domain):
    assert email_slips.suggestion(f"loic@{domain}") is None


def test_near_misses_that_are_real_are_among_them():
    near = {"gmx.fr", "hotmail.be", "sfr.com", "mail.fr", "ymail.com", "live.be", "laposte.fr"}
    assert near <= email_slips.OTHERS
    assert {"live.fr", "gmail.com"} <= email_slips.COMMON
    assert not email_slips.COMMON & email_slips.OTHERS


DOMAINS = st.from_regex(r"[a-z0-9-]{1,14}(\.[a-z]{1,4}){0,2}", fullmatch=True)


@given(DOMAINS)
def test_what_is_offered_is_common_sound_and_asked_no_more(domain):
    offered = email_slips.suggestion(f"loic@{domain}")
    if offered is not None:
        assert offered.rpartition("@")[2] in email_slips.COMMON
        assert credentials.email(offered) == offered
        assert email_slips.suggestion(offered) is None


@given(st.sampled_from(sorted(email_slips.COMMON)), st.data())
def test_two_neighbours_swapped_are_always_told_or_real(domain, data):
    name, _, ending = domain.rpartition(".")
    at = data.draw(st.integers(0, len(name) - 2))
    typed = f"{name[:at]}{name[at + 1]}{name[at]}{name[at + 2 :]}.{ending}"
    offered = email_slips.suggestion(f"a@{typed}")
    assert typed in email_slips.COMMON | email_slips.OTHERS or offered == f"a@{domain}"
