"""8 bits of a password that waits: kept where its hash is, wiped with it, worth nothing alone."""

from collections import Counter

import pytest
from sqlalchemy import select

from player.members import ODILE, on_the_roll, with_account
from player.world import NEW_PASSWORD, PASSWORD, still_world, test_settings
from tests.journeys import drafted, in_waiting, mailed_link, mailed_stop, taking_over
from webapp.models import Registration, Takeover
from webapp.services.kernel import password_tags
from webapp.services.kernel.work import Work
from webapp.services.registration import confirmation, drafts
from webapp.services.takeover import effect, waiting


def tags(work: Work, table: type[Registration] | type[Takeover] = Registration) -> list[int | None]:
    found = list(work.db.execute(select(table.password_tag)).scalars())
    work.settle()
    return found


def test_a_draft_bears_the_tag_of_its_password_and_member(work: Work) -> None:
    roll_id = on_the_roll(work)
    in_waiting(work)
    assert tags(work) == [password_tags.of(work, roll_id, PASSWORD)]


def test_another_password_brings_its_own_tag(work: Work) -> None:
    roll_id = on_the_roll(work)
    session = drafted(work)
    drafts.write(
        work, number=ODILE.number, access_code=ODILE.access_code, email=ODILE.email,
        password=NEW_PASSWORD, previous=session,
    )  # fmt: skip
    assert password_tags.of(work, roll_id, NEW_PASSWORD) in tags(work)


def test_a_password_kept_on_the_way_back_keeps_its_tag(work: Work) -> None:
    roll_id = on_the_roll(work)
    session = drafted(work)
    drafts.write(
        work, number=ODILE.number, access_code=None, email=ODILE.email,
        password=None, previous=session,
    )  # fmt: skip
    assert tags(work) == [password_tags.of(work, roll_id, PASSWORD)]


def test_a_confirmation_wipes_it(work: Work) -> None:
    on_the_roll(work)
    in_waiting(work)
    confirmation.by_link(work, mailed_link(work))
    assert tags(work) == [None]


def test_a_takeover_takes_it_along_and_loses_it_when_it_is_stopped(work: Work) -> None:
    with_account(work)
    taking_over(work, email=ODILE.other_email, password=NEW_PASSWORD)
    roll_id = work.db.execute(select(Registration.roll_id)).scalar_one()
    assert tags(work, Takeover) == [password_tags.of(work, roll_id, NEW_PASSWORD)]
    waiting.stop(work, mailed_stop(work))
    assert tags(work, Takeover) == [None]


def test_a_takeover_that_takes_effect_loses_it(work: Work, clock) -> None:
    with_account(work)
    taking_over(work, email=ODILE.other_email, password=NEW_PASSWORD)
    clock.advance(hours=24)
    assert effect.apply_due(work) == 1
    assert tags(work, Takeover) == [None]


@pytest.mark.parametrize("typed", ["mot de passe accentué", "mot de passe accentue\u0301"])
def test_both_writings_of_a_password_bear_one_tag(work: Work, typed: str) -> None:
    assert password_tags.of(work, 7, typed) == password_tags.of(work, 7, "mot de passe accentué")


def test_it_is_another_for_another_member_or_key(work: Work) -> None:
    """Over so many passwords: one may be the same by chance."""
    other_key = Work(work.db.engine, still_world(test_settings(secret_key="x" * 40)))
    typed = [f"mot de passe {each}" for each in range(64)]
    own = [password_tags.of(work, 7, each) for each in typed]
    assert own != [password_tags.of(work, 8, each) for each in typed]
    assert own != [password_tags.of(other_key, 7, each) for each in typed]


def test_one_wrong_password_in_256_bears_it_by_chance(work: Work) -> None:
    tag = password_tags.of(work, 7, PASSWORD)
    may = Counter(password_tags.may_be(work, tag, 7, f"faux {each}") for each in range(25_600))
    assert 50 < may[True] < 150
    assert password_tags.may_be(work, tag, 7, PASSWORD)


def test_it_is_known_under_a_former_key(work: Work) -> None:
    before = Work(work.db.engine, still_world(test_settings(secret_key="k" * 40)))
    keys = {"secret_key": "n" * 40, "secret_key_fallbacks": ("k" * 40,)}
    after = Work(work.db.engine, still_world(test_settings(**keys)))
    for each in range(20):
        tag = password_tags.of(before, 7, f"mot de passe {each}")
        assert password_tags.may_be(after, tag, 7, f"mot de passe {each}")


def test_without_a_tag_it_may_be_any(work: Work) -> None:
    assert password_tags.may_be(work, None, 7, PASSWORD)
