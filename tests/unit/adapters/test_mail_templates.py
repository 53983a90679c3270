"""Mails from their templates: fixed words, both bodies, links from PUBLIC_URL alone."""

import re
from datetime import UTC, datetime

import pytest

from webapp.adapters.mail_templates import JinjaMailTemplates
from webapp.adapters.world import mail_environment
from webapp.rules import lifetimes
from webapp.rules.mails import MAILS, title

AT = datetime(2026, 11, 30, 17, 36, tzinfo=UTC)
SITE = "https://espace.example.org"
TEMPLATES = JinjaMailTemplates(mail_environment(), SITE + "/")
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
def test_the_subjects_are_the_papers_to_the_mail(name, subject):
    assert TEMPLATES.write(name, AT, **FACTS[name]).subject == subject


@pytest.mark.parametrize("name", [each.key for each in MAILS.values() if each.of_one])
def test_the_title_of_a_mail_about_one_of_several_is_its_subject(name):
    for facts in (MAILS[name].facts, *MAILS[name].others):
        subject = TEMPLATES.write(name, AT, **facts).subject
        assert subject.endswith(title(name, of_one=bool(facts["person"])))


@written
def test_a_subject_is_one_line(name):
    subject = TEMPLATES.write(name, AT, **FACTS[name]).subject
    assert subject == subject.strip() and len(subject.splitlines()) == 1


@written
def test_every_link_leads_to_the_portal_by_its_public_address(name):
    mail = TEMPLATES.write(name, AT, **FACTS[name])
    for body in (mail.text, mail.html):
        links = re.findall(r"https?://[^\s\"<]+", body)
        assert links and all(link.startswith(SITE + "/") for link in links)
        assert SITE + "//" not in body
    assert set(re.findall(r"href=\"(http[^\"]*)\"", mail.html)) == set(
        re.findall(r"https?://\S+", mail.text)
    )


@written
def test_nothing_is_loaded_from_outside(name):
    html = TEMPLATES.write(name, AT, **FACTS[name]).html
    assert not re.search(r"<(img|link|script|iframe)|src=|url\(|@import", html)


def test_the_registration_mail_carries_its_link_code_and_life():
    mail = TEMPLATES.write("registration", AT, **FACTS["registration"])
    for body in (mail.text, plain(mail.html)):
        assert f"{SITE}/inscription/validation/{FACTS['registration']['token']}" in body
        assert "1234 567 890 123" in plain(body)
        assert "24 heures" in plain(body)
        assert "Je valide mon inscription" in plain(body)
        assert "Inscription en cours" in plain(body)


def test_the_code_mail_carries_its_code_and_its_life():
    mail = TEMPLATES.write("security_code", AT, **FACTS["security_code"])
    assert plain(mail.text).startswith("123 456 est votre code") and "123 456" in plain(mail.html)
    assert "5 minutes" in plain(mail.text) and "5 minutes" in plain(mail.html)


def test_what_a_fact_holds_is_inert_in_html():
    mail = TEMPLATES.write("new_sign_in", AT, agent="<b>{{ 7 * 7 }}")
    assert "&lt;b&gt;{{ 7 * 7 }}" in mail.html and "<b>{{ 7" not in mail.html
    assert "<b>{{ 7 * 7 }}" in mail.text


def test_a_forgotten_fact_is_refused_rather_than_leaving_a_hole():
    with pytest.raises(ValueError, match="it takes"):
        TEMPLATES.write("security_code", AT, life=lifetimes.SECURITY_CODE)


@written
def test_the_apostrophe_is_the_typographic_one(name):
    mail = TEMPLATES.write(name, AT, **FACTS[name])
    assert "'" not in mail.subject + mail.text


def test_members_are_told_not_to_answer_unless_somebody_reads_it():
    asked = JinjaMailTemplates(mail_environment(answered=True), SITE)
    for body in ("text", "html"):
        assert "ne répondez pas" in getattr(TEMPLATES.write("trial", AT), body)
        told = getattr(asked.write("trial", AT), body)
        assert "ne répondez pas" not in told and "envoyé automatiquement." in told
