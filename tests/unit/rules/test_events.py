"""The journal's events are declared, and so is each fact that they may carry."""

import pytest

from webapp.rules.events import EVENTS, check

SECRETS = {"password", "code", "access_code", "token", "secret", "email", "address", "number"}


@pytest.mark.parametrize("event", EVENTS)
def test_an_event_may_carry_its_declared_facts_or_none(event):
    check(event, dict.fromkeys(EVENTS[event], 1))
    check(event, {})


@pytest.mark.parametrize("event", EVENTS)
def test_an_undeclared_fact_is_an_error(event):
    with pytest.raises(ValueError, match="may not carry"):
        check(event, {"password": "quatre mots"})


def test_an_undeclared_event_is_an_error():
    with pytest.raises(ValueError, match="unknown event"):
        check("sign_in.guessed", {})


def test_no_event_may_carry_a_secret_or_an_address():
    assert not SECRETS & set().union(*EVENTS.values())
