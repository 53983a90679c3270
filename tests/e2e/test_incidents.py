"""What may go wrong on the way, played in the words that QA reads."""

import pytest

from player.members import ODILE
from player.scene import NotHere
from player.screens.mailbox import CONFIRMATION
from player.walk import play_all
from qa.incidents import INCIDENTS, LOST_NETWORK, TWO_TABS
from webapp.rules.procedure import DEVICE


@pytest.mark.parametrize("incident", [*INCIDENTS, DEVICE], ids=lambda each: each.key)
def test_it_ends_as_its_words_promise(stage, page, scripts, watch, incident):
    stage.sends_letter_to()
    if incident is not LOST_NETWORK:
        play_all(incident, stage, page)
        return
    watch.excused |= {"ERR_INTERNET_DISCONNECTED", "htmx:error"}
    if scripts:
        play_all(incident, stage, page)
        return
    with pytest.raises(NotHere):
        play_all(incident, stage, page)


def test_two_tabs_ask_for_one_mail(stage, phone):
    stage.sends_letter_to()
    play_all(TWO_TABS, stage, phone)
    assert stage.mails(ODILE.email, CONFIRMATION) == 1
