"""The journal's events are declared, with their words, and so is each fact that they may carry."""

import json

import pytest

from webapp.rules import events
from webapp.rules.events import EVENTS, HISTORY, check, told

SECRETS = {"password", "code", "access_code", "token", "secret", "email", "address", "number"}


@pytest.mark.parametrize("event", EVENTS)
def test_an_event_may_carry_its_declared_facts_or_none(event):
    check(event, EVENTS[event].facts)
    check(event, {})


@pytest.mark.parametrize("event", EVENTS)
def test_an_undeclared_fact_is_an_error(event):
    with pytest.raises(ValueError, match="may not carry"):
        check(event, {"password": "quatre mots"})


def test_an_undeclared_event_is_an_error():
    with pytest.raises(ValueError, match="unknown event"):
        check("sign_in.guessed", {})


@pytest.mark.parametrize("facts", [{"left": "4"}, {"left": None}, {"left": True}])
def test_a_fact_of_another_type_than_its_example_is_an_error(facts):
    with pytest.raises(ValueError, match="another type"):
        check("sign_in.code_refused", facts)


def test_what_no_member_reads_is_about_no_account():
    check("registration.drafted", {})
    with pytest.raises(ValueError, match="shown to no member"):
        check("registration.drafted", {}, account_id=1)


def test_no_event_may_carry_a_secret_or_an_address():
    assert not SECRETS & {fact for each in EVENTS.values() for fact in each.facts}


@pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS)
def test_an_event_is_told_in_french_with_or_without_its_facts(event):
    for facts in ({}, event.facts):
        words = event.told(facts)
        assert words[0].isupper() and "_" not in words and "'" not in words and "{" not in words
    assert json.loads(json.dumps(event.facts)) == event.facts


def test_other_words_and_endings_are_those_of_declared_facts():
    for event in EVENTS.values():
        assert {*event.instead, *event.ending} <= set(event.facts), event.key
        for fact, others in event.instead.items():
            kinds = {type(value) for value in others}
            assert kinds == {type(event.facts[fact])}, event.key


def test_no_two_events_of_the_history_are_told_alike():
    words = [EVENTS[key].words for key in HISTORY]
    assert len(set(words)) == len(words)


def test_facts_choose_the_words_and_end_them():
    assert told("second_step.mail", {"off": True}) == "Code de sécurité par mail arrêté"
    assert told("second_step.mail", {"off": False}) == "Code de sécurité par mail rétabli"
    done = {"agent": "Firefox {} sur Linux"}
    assert told("sign_in.done", done) == "Connexion réussie depuis Firefox {} sur Linux"
    assert told("sign_in.done", {"agent": ""}) == "Connexion réussie"


def test_words_have_the_no_break_spaces_of_french():
    assert told("recovery.asked", {}) == "Mot de passe oublié\u00a0: lien demandé"


def test_an_event_of_another_version_is_told_without_its_key():
    assert told("moon.landed", {"number": 1}) == events._UNKNOWN
