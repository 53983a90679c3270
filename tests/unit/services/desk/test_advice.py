"""For each state that a member is in, whoever answers the telephone reads what to do, first."""

from dataclasses import replace
from datetime import date

import pytest

from tests.member_facts import (
    DAY,
    GERARD,
    GOOD,
    HOUR,
    NOW,
    SENT,
    SPACE,
    USED,
    WAITING,
    facts,
)
from webapp.rules.statuses import DECEASED, LEFT, REFUSED
from webapp.services.desk import advice
from webapp.services.desk.letters import LetterFacts
from webapp.services.desk.mails import SentMail
from webapp.services.desk.member import MemberFacts
from webapp.services.desk.space import ChangeState, Space, TakeoverState
from webapp.services.desk.told import LIMITS
from webapp.services.desk.waits import Wait

REFUSED_MAIL = replace(SENT, state="failed", error="550 5.1.1")
BOUNCED = replace(SENT, outcome="failed", outcome_status="5.1.1")
OPEN = ["open", "open_password", "open_mailbox", "open_stolen"]


def told(of: MemberFacts) -> dict[str, str]:
    """What is said, by state, its no-break spaces made plain."""
    return {key: words.replace("\u00a0", " ") for key, words in advice.of(of, NOW)}


def of_registration(mail: SentMail | None = SENT, **values: object) -> MemberFacts:
    one = replace(WAITING, mail=mail, **values)  # type: ignore[arg-type]
    return facts(registrations=(one,), mails=(mail,) if mail else ())


def of_space(letter: LetterFacts = USED, **values: object) -> MemberFacts:
    own: Space = replace(SPACE, **values)  # type: ignore[arg-type]
    return facts(letter=letter, space=own)


# Call 1, the letter never came; call 4, it expired


def test_a_letter_that_was_posted_a_while_ago_is_still_good() -> None:
    [(key, words)] = told(facts()).items()
    assert key == "letter_good"
    assert words.startswith("Le courrier est encore bon jusqu’au 9 février 2027 : demandez")


def test_a_letter_that_was_just_posted_may_still_come() -> None:
    posted = replace(GOOD, posted_on=date(2026, 11, 28))
    words = told(facts(letter=posted))["letter_on_its_way"]
    assert "posté le 28 novembre 2026" in words
    assert "S’il n’est pas là le 5 décembre 2026" in words


def test_a_letter_that_is_not_posted_yet_is_waited_for() -> None:
    made = replace(GOOD, state="made", posted_on=None)
    assert "N’en demandez pas d’autre" in told(facts(letter=made))["letter_made"]


def test_the_mutual_s_own_letter_is_looked_for() -> None:
    own = LetterFacts("good", NOW - 20 * DAY, date(2027, 2, 9))
    assert [*told(facts(letter=own))] == ["letter_good"]


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("unwritten", "Aucun courrier n’est encore fait : demandez-en un"),
        ("expired", "n’est plus bon depuis le 9 février 2027"),
        ("returned", "Le courrier est revenu"),
        ("erased", "L’espace a été effacé"),
        ("used", "a déjà servi"),
    ],
)
def test_a_letter_that_opens_nothing(state: str, words: str) -> None:
    found = told(facts(letter=replace(GOOD, state=state)))
    assert words in found[f"letter_{state}"]


@pytest.mark.parametrize("state", ["unwritten", "expired", "returned", "posted"])
def test_a_letter_that_was_asked_for_is_not_asked_for_twice(state: str) -> None:
    found = told(facts(letter=replace(GOOD, state=state), letter_wanted_at=NOW - HOUR))
    assert [*found] == ["letter_wanted"]
    assert "depuis le 1er décembre 2026 à 9 h 00" in found["letter_wanted"]


# Call 2, a wrong e-mail; call 3, no mail arrives


def test_a_mail_that_left_is_looked_for_at_an_address_that_the_caller_knows_again() -> None:
    words = told(of_registration())["registration_sent"]
    assert "parti le 1er décembre 2026 à 9 h 00 à o•••@e•••.org" in words
    assert "indésirables" in words


def test_a_mail_that_its_mailbox_delays() -> None:
    late = replace(SENT, outcome="delayed")
    assert "le fait attendre" in told(of_registration(late))["registration_sent"]


@pytest.mark.parametrize(("mail", "codes"), [(REFUSED_MAIL, "(550 5.1.1)"), (BOUNCED, "(5.1.1)")])
def test_a_mail_that_came_back_means_a_slip_in_the_address(mail: SentMail, codes: str) -> None:
    words = told(of_registration(mail))["registration_back"]
    assert f"à o•••@e•••.org est revenu {codes}" in words
    assert "C’est lui qui la saisit" in words


@pytest.mark.parametrize(
    ("mail", "key"),
    [
        (replace(SENT, state="ready", ended_at=None), "registration_leaving"),
        (replace(SENT, state="claimed", ended_at=None), "registration_leaving"),
        (replace(SENT, state="ready", error="450 4.2.1"), "registration_retried"),
        (replace(SENT, state="ready", error="relay 554 5.7.1"), "mail_ours"),
        (replace(SENT, state="expired"), "registration_late"),
        (None, "registration_sent"),
    ],
)
def test_a_mail_that_has_not_left(mail: SentMail | None, key: str) -> None:
    assert [*told(of_registration(mail))] == [key]


def test_a_registration_whose_terms_are_not_accepted() -> None:
    assert [*told(of_registration(None, state="draft"))] == ["registration_draft"]


def test_a_registration_that_is_over_begins_again_with_the_letter() -> None:
    assert [*told(of_registration(void=True))] == ["registration_void", "letter_good"]


def test_a_registration_under_way_whose_letter_came_back() -> None:
    returned = replace(of_registration(), letters=(replace(GOOD, state="returned"),))
    assert [*told(returned)] == ["registration_sent", "letter_returned"]


# Call 5, password and mailbox lost


def test_a_space_without_trouble_says_what_its_member_can_do() -> None:
    said = told(of_space())
    assert [*said] == OPEN
    assert "« Mot de passe oublié »" in said["open_password"]


def test_a_newer_letter_changes_the_access() -> None:
    assert "24 heures" in told(of_space(GOOD))["letter_newer"]


def test_a_takeover_that_waits_says_until_when() -> None:
    waits = TakeoverState("waiting", NOW, NOW + 6 * HOUR, None)
    words = told(of_space(takeover=waits))["takeover"]
    assert "Un nouvel accès, demandé avec un nouveau courrier, s’ouvrira à 16 h 00" in words
    leaves = replace(waits, leaves=True, effective_at=NOW + DAY)
    words = told(of_space(takeover=leaves))["takeover"]
    assert "Un espace à part" in words
    assert "le 2 décembre 2026 à 10 h 00" in words


def test_a_takeover_that_was_stopped_or_is_done() -> None:
    stopped = TakeoverState("stopped", NOW - DAY, NOW, NOW)
    assert "takeover_stopped" in told(of_space(takeover=stopped))
    assert [*told(of_space(takeover=replace(stopped, state="done")))] == OPEN


def test_a_password_that_is_to_be_chosen_anew() -> None:
    assert [*told(of_space(must_choose=True))] == ["must_choose"]


def test_a_change_of_address_that_waits_or_can_be_undone() -> None:
    waits = ChangeState("waiting", "n•••@e•••.org", NOW, NOW + DAY)
    assert "n•••@e•••.org" in told(of_space(changes=(waits,)))["change"]
    done = replace(waits, state="done", until=NOW + 6 * DAY)
    assert "jusqu’au 7 décembre" in told(of_space(changes=(done,)))["change_done"]


@pytest.mark.parametrize("mail", [REFUSED_MAIL, BOUNCED])
def test_the_mails_of_a_space_come_back(mail: SentMail) -> None:
    words = told(replace(of_space(), mails=(mail, SENT)))["mail_back"]
    assert "Les messages à o•••@e•••.org reviennent" in words


def test_an_older_mail_that_came_back_is_passed_over() -> None:
    assert [*told(replace(of_space(), mails=(SENT, BOUNCED)))] == OPEN


# Call 6, locked out


@pytest.mark.parametrize("limit", sorted(LIMITS))
def test_each_wait_says_until_when(limit: str) -> None:
    waits = (Wait(limit, NOW + HOUR / 12),)
    for of in (replace(of_space(), waits=waits), facts(waits=waits)):
        words = told(of)[f"wait_{limit}"]
        assert words.startswith("Trop d’essais (")
        assert "possible de nouveau à 10 h 05." in words
        assert advice.of(of, NOW)[0].key == f"wait_{limit}"


def test_a_wait_of_a_trusted_device_alone_says_so() -> None:
    waits = (Wait("password", NOW + HOUR, device=True),)
    assert "appareil de confiance" in told(replace(of_space(), waits=waits))["wait_password"]


# Call 7, the telephone is stolen


def test_a_suspended_space_lets_nobody_in() -> None:
    words = told(of_space(suspended_at=NOW - HOUR))["suspended"]
    assert "suspendu depuis le 1er décembre 2026 à 9 h 00" in words


# Call 9, a couple with one mailbox


def test_somebody_asks_to_join_the_space_of_the_same_mailbox() -> None:
    joins = facts(letter=USED, joins_until=NOW + 5 * DAY)
    assert "doit encore accepter, avant le 6 décembre" in told(joins)["joins"]
    asked = of_space(join_asked_until=NOW + 5 * DAY)
    assert "avant le 6 décembre" in told(asked)["join_asked"]


def test_a_shared_space_names_who_shares_it_and_not_their_numbers() -> None:
    words = told(of_space(others=(GERARD,)))["shared"]
    assert "partagé avec M. Gérard Exemple" in words
    assert GERARD.number not in words


# Call 11, deceased; call 12, refuses the online space; and who left


@pytest.mark.parametrize("status", [DECEASED, LEFT])
def test_of_who_died_or_left_nothing_else_is_said(status: str) -> None:
    assert [*told(replace(of_space(GOOD), on_the_roll=facts(status).on_the_roll))] == [status]
    assert [*told(facts(status))] == [status]


def test_who_refuses_the_online_space_gets_no_letter() -> None:
    assert [*told(facts(REFUSED))] == [REFUSED]
    with_space = replace(of_space(), on_the_roll=facts(REFUSED).on_the_roll)
    assert [*told(with_space)] == [REFUSED, *OPEN]


def test_a_space_that_is_to_be_closed_can_be_kept() -> None:
    assert "peut l’annuler" in told(of_space(closing_at=NOW + 3 * DAY))["closing"]


def test_every_sentence_is_whole_and_typographic() -> None:
    waits = tuple(Wait(limit, NOW + HOUR) for limit in LIMITS)
    everything = [
        *advice.of(replace(of_space(GOOD, suspended_at=NOW, closing_at=NOW), waits=waits), NOW),
        *advice.of(of_registration(BOUNCED), NOW),
        *(each for status in (DECEASED, LEFT, REFUSED) for each in advice.of(facts(status), NOW)),
    ]
    for key, words in everything:
        assert words.endswith("."), key
        assert "'" not in words, key
        assert "None" not in words, key
