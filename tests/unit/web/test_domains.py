"""A domain typed in its own letters is written to as its owner registered it, or refused."""

import subprocess
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from player.members import RENE
from tests.visitors import Town, about_me
from webapp.rules import credentials
from webapp.settings import ROOT
from webapp.web.domains import email

ASCII = (
    "odile@example.org",
    " Odile@EXAMPLE.Org\n",
    "o@a--b.example",
    "odile@localhost",
    "a@b@c.fr",
)


@pytest.mark.parametrize(
    ("typed", "written_to"),
    [
        ("odile@été.example", "odile@xn--t-9fab.example"),
        (" odile@ÉTÉ.Example ", "odile@xn--t-9fab.example"),
        ("odile@mail.cœur.example", "odile@mail.xn--cur-fya.example"),
        ("o’dile@été.example", "o'dile@xn--t-9fab.example"),
        ("odile@xn--t-9fab.example", "odile@xn--t-9fab.example"),
        ("odile@XN--T-9FAB.example", "odile@xn--t-9fab.example"),
    ],
)
def test_letters_beyond_ascii_are_written_as_the_dns_has_them(typed: str, written_to: str) -> None:
    for form in ("NFC", "NFD"):
        assert email(unicodedata.normalize(form, typed)) == written_to  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("typed", "other_s"),
    [
        ("straße.example", "strasse.example"),
        ("STRAẞE.example", "strasse.example"),
        ("φίλος.example", "φίλοσ.example"),
        ("क्\u200dष.example", "क्ष.example"),  # a joiner that means something
        ("بی\u200cبی.example", "بیبی.example"),
    ],
)
def test_a_sign_that_the_former_standard_changed_never_leads_to_another_owner(
    typed: str, other_s: str
) -> None:
    own, other = email(f"a@{typed}"), email(f"a@{other_s}")
    assert own is not None and other is not None
    assert own != other


@pytest.mark.parametrize(
    "typed",
    [
        "a@e\u200dxample.org",  # joiners where they mean nothing
        "a@e\u200cxample.org",
        "a@xn--a.example",
        "a@xn--.example",
        "a@mail.xn--ls8h.example",  # a drawing: no domain may have it
        "a@xn--example-.example",
        "a@xn--strasse-.example",
        "a@\u0301.example",
        "a@é.é_é.example",
        "a@אaא.example",
        "a@é..example",
        "a@é",
        "a@" + "é" * 64 + ".example",
        "a@" + "é" * 900 + ".example",
        "é@été.example",
    ],
)
def test_what_nobody_can_have_registered_is_refused(typed: str) -> None:
    assert email(typed) is None


@pytest.mark.parametrize("typed", ASCII)
def test_an_address_in_ascii_is_read_as_ever(typed: str) -> None:
    assert email(typed) == credentials.email(typed)


@given(
    st.one_of(
        st.text(),
        st.text("aé\u0301ßςẞ\u200c\u200d\xad。.@-x nאİ", max_size=20).map("a@xn--".__add__),
    )
)
def test_no_text_ever_raises_and_a_normal_form_is_its_own(text: str) -> None:
    for typed in (text, f"a@{text}.example"):
        form = email(typed)
        assert form is None or (form.isascii() and email(form) == form)


def test_the_tables_are_not_loaded_for_addresses_in_ascii() -> None:
    code = (
        "import sys; from webapp.web import domains; domains.email('a@example.org');"
        "assert 'idna' not in sys.modules; domains.email('a@été.example');"
        "assert 'idna' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


def test_who_types_such_a_domain_sees_the_address_that_is_theirs(town: Town) -> None:
    browser = town.browser()
    browser.submit("/inscription", about_me(RENE, email="rene@straße.example"))
    browser.submit("/inscription/cgu", {"accept": "y"})
    assert town.mails()[-1].to == "rene@xn--strae-oqa.example"
