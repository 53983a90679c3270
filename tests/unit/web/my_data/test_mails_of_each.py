"""The print of one's data, in a space of several: one's own mails apart from the space's."""

import pytest

from player.households import GERARD
from player.members import ODILE
from tests.checked_client import tree
from tests.visitors import Progress, Town
from webapp.services.mail import notices

EXPORT = "/espace/mes-donnees/export"
OWN, SPACE = "Ceux qui parlent de", "Ceux de l’espace que vous partagez"


def mails_told(text: str) -> tuple[str, str]:
    """The words of both lists."""
    read = " ".join("".join(tree(text).itertext()).split())
    _, own = read.split(OWN)
    own, shared = own.split(SPACE)
    return own, shared.split("Le journal de sécurité")[0]


@pytest.mark.parametrize("at", [0, 1])
def test_the_mails_about_one_stand_apart_from_those_of_the_space(town: Town, at: int) -> None:
    ids = town.shared_by(GERARD)
    browser = town.browser(Progress.MEMBER)
    notices.tell(town.work, "closing_kept", to=ODILE.email, person="M. X", roll_id=ids[at])
    notices.tell(town.work, "password_changed", to=ODILE.email)
    town.work.settle()
    kept, changed = "Personne ne quitte votre espace", "Votre mot de passe a changé"
    own, shared = mails_told(browser.get(f"{EXPORT}?pour={ids[at]}").text)
    assert kept in own and kept not in shared
    assert changed in shared and changed not in own
    of_another, shared = mails_told(browser.get(f"{EXPORT}?pour={ids[1 - at]}").text)
    assert kept not in of_another + shared and changed in shared


def test_a_space_of_one_s_own_has_one_list(town: Town) -> None:
    text = town.browser(Progress.MEMBER).get(EXPORT).text
    assert OWN not in text and SPACE not in text
    assert "Les messages envoyés" in text
