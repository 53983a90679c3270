"""Every mail has its three parts, and both bodies say the same."""

import html
import re
from email import message_from_bytes, policy
from pathlib import Path

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


def words_of_html(text: str) -> list[str]:
    """What a reader of the HTML part reads, in order; a link is its words, then its address
    unless the words are the address."""
    body = html5lib.parse(text, namespaceHTMLElements=False).find("body")
    for link in body.iter("a"):
        address = link.get("href") or ""
        if address not in "".join(link.itertext()):
            link.tail = f" {address} {link.tail or ''}"
    return words(" ".join(body.itertext()))


def words(text: str) -> list[str]:
    """The words, whatever the layout: no signs that only lay out, no spaces of any width."""
    flat = re.sub(r"[\s\u00a0\u202f]+|^--$", " ", text, flags=re.MULTILINE)
    return [each for each in flat.split() if each not in (":", "--")]


def test_a_mail_is_a_folder_of_three_files() -> None:
    assert set(NAMES) == set(MAILS), "a folder and a declaration in webapp/rules/mails.py each"
    for name in NAMES:
        parts = {each.name for each in (FOLDER / name).iterdir()}
        assert parts == PARTS, f"templates/mail/{name} is made of {sorted(PARTS)}"


EACH = [(mail.key, facts) for mail in MAILS.values() for facts in (mail.facts, *mail.others)]


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
    assert all(each.startswith(f"{SITE}/") for each in links)


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
