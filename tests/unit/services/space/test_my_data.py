"""What is held is told, all of it, and nothing of anybody else's."""

import json
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import insert, update

from player.members import ODILE, RENE, with_account
from player.statements import Statements
from tests.closings import everything_of
from tests.journeys import found, journalled, reissued, signed_in
from webapp.models import Account, AddressChange, RollEntry, Takeover
from webapp.rules.statuses import REFUSED
from webapp.services.letters import posting
from webapp.services.space import my_data


@pytest.fixture
def session(work):
    """Odile in her space, on a device that she trusts, with a row everywhere; René has his."""
    account_id = with_account(work)
    other = with_account(work, RENE)
    work.db.execute(
        insert(AddressChange).values(
            id="f" * 32, account_id=other, state="done", email="secret@example.org",
            email_key="secret@example.org", former_email=RENE.email, former_key=RENE.email,
            codes="", created_at=work.now, mailed_at=work.now, expires_at=work.now,
        )
    )  # fmt: skip
    session = found(work, signed_in(work, remember=True).token)
    everything_of(work, account_id)
    return session


def exported(work, session):
    text = my_data.export(work, session)
    work.settle()
    return json.loads(text)


def test_the_file_has_every_part(work, session):
    file = exported(work, session)
    assert list(file) == [
        "format", "made_at", "member", "account", "terms", "sessions", "devices", "passkeys",
        "authenticators", "recovery_codes", "address_changes", "takeovers", "recoveries",
        "registrations", "paper_letters", "letters", "journal", "kept",
    ]  # fmt: skip
    empty = {key for key, value in file.items() if not value}
    assert empty == {"registrations", "paper_letters"}
    assert file["member"]["number"] == ODILE.number
    assert file["account"]["email"] == ODILE.email
    assert file["passkeys"][0]["name"] == "Téléphone"
    assert file["address_changes"][0]["former_email"] == ODILE.email
    assert file["devices"][0]["trusted"] is True
    assert "sign_in.done" in [each["event"] for each in file["journal"]]
    done = next(each for each in file["journal"] if each["event"] == "sign_in.done")
    assert done["facts"]["remembered"] is True and done["origin"] == work.origin


def test_the_file_has_the_postal_address_line_by_line_and_the_situation(work, session):
    assert (exported(work, session)["member"]["address"]) == []
    lines = ["MME ODILE EXEMPLE", "12 RUE DES LILAS", "01000 BOURG EN BRESSE"]
    work.db.execute(update(RollEntry).values(address="\n".join(lines), status=REFUSED))
    work.settle()
    member = exported(work, session)["member"]
    assert (member["address"], member["status"]) == (lines, "refused")


def test_the_file_tells_of_each_paper_letter_and_of_no_code(work, session):
    first, second = reissued(work), reissued(work)
    posting.posted(work, 2, on=None, operator="c.martin")
    work.settle()
    file = exported(work, session)
    now, empty = work.now.isoformat(), {"used_at": None, "returned_at": None}
    assert file["paper_letters"] == [
        {"batch_id": 1, "sequence": 1, "posted_on": None, "made_at": now, **empty},
        {"batch_id": 2, "sequence": 1, "posted_on": "2026-12-01", "made_at": now, **empty},
    ]
    assert first.access_code not in str(file) and second.access_code not in str(file)


def test_it_holds_no_secret_and_no_hash(work, session):
    text = my_data.export(work, session)
    assert "argon2" not in text
    for name in ("password", "secret", "mac", "public_key", "credential", 'codes"', "id_hash"):
        assert f'"{name}' not in text, name


def test_it_tells_nothing_of_another_member(work, session):
    text = my_data.export(work, session)
    assert RENE.email not in text and RENE.number not in text and "secret@example" not in text


def test_every_moment_has_its_zone(work, session):
    file = exported(work, session)
    moments = [file["made_at"], file["account"]["created_at"], file["terms"][0]["accepted_at"]]
    moments += [each["at"] for each in file["journal"]]
    assert all(datetime.fromisoformat(each).tzinfo for each in moments)


def test_the_order_is_the_same_each_time(work, session):
    first = my_data.export(work, session)
    work.db.rollback()  # its own line in the journal with it
    assert my_data.export(work, session) == first


def test_odd_signs_are_valid_json(work, session):
    odd = "L\u2028'été \"\\</script>\u0085🜁"
    work.db.execute(update(RollEntry).values(first_name=odd))
    assert exported(work, session)["member"]["first_name"] == odd


def test_dates_of_the_roll_are_dates(work, session):
    work.db.execute(update(RollEntry).values(birth_date=date(1950, 3, 1)))
    held = my_data.held(work, session)
    assert held.member["birth_date"].isoformat() == "1950-03-01"
    assert exported(work, session)["member"]["birth_date"] == "1950-03-01"


def test_taking_it_is_journalled_and_reading_it_is_not(work, session):
    my_data.held(work, session, with_journal=True)
    assert journalled(work, "data.exported") == []
    exported(work, session)
    assert journalled(work, "data.exported") == [{}]


def test_all_of_it_is_one_question(work, session):
    with Statements(work.db.engine) as statements:
        my_data.held(work, session, with_journal=True)
    assert len(statements.seen) == 1


def test_an_account_about_to_close_says_when(work, session, clock):
    work.db.execute(update(Account).values(closing_at=clock.time + timedelta(days=7)))
    work.db.execute(update(Takeover).values(ended_at=clock.time))
    assert my_data.held(work, session).account["closing_at"] == clock.time + timedelta(days=7)
