"""What is read in a postal address, and what is shown of one."""

import pytest

from webapp.rules import postal


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("12 RUE HAUTE\n38000 GRENOBLE", "38000"),
        ("12 RUE HAUTE\n38 000 Grenoble\nFRANCE", "38000"),
        ("F-75011 PARIS", "75011"),
        ("10000 LOGEMENTS\n75011 PARIS CEDEX 11", "75011"),
        ("12 RUE HAUTE\n1000 BRUXELLES", None),
        ("123456 RUE HAUTE", None),
        ("APPT 38000", None),
        ("", None),
    ],
)
def test_the_postal_code_stands_before_the_town(address: str, code: str | None) -> None:
    assert postal.postal_code(address) == code


def test_a_masked_address_can_be_asked_for_and_not_copied() -> None:
    lines = ["APPT 12 B", "3 bis allée des Œillets", "38000 GRENOBLE", "FRANCE"]
    assert postal.masked(lines) == [
        "A••• 12 B", "3 b••• a••• d••• Œ•••", "38000 GRENOBLE", "F•••",
    ]  # fmt: skip
