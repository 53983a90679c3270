"""Every mail has its three parts, and both bodies say the same."""

import html
import re
from email import message_from_bytes, policy
from pathlib import Path
from xml.etree.ElementTree import Element

import html5lib
import pytest
from flask import Flask
from flask_mail import Mail, Message
from jinja2.meta import find_undeclared_variables

from player.mail_examples import SITE, written
from webapp.adapters.world import TEMPLATES, mail_environment
from webapp.rules.mails import MAILS
from webapp.settings import ROOT

FOLDER = TEMPLATES / "mail"
NAMES = sorted(each.name for each in FOLDER.iterdir() if each.is_dir())
PARTS = {"subject.txt", "body.txt", "body.html"}
EACH = [(mail.key, facts) for mail in MAILS.values() for facts in (mail.facts, *mail.others)]


def words_of_html(text: str) -> list[str]:
    """What a reader of the HTML part reads, in order; a link is its words, then its address
    unless the words are the address, or a telephone number."""
    body = html5lib.parse(text, namespaceHTMLElements=False).find("body")
    body.remove(preview(body))
    for link in body.iter("a"):
        address = link.get("href") or ""
        if address not in "".join(link.itertext()) and not address.startswith("tel:"):
            link.tail = f" {address} {link.tail or ''}"
    return words("".join(body.itertext()))


def preview(body: Element) -> Element:
    """What telephones show of a mail that is not open yet, and no open one shows."""
    return next(each for each in body.iter("div") if each.get("class") == "preview")


def words(text: str) -> list[str]:
    """The words, whatever the layout: no signs that only lay out, no spaces of any width."""
    flat = re.sub(r"[\s\u00a0\u202f]+|^--$", " ", text, flags=re.MULTILINE)
    return [each for each in flat.split() if each not in (":", "--")]


def test_a_mail_is_a_folder_of_three_files() -> None:
    assert set(NAMES) == set(MAILS), "a folder and a declaration in webapp/rules/mails.py each"
    for name in NAMES:
        parts = {each.name for each in (FOLDER / name).iterdir()}
        assert parts == PARTS, f"templates/mail/{name} is made of {sorted(PARTS)}"


@pytest.mark.parametrize(("name", "facts"), EACH)
def test_both_bodies_say_the_same(name: str, facts: dict[str, object]) -> None:
    mail = written(name, facts)
    signature = ["SMiE", "Mutuelle"]  # the head of the sheet, the foot of the text
    of_html, of_text = words_of_html(mail.html), words(mail.text)
    assert of_html[:2] == signature
    at = len(of_text) - 1 - of_text[::-1].index("SMiE")
    assert of_text[at : at + 2] == signature
    assert of_html[2:] == of_text[:at] + of_text[at + 2 :]


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_loaded_from_outside(name: str) -> None:
    text = written(name).html
    loading = r"<(img|script|link|iframe|object|embed|video|audio|svg)\b|@import|url\(|src=|srcset"
    assert not re.search(loading, text, re.IGNORECASE)
    links = [html.unescape(each) for each in re.findall(r'href="([^"]*)"', text)]
    assert links
    assert all(each.startswith((f"{SITE}/", "tel:+33")) for each in links)


@pytest.mark.parametrize(("name", "facts"), EACH)
def test_what_is_shown_of_a_closed_mail_is_its_first_sentence(
    name: str, facts: dict[str, object]
) -> None:
    """« Bonjour » tells nothing on a telephone's locked screen: a code does."""
    mail = written(name, facts)
    shown = preview(html5lib.parse(mail.html, namespaceHTMLElements=False).find("body"))
    assert "display:none" in (shown.get("style") or "").replace(" ", "")
    first = " ".join(words(mail.text.removeprefix("Bonjour,")))
    assert first.startswith(" ".join(words("".join(shown.itertext()))))
    assert len(words("".join(shown.itertext()))) > 3


@pytest.mark.parametrize("name", ["security_code", "closing_code", "address_change"])
def test_a_code_comes_first_in_its_groups(name: str) -> None:
    mail = written(name)
    assert mail.text.startswith("123\u00a0456 est votre code ")
    assert words_of_html(mail.html)[2:6] == ["123", "456", "est", "votre"]


def test_the_activation_code_is_in_groups_in_both_parts() -> None:
    mail = written("registration")
    for body in (mail.text, mail.html):
        assert "1234\u00a0567\u00a0890\u00a0123" in body
        assert "1234567890123" not in body


@pytest.mark.parametrize(("name", "facts"), EACH)
def test_a_mail_has_the_telephone_and_its_hours(name: str, facts: dict[str, object]) -> None:
    """Whoever is frightened by a mail must not look for the number."""
    mail = written(name, facts)
    phone = "01\u00a099\u00a000\u00a012\u00a034"
    for body in (mail.text, mail.html):
        assert "du lundi au vendredi, de 9\u00a0h à 18\u00a0h" in body and phone in body
        told = re.findall(r"[Aa]ppelez-nous[^.?:<]*?au (?:<a href=\"([^\"]+)\">)?([^<.,:]+)", body)
        assert told and all(number.strip() == phone for _, number in told)
    assert f'<a href="tel:+33199001234">{phone}</a>' in mail.html


NOT_TOLD = {"registration", "address_taken", "security_code", "closing_code", "address_change"}
NOT_TOLD |= {"recovery", "closing", "closed", "takeover_done", "takeover_taken", "trial"}
NOT_TOLD |= {"already_there"}


@pytest.mark.parametrize("name", sorted(set(MAILS) - NOT_TOLD))
def test_a_notice_tells_the_day_and_the_hour_of_what_happened(name: str) -> None:
    """It may be read days later, in another zone."""
    for body in (written(name).text, written(name).html):
        assert "le 30\u00a0novembre 2026 à\u00a018\u00a0h\u00a036, heure de Paris" in body


@pytest.mark.parametrize(("name", "facts"), EACH)
def test_a_link_has_words_where_words_can_carry_one(name: str, facts: dict[str, object]) -> None:
    """The address itself is shown only in the mail that is kept for it."""
    links = re.findall(r"<a [^>]*>([^<]*)</a>", written(name, facts).html)
    raw = [each for each in links if "://" in each]
    assert raw == ([f"{SITE}/"] if name == "space_opened" else [])


@pytest.mark.parametrize("name", NAMES)
def test_the_subject_is_one_short_line(name: str) -> None:
    subject = written(name).subject
    assert "\n" not in subject
    assert 10 < len(subject) <= 78


@pytest.mark.parametrize("name", NAMES)
def test_the_subject_arrives_as_it_was_written(app: Flask, name: str) -> None:
    """A long one may be folded in the middle of an accented word, which then falls apart."""
    Mail(app)
    subject = written(name).subject
    message = Message(subject, ["odile@example.org"], "x", sender="x@example.org", charset="utf-8")
    with app.app_context():
        raw = message.as_bytes()
    assert message_from_bytes(raw, policy=policy.default)["subject"] == subject


@pytest.mark.parametrize("name", NAMES)
def test_apostrophes_are_typographic(name: str) -> None:
    mail = written(name)
    body = mail.html.split("</style>")[1]
    assert "'" not in mail.subject + mail.text + body


def test_every_fact_of_a_mail_is_read_in_it() -> None:
    environment = mail_environment()
    for name in NAMES:
        parts = [(FOLDER / name / part).read_text() for part in PARTS]
        read = set().union(*(find_undeclared_variables(environment.parse(part)) for part in parts))
        assert set(MAILS[name].facts) <= read, name


def test_every_mail_that_a_service_posts_exists_and_none_is_left_over() -> None:
    posted = set()
    for file in (ROOT / "webapp" / "services").rglob("*.py"):
        posted |= _posted(file)
    assert posted <= set(MAILS), "declare them in webapp/rules/mails.py, with their titles"
    assert posted == set(MAILS), "no service posts them"


def _posted(file: Path) -> set[str]:
    text = file.read_text()
    calls = re.findall(
        r"(?:outbox\.(?:post|sealed)|notices\.tell|notices\.draft)\(\s*work,(.*?),\s*\n?\s*to=",
        text,
        re.DOTALL,
    )
    at_once = re.findall(r'world\.mails\.write\("(\w+)"', text)
    return {name for call in calls for name in re.findall(r'"(\w+)"', call)} | {*at_once}
