"""The paper, played from its first line to its last."""

import pytest

from player.browsers import DESKTOP, PHONE
from player.camera import cameras
from player.walk import walk
from tests.e2e.ledger import OneRoundTrip, PlainForms
from webapp.rules.procedure import ACTIVATION, REGISTRATION, SIGN_IN

BOTH_WAYS = pytest.mark.parametrize("way", [REGISTRATION, ACTIVATION], ids=lambda way: way.key)


def play(way, stage, page, name, *witnesses):
    stage.sends_letter_to()
    witnesses = (*witnesses, *cameras(name))
    walk(way, stage, page, *witnesses)
    walk(SIGN_IN, stage, page, *witnesses)


@BOTH_WAYS
def test_a_member_with_the_letter_comes_into_the_space(stage, page, scripts, way):
    witness = OneRoundTrip(page) if scripts else PlainForms(page)
    play(way, stage, page, f"phone-{'htmx' if scripts else 'plain'}-{way.key}", witness)


@BOTH_WAYS
def test_on_a_computer_too(stage, open_browser, way):
    page = open_browser(DESKTOP)
    play(way, stage, page, f"desktop-htmx-{way.key}", OneRoundTrip(page))


@BOTH_WAYS
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_on_postgresql_too(stage, open_browser, way):
    page = open_browser(PHONE)
    play(way, stage, page, f"postgresql-{way.key}", OneRoundTrip(page))
