"""What may go wrong on the way, played in the words that QA reads."""

import pytest

from tests.e2e.screens.mailbox import CONFIRMATION
from tests.e2e.scripts import NotHere
from tests.e2e.walk import play_all
from tests.members import ODILE
from webapp.rules.mishaps import LOST_NETWORK, MISHAPS, TWO_TABS
from webapp.rules.procedure import DEVICE


@pytest.mark.parametrize("mishap", [*MISHAPS, DEVICE], ids=lambda each: each.key)
def test_it_ends_as_its_words_promise(stage, page, scripts, watch, mishap):
    stage.sends_letter_to()
    if mishap is not LOST_NETWORK:
        play_all(mishap, stage, page)
        return
    watch.excused |= {"ERR_INTERNET_DISCONNECTED", "htmx:error"}
    if scripts:
        play_all(mishap, stage, page)
        return
    with pytest.raises(NotHere):
        play_all(mishap, stage, page)


def test_two_tabs_ask_for_one_mail(stage, phone):
    stage.sends_letter_to()
    play_all(TWO_TABS, stage, phone)
    assert stage.mails(ODILE.email, CONFIRMATION) == 1
