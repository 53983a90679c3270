"""No secret stands in any table as it was typed, mailed or kept in a cookie."""

import re

from player.members import ODILE, RENE, on_the_roll, with_account
from player.world import PASSWORD
from tests.journeys import (
    at_code,
    at_rank,
    code_in_mail,
    drafted,
    dump,
    found,
    give_code,
    give_password,
    in_waiting,
    last_mail,
    mailed_link,
    refused,
    wrong,
)
from webapp.rules.credentials import grouped
from webapp.rules.ranks import Rank
from webapp.services.registration import address, confirmation, pending
from webapp.services.roll import entries

MISTYPED = "quatre mots presque pareils"
DIGEST = re.compile(r"[0-9A-Za-z+/_-]{32,}|(?<=:\d\d)\.\d{6}")
"""A keyed hash, or the microseconds of a moment: six digits in a row are in one by chance."""


def played(work, clock):
    """Both journeys, with their slips; every secret on the way."""
    yield from (ODILE.access_code, grouped(ODILE.access_code), PASSWORD, MISTYPED)
    with refused("letter_wrong"):
        entries.entry_of_letter(work, ODILE.number, RENE.access_code)
    yield RENE.access_code
    session = drafted(work)
    registration_id = in_waiting(work)
    yield from (mailed_link(work), code_in_mail(work))
    clock.advance(minutes=1)
    pending.resend(work, registration_id)
    yield from (mailed_link(work), code_in_mail(work))
    here = at_rank(work, Rank.REGISTERING, registration_id)
    letter = {"access_code": ODILE.access_code}
    address.change(work, here, email="o@example.org", **letter)
    link, code = mailed_link(work), code_in_mail(work)
    yield from (link, code)
    with refused("activation_wrong"):
        confirmation.by_code(work, registration_id, code=wrong(code))
    yield wrong(code)
    waiting = give_password(work, "o@example.org")
    yield waiting.token
    confirmation.by_link(work, link)
    with refused("sign_in_wrong"):
        give_password(work, "o@example.org", MISTYPED)
    under_way = give_password(
        work, "o@example.org", remember=True, previous=found(work, waiting.token)
    )
    assert last_mail(work).name == "security_code"
    code = code_in_mail(work)
    yield from (under_way.token, code, wrong(code))
    with refused("code_wrong"):
        give_code(work, found(work, under_way.token), wrong(code))
    entered = give_code(work, found(work, under_way.token), code)
    yield from (entered.token, entered.device_secret)
    assert session


def test_no_table_holds_a_clear_secret_at_any_moment(work, clock):
    on_the_roll(work)
    secrets: list[str] = []
    for secret in played(work, clock):
        secrets.append(secret)
        held = dump(work)
        short = DIGEST.sub("", held)
        assert [each for each in secrets if each in (held if len(each) > 6 else short)] == []
    assert len(secrets) > 15


def test_the_dump_would_see_one(work):
    with_account(work)
    at_code(work)
    held = dump(work)
    assert ODILE.email in held and "security_code" in held and "argon2id" in held
