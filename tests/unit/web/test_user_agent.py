"""A browser's name, for the member who reads the list of devices."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.web.user_agent import agent_name

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"
KIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("header", "name"),
    [
        (f"{WINDOWS} {KIT} Chrome/150.0.0.0 Safari/537.36", "Chrome sur Windows"),
        (f"{WINDOWS} {KIT} Chrome/150.0.0.0 Safari/537.36 Edg/150.0", "Edge sur Windows"),
        (f"{WINDOWS} {KIT} Chrome/150.0.0.0 Safari/537.36 OPR/120.0", "Opera sur Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0",
         "Firefox sur Linux"),
        (f"Mozilla/5.0 (Linux; Android 16; SM-G990B) {KIT} SamsungBrowser/30.0 Chrome/150.0",
         "Samsung Internet sur Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 20_0 like Mac OS X) AppleWebKit/605 Version/20 Safari",
         "Safari sur iPhone"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 20_0 like Mac OS X) AppleWebKit/605 CriOS/150 Safari",
         "Chrome sur iPhone"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) AppleWebKit/605 Version/20 Safari/605",
         "Safari sur Mac"),
        ("curl/8.9", "Navigateur inconnu"),
        ("", "Navigateur inconnu"),
    ],
)  # fmt: skip
def test_a_browser_is_named_as_people_name_it(header: str, name: str) -> None:
    assert agent_name(header) == name


@given(st.text())
def test_nothing_of_the_header_itself_is_kept(header: str) -> None:
    assert agent_name(header).isprintable()
    assert len(agent_name(header)) <= 80
