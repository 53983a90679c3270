"""Pages that are open to all speak of nobody, and lead back to the person who was shown before."""

import pytest

from player.households import GERARD
from tests.checked_client import CheckedClient
from tests.visitors import Progress, Town

SITE, HOME, SECURITY = "http://localhost", "/espace", "/espace/securite"
OUTSIDE = ("/aide", "/cgu", "/plan-du-site", "/donnees-personnelles")


@pytest.fixture
def ids(town: Town) -> tuple[int, ...]:
    """Of those who share Odile's space: she herself, Gérard."""
    return town.shared_by(GERARD)


@pytest.fixture
def browser(town: Town, ids: tuple[int, ...]) -> CheckedClient:
    """Signed in to that space."""
    return town.browser(Progress.MEMBER)


def leads_to(text: str, whom: int) -> bool:
    return f'href="{HOME}?pour={whom}">Mon espace</a>' in text


@pytest.mark.parametrize("path", OUTSIDE)
def test_a_page_open_to_all_leads_back_to_the_person_of_the_page_before(
    browser: CheckedClient, ids: tuple[int, ...], path: str
) -> None:
    for whom in ids:
        before = f"{SITE}{SECURITY}?fait=x&pour={whom}"
        page = browser.get(path, headers={"Referer": before}).text
        assert leads_to(page, whom)
        assert GERARD.name not in page


@pytest.mark.parametrize(
    "before",
    [
        "",
        "pour=",
        f"{SITE}{HOME}",
        f"{SITE}{HOME}?pour=",
        f"{SITE}{HOME}?pour=999999",
        f"{SITE}{HOME}?pour=é&pour=2",
        "http://elsewhere.example/?pour={gerard}",
        "http://[?pour={gerard}",
        f"{SITE}.elsewhere.example/?pour={{gerard}}",
    ],
)
def test_without_a_page_of_ours_before_it_leads_to_the_first(
    browser: CheckedClient, ids: tuple[int, ...], before: str
) -> None:
    told = before.replace("{gerard}", str(ids[1]))
    page = browser.get("/aide", headers={"Referer": told})
    assert page.status_code == 200
    assert leads_to(page.text, ids[0])


def test_an_address_of_the_space_alone_says_of_whom_its_page_speaks(
    browser: CheckedClient, ids: tuple[int, ...]
) -> None:
    before = {"Referer": f"{SITE}{SECURITY}?pour={ids[1]}"}
    assert leads_to(browser.get(HOME, headers=before).text, ids[0])
    asked = browser.get(f"{HOME}?pour={ids[0]}", headers=before).text
    assert leads_to(asked, ids[0]) and not leads_to(asked, ids[1])
