"""Codes guessed, repeated, taken elsewhere: five comparisons, one sign-in."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.faults.conftest import ALL, Tell
from tests.faults.portal import Portal
from tests.faults.visitor import Answer, Visitor, mailed_link
from tests.journeys import wrong
from webapp.models import Account

GUESSES = 1000 if ALL else 60


def together(many: int, act: Any) -> list[Answer]:
    """`act(which)` in so many threads at the same moment."""
    barrier = threading.Barrier(many)

    def alone(which: int) -> Answer:
        barrier.wait(60)
        return act(which)

    with ThreadPoolExecutor(many) as threads:
        return list(threads.map(alone, range(many)))


def test_of_a_thousand_wrong_codes_at_once_five_are_compared(town: Portal, tell: Tell) -> None:
    """S01."""
    member = town.member(account=True)
    visitor = Visitor(town)
    code = visitor.at_code(member)
    visitor.get("/connexion/code")
    before = town.events("sign_in.code_refused")
    twins = [visitor.twin() for _ in range(GUESSES)]
    answers = together(
        GUESSES,
        lambda n: twins[n].post("/connexion/code", {"security_code": wrong(code, n % 400_000)}),
    )
    compared = town.events("sign_in.code_refused") - before
    tell(f"{GUESSES} parallel wrong codes: {compared} compared")
    assert compared == 5
    assert Counter(each.status for each in answers)[500] == 0
    assert {each.status for each in answers} <= {303, 422, 429, 503}
    assert visitor.post("/connexion/code", {"security_code": code}).leads_to != "/espace"
    assert not visitor.is_in()


def test_over_many_sign_ins_of_one_account_twenty_are_compared_a_day(town: Portal) -> None:
    """S01: as many sign-ins as one likes refill nothing."""
    member = town.member(account=True)
    before = town.events("sign_in.code_refused")
    for _ in range(5):
        visitor = Visitor(town)
        code = visitor.at_code(member)
        for n in range(5):
            visitor.give_code(wrong(code, n))
    assert town.events("sign_in.code_refused") - before == 20


def test_the_right_code_fifty_times_at_once_signs_in_once(town: Portal, tell: Tell) -> None:
    """S02."""
    member = town.member(account=True)
    visitor = Visitor(town)
    code = visitor.at_code(member)
    visitor.get("/connexion/code")
    before = town.events("sign_in.done")
    twins = [visitor.twin() for _ in range(50)]
    answers = together(50, lambda n: twins[n].post("/connexion/code", {"security_code": code}))
    signed_in = [each for each in answers if each.leads_to == "/espace"]
    tell(f"right code x 50: {len(signed_in)} sign-in, {town.events('sign_in.done') - before} told")
    assert len(signed_in) == town.events("sign_in.done") - before == 1
    assert sum(twin.is_in() for twin in twins) == 1


def test_a_code_opens_only_the_sign_in_that_asked_for_it(town: Portal) -> None:
    """S03: another browser, another purpose, other digits."""
    member, other = town.member(account=True), town.member()
    first, second = Visitor(town), Visitor(town)
    code, own = first.at_code(member), second.at_code(member)
    if code != own:
        assert second.give_code(code).status == 422
    assert second.give_code(own).leads_to == "/espace"

    second.post("/deconnexion")
    Visitor(town).register(other)
    activation = town.relay.wait_for(other.email).code(13)
    assert first.give_code(activation).status == 422
    waiting = Visitor(town)
    assert waiting.give_password(other).leads_to == "/inscription/en-cours"
    waiting.get("/inscription/en-cours")
    answer = waiting.post("/inscription/en-cours", {"activation_code": code})
    assert answer.status == 422


@pytest.mark.parametrize("written", ["{0:.3} {0:.3}", " {0} ", "٣{0}", "\u202e{0}"])
def test_odd_digits_are_read_or_refused_never_a_fault(town: Portal, written: str) -> None:
    """S03: spaces are forgiven, foreign digits and directions never crash."""
    visitor = Visitor(town)
    code = visitor.at_code(town.member(account=True))
    typed = f"{code[:3]} {code[3:]}" if ":.3" in written else written.format(code)
    answer = visitor.give_code(typed)
    if written.strip("{0:.3} ") == "":
        assert answer.leads_to == "/espace"
    else:
        assert answer.status in (303, 422)


def test_a_link_pressed_twenty_times_at_once_confirms_once(town: Portal, tell: Tell) -> None:
    """S06."""
    member = town.member()
    visitor = Visitor(town)
    visitor.register(member)
    link = mailed_link(town, member)
    before = town.count(Account)
    twins = [Visitor(town) for _ in range(20)]
    for twin in twins:
        twin.get(link)
    answers = together(20, lambda n: twins[n].post(link))
    assert {each.status for each in answers} == {303}
    assert town.count(Account) - before == 1
    assert "finalisée" in visitor.get(link).text
    tell("link x 20: 1 account")


def test_a_registration_sent_twenty_times_at_once_is_one(town: Portal) -> None:
    """S15: a double click on « Continuer », ten times over."""
    member = town.member()
    visitor = Visitor(town)
    visitor.prove_letter(member)
    visitor.get("/inscription/cgu")
    twins = [visitor.twin() for _ in range(20)]
    answers = together(20, lambda n: twins[n].post("/inscription/cgu", {"accept": "y"}))
    assert {each.leads_to for each in answers} == {"/inscription/confirmation"}
    town.all_sent()
    assert len(town.relay.to(member.email)) == 1


def test_one_letter_in_fifty_browsers_makes_one_account(town: Portal) -> None:
    """S10, ASVS 2.3.4: each browser registers, one address, one account."""
    member = town.member()
    before = town.count(Account)

    def register(_which: int) -> Answer:
        visitor = Visitor(town)
        visitor.prove_letter(member)
        return visitor.accept_terms()

    answers = together(10 if not ALL else 50, register)
    assert {each.status for each in answers} <= {303, 422, 429}
    town.all_sent()
    for mail in town.relay.to(member.email):
        link = mail.find(r"https?://[^/\s]+(/inscription/validation/\S+)")
        assert Visitor(town).confirm(link).status < 500  # replaced ones say so
    assert town.count(Account) - before == 1
