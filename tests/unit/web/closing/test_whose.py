"""In a space of several, nothing says that it closes: one person leaves it."""

import pytest

from player.households import GERARD
from player.world import PASSWORD
from tests.checked_client import HX_PARTIAL, tree
from tests.visitors import Progress, Town

DATA = "/espace/mes-donnees"
CLOSES = ("ermer mon espace", "ermer votre espace", "espace sera effacé", "espace va fermer")


def read(text: str) -> str:
    return " ".join("".join(tree(text).itertext()).split())


HE = read(GERARD.name)


@pytest.mark.parametrize("headers", [{}, HX_PARTIAL], ids=["plain", "partial"])
def test_every_page_and_mail_says_that_this_person_leaves(
    town: Town, headers: dict[str, str]
) -> None:
    _, gerard = town.shared_by(GERARD)
    browser, of_him = town.browser(Progress.MEMBER), f"?pour={gerard}"

    def shown(path: str) -> str:
        return read(browser.get(f"{DATA}{path}{of_him}", headers=headers).text)

    told = [shown(""), shown("/fermer")]
    assert f"{HE} n’y sera plus" in told[0]
    assert f"Vous demandez que {HE} quitte l’espace" in told[1]
    given = {"present_password": PASSWORD}
    browser.submit(f"{DATA}/fermer{of_him}", given, page=f"{DATA}/fermer{of_him}")
    told.append(shown("/fermer/code"))
    typed = {"security_code": town.code_in_mail()}
    browser.submit(f"{DATA}/fermer/code{of_him}", typed, page=f"{DATA}/fermer/code{of_him}")
    told.append(shown("/fermer"))
    for page in told:
        assert "uitter l’espace" in page
        assert [words for words in CLOSES if words in page] == []
    subjects = [mail.subject for mail in town.mails()[-2:]]
    assert subjects[0] == "Votre code pour quitter l’espace"
    assert subjects[1].endswith("Une personne va quitter votre espace")
    assert "Votre code pour quitter l’espace" in told[2]


def test_the_home_of_one_of_several_does_not_call_a_visit_their_first(town: Town) -> None:
    ids = town.shared_by(GERARD)
    browser = town.browser(Progress.MEMBER)
    for each in ids:
        page = read(browser.get(f"/espace?pour={each}").text)
        assert "votre première connexion" not in page and "Votre connexion précédente" not in page


def test_a_space_of_one_s_own_still_closes(town: Town) -> None:
    browser = town.browser(Progress.MEMBER)
    for path in ("", "/fermer"):
        page = read(browser.get(f"{DATA}{path}").text)
        assert "Fermer mon espace" in page and "uitter l’espace" not in page
