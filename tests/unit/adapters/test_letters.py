"""Letters from their templates: fixed words, both bodies, links from PUBLIC_URL alone."""

import re

import pytest

from webapp.adapters.letters import TemplateLetters
from webapp.adapters.world import letter_environment
from webapp.rules import lifetimes
from webapp.rules.mails import MAILS

SITE = "https://espace.example.org"
LETTERS = TemplateLetters(letter_environment(), SITE + "/")
FACTS = {name: mail.facts for name, mail in MAILS.items()}
written = pytest.mark.parametrize("name", FACTS)


def plain(text: str) -> str:
    """No-break spaces read as spaces."""
    return re.sub("[\u00a0\u202f]", " ", text)


@pytest.mark.parametrize(
    ("name", "subject"),
    [
        (
            "registration",
            "Espace SMiE Mutuelle - Demande de confirmation d’inscription",
        ),
        ("security_code", "Votre code de sécurité"),
    ],
)
def test_the_subjects_are_the_papers_to_the_letter(name, subject):
    assert LETTERS.write(name, **FACTS[name]).subject == subject


@written
def test_a_subject_is_one_line(name):
    subject = LETTERS.write(name, **FACTS[name]).subject
    assert subject == subject.strip() and len(subject.splitlines()) == 1


@written
def test_every_link_leads_to_the_portal_by_its_public_address(name):
    letter = LETTERS.write(name, **FACTS[name])
    for body in (letter.text, letter.html):
        links = re.findall(r"https?://[^\s\"<]+", body)
        assert links and all(link.startswith(SITE + "/") for link in links)
        assert SITE + "//" not in body
    assert set(re.findall(r"href=\"([^\"]*)\"", letter.html)) == set(
        re.findall(r"https?://\S+", letter.text)
    )


@written
def test_nothing_is_loaded_from_outside(name):
    html = LETTERS.write(name, **FACTS[name]).html
    assert not re.search(r"<(img|link|script|iframe)|src=|url\(|@import", html)


def test_the_registration_letter_carries_its_link_code_and_life():
    letter = LETTERS.write("registration", **FACTS["registration"])
    for body in (letter.text, plain(letter.html)):
        assert f"{SITE}/inscription/validation/{FACTS['registration']['token']}" in body
        assert "1234567890123" in body
        assert "24 heures" in plain(body)
        assert "Je valide mon inscription" in plain(body)
        assert "Inscription en cours" in plain(body)


def test_the_code_letter_carries_its_code_on_a_line_of_its_own_and_its_life():
    letter = LETTERS.write("security_code", **FACTS["security_code"])
    assert "123456" in letter.text.splitlines() and "123456" in letter.html
    assert "5 minutes" in plain(letter.text) and "5 minutes" in plain(letter.html)


def test_what_a_fact_holds_is_inert_in_html():
    letter = LETTERS.write("security_code", code="<b>{{ 7 * 7 }}", life=lifetimes.SECURITY_CODE)
    assert "&lt;b&gt;{{ 7 * 7 }}" in letter.html
    assert "<b>{{ 7 * 7 }}" in letter.text


def test_a_forgotten_fact_is_refused_rather_than_leaving_a_hole():
    with pytest.raises(ValueError, match="it takes"):
        LETTERS.write("security_code", life=lifetimes.SECURITY_CODE)


@written
def test_the_apostrophe_is_the_typographic_one(name):
    letter = LETTERS.write(name, **FACTS[name])
    assert "'" not in letter.subject + letter.text
