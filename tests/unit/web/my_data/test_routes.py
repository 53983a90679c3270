"""« Mes données » on both databases: the page, the print, the file, the proofs of terms."""

import json

import pytest
from sqlalchemy import select, update

from player.members import LUCE, ODILE, becomes, with_account
from player.world import PASSWORD
from tests.checked_client import CheckedClient, tree
from tests.visitors import Progress, Town
from webapp.models import JournalEntry, RollEntry, TermsAcceptance
from webapp.rules.event import Shown
from webapp.rules.events import EVENTS
from webapp.rules.mails import MAILS, Kind
from webapp.rules.statuses import REFUSED
from webapp.services.kernel import journal
from webapp.services.mail import notices

PAGE = "/espace/mes-donnees"
EXPORT, FILE = f"{PAGE}/export", f"{PAGE}/export.json"


def read(text: str) -> str:
    return " ".join("".join(tree(text).itertext()).split())


def proof_of(town: Town, number: str) -> int:
    found = town.work.db.execute(
        select(TermsAcceptance.id)
        .join(RollEntry, RollEntry.id == TermsAcceptance.roll_id)
        .where(RollEntry.number == number)
    ).scalar_one()
    town.work.settle()
    return found


@pytest.fixture(params=[Progress.MEMBER, Progress.TERMS])
def browser(town: Town, request: pytest.FixtureRequest) -> CheckedClient:
    """Odile, in her space or before new terms."""
    return town.browser(request.param)


def test_it_shows_who_i_am_why_and_how_long(browser: CheckedClient) -> None:
    text = read(browser.get(PAGE).text)
    for words in (ODILE.number, ODILE.email, "Mme Odile Exemple", "Santé Confort", "12 mois"):
        assert words in text
    assert "(cette connexion)" in text


def test_the_print_shows_the_journal_too(browser: CheckedClient) -> None:
    text = read(browser.get(EXPORT).text)
    assert "connexion réussie" in text
    assert ODILE.number in text


def test_no_event_and_no_mail_is_shown_by_its_key(town: Town, browser: CheckedClient) -> None:
    shown = [each for each in EVENTS.values() if each.shown is not Shown.TO_NO_MEMBER]
    told = [mail for mail in MAILS.values() if mail.kind is not Kind.TRANSACTIONAL]
    for event in shown:
        journal.write(town.work, event.key, account_id=1, **event.facts)
    for mail in told:
        notices.tell(town.work, mail.key, to=ODILE.email, **mail.facts)
    town.work.settle()
    text = read(browser.get(EXPORT).text)
    for event in shown:
        words = " ".join(event.told(event.facts).split())
        assert words[0].lower() + words[1:] in text
        assert event.key not in text
    for mail in told:
        assert f"« {mail.title} »" in text


@pytest.mark.parametrize("path", [PAGE, EXPORT])
def test_what_the_roll_says_is_shown_as_text(town: Town, path: str) -> None:
    payload = '"><svg onload=a>{{7*7}}'
    town.work.db.execute(update(RollEntry).values(first_name=payload))
    town.work.settle()
    page = tree(town.browser(Progress.MEMBER).get(path).text)
    assert payload in "".join(page.itertext())
    assert not list(page.iter("svg"))


@pytest.mark.parametrize("path", [PAGE, EXPORT, "/espace"])
def test_the_postal_address_is_shown_where_there_is_one(town: Town, path: str) -> None:
    browser = town.browser(Progress.MEMBER)
    assert "Adresse postale" not in _own(browser.get(path).text)
    town.work.db.execute(update(RollEntry).values(address="12 RUE DES LILAS\n01000 BOURG"))
    town.work.settle()
    own = _own(browser.get(path).text)
    assert "12 RUE DES LILAS\n01000 BOURG" in own and "Une erreur" in browser.get(PAGE).text


@pytest.mark.parametrize("path", [PAGE, EXPORT])
def test_the_situation_is_said_in_words(town: Town, path: str) -> None:
    becomes(town.work, REFUSED)
    assert "refuse l’espace en ligne" in _own(town.browser(Progress.MEMBER).get(path).text)


def _own(page: str) -> str:
    """What the page says of the member, without what is kept of all."""
    return "".join("".join(each.itertext()) for each in tree(page).iter("dl"))


def test_the_file_is_an_attachment_in_json(town: Town, browser: CheckedClient) -> None:
    answer = browser.submit(FILE, {}, page=PAGE)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    disposition = 'attachment; filename="mes-donnees-smie-2026-12-01.json"'
    assert answer.headers["Content-Disposition"] == disposition
    assert answer.headers["Cache-Control"] == "no-store"
    assert json.loads(answer.data)["account"]["email"] == ODILE.email
    events = town.work.db.execute(select(JournalEntry.event)).scalars().all()
    town.work.settle()
    assert events.count("data.exported") == 1


def test_the_button_of_the_file_is_no_matter_of_htmx(browser: CheckedClient) -> None:
    for path in (PAGE, EXPORT):
        forms = list(tree(browser.get(path).text).iter("form"))
        (form,) = [each for each in forms if each.get("action") == FILE]
        assert form.get("hx-post") is None and form.get("method") == "post"


@pytest.mark.parametrize("verb", ["GET", "POST"])
def test_after_ten_minutes_the_password_is_asked_again(
    town: Town, browser: CheckedClient, verb: str
) -> None:
    token = browser.csrf(PAGE)
    town.work.world.clock.advance(minutes=10)  # type: ignore[attr-defined]
    path = EXPORT if verb == "GET" else FILE
    answer = browser.open(path, method=verb, data={"csrf_token": token})
    assert answer.headers["Location"] == "/espace/preuve?suite=my_data.export"
    proof = answer.headers["Location"]
    answer = browser.submit(proof, {"present_password": PASSWORD})
    assert answer.headers["Location"] == EXPORT
    assert browser.submit(FILE, {}, page=EXPORT).mimetype == "application/json"


def test_who_has_new_terms_to_accept_comes_back_to_them_from_a_proof_for_nothing(
    town: Town,
) -> None:
    browser = town.browser(Progress.TERMS)
    assert browser.get("/espace/preuve").headers["Location"] == "/connexion/conditions"


def test_nobody_outside_is_given_the_file(town: Town) -> None:
    for stage in (Progress.STREET, Progress.CODE, Progress.WAITING):
        browser = town.browser(stage)
        assert browser.post(FILE).status_code == 303
        assert browser.get(EXPORT).status_code == 303


def test_my_proof_says_who_what_when_and_shows_the_text(town: Town, browser: CheckedClient) -> None:
    path = f"{PAGE}/conditions/{proof_of(town, ODILE.number)}"
    assert path in browser.get(PAGE).text
    text = read(browser.get(path).text)
    terms = town.work.world.terms
    for words in (ODILE.number, "Mme Odile Exemple", "2026-11", terms.text_hash, "127.0.0.1"):
        assert words in text
    assert "1er décembre 2026 à 10 h 00" in text
    assert "son empreinte est la même" in text
    assert "À quoi sert ce texte" in text


def test_a_text_that_is_not_the_one_accepted_is_told(town: Town) -> None:
    town.work.db.execute(update(TermsAcceptance).values(text_hash="c" * 64))
    path = f"{PAGE}/conditions/{proof_of(town, ODILE.number)}"
    text = read(town.browser(Progress.MEMBER).get(path).text)
    assert "n’est pas exactement celui que vous avez accepté" in text
    assert town.work.world.terms.text_hash in text


def test_a_text_that_is_lost_is_told(town: Town) -> None:
    town.work.db.execute(update(TermsAcceptance).values(version="1999-01"))
    path = f"{PAGE}/conditions/{proof_of(town, ODILE.number)}"
    assert "Nous ne retrouvons pas ce texte" in town.browser(Progress.MEMBER).get(path).text


def test_somebody_else_s_proof_does_not_exist(town: Town, browser: CheckedClient) -> None:
    town.work.db.execute(RollEntry.__table__.delete().where(RollEntry.number == LUCE.number))
    with_account(town.work, LUCE)
    town.work.settle()
    assert browser.get(f"{PAGE}/conditions/{proof_of(town, LUCE.number)}").status_code == 404


def test_before_new_terms_no_tab_leads_back_to_them_by_surprise(town: Town) -> None:
    browser = town.browser(Progress.TERMS)
    for path in (PAGE, EXPORT, "/espace/mes-donnees/fermer", "/connexion/conditions"):
        page = tree(browser.get(path).text)
        ways = [each for each in page.iter() if each.get("class") in ("tabs", "back")]
        links = [link for way in ways for link in way.iter("a")]
        assert links
        for link in links:
            assert browser.get(str(link.get("href"))).status_code == 200


def test_the_session_goes_on_before_new_terms_too(town: Town) -> None:
    browser = town.browser(Progress.TERMS)
    town.work.world.clock.advance(minutes=29)  # type: ignore[attr-defined]
    browser.submit("/espace/prolonger", {}, page=PAGE)
    town.work.world.clock.advance(minutes=29)  # type: ignore[attr-defined]
    assert browser.get(PAGE).status_code == 200
