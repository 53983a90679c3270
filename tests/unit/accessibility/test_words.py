"""What must hold from one screen to another."""

import pytest

from accessibility.checks.words import across
from accessibility.finding import Facts


def facts(*links: str) -> Facts:
    return {"headings": [], "title": "", "fields": [], "furniture": list(links)}


ALONE = "HEADER Mon espace /espace"
OF_ONE, OF_ANOTHER = f"{ALONE}?pour=1", f"{ALONE}?pour=23"


def told(*states: Facts) -> list[str]:
    found = across((str(at), each) for at, each in enumerate(states))
    return [finding.what for _, finding in found if "en-tête" in finding.what]


def test_the_header_of_a_space_of_several_is_that_of_any_space() -> None:
    assert told(facts(ALONE), facts(OF_ONE), facts(OF_ANOTHER)) == []


@pytest.mark.parametrize(
    "other",
    [
        "HEADER Mon espace /espace/securite",
        "HEADER Mon espace /espace?pour=1&autre=2",
        "HEADER Mon espace /espace?fait=1",
        "HEADER Mon espace à moi /espace",
    ],
)
def test_another_link_is_another_header(other: str) -> None:
    assert len(told(facts(ALONE), facts(other))) == 1
