"""Every field for a mailed code takes it as it is copied from the mail: in groups, or with its
sentence."""

import pytest

from tests.visitors import Progress, Town

CONFIRM = "/espace/securite/email/confirmation"
COPIED = pytest.mark.parametrize("copied", ["{}", "  {} ", "{} est votre code SMiE Mutuelle."])


@COPIED
def test_the_security_code(town: Town, copied: str) -> None:
    browser = town.browser(Progress.CODE)
    fields = {"security_code": copied.format(grouped(town, 3))}
    assert browser.submit("/connexion/code", fields).headers["Location"] == "/espace"


@COPIED
def test_the_code_of_a_new_address(town: Town, copied: str) -> None:
    browser = town.browser(Progress.MEMBER)
    town.ask_address(browser)
    fields = {"address_code": copied.format(grouped(town, 3))}
    assert browser.submit(CONFIRM, fields).headers["Location"] == "/adresse-changee"


@COPIED
def test_the_code_to_close_a_space(town: Town, copied: str) -> None:
    browser = town.browser(Progress.MEMBER)
    town.ask_to_close(browser)
    answer = town.close(browser, copied.format(grouped(town, 3)))
    assert answer.headers["Location"].startswith("/espace")


@COPIED
def test_the_activation_code(town: Town, copied: str) -> None:
    browser = town.browser(Progress.WAITING)
    fields = {"activation_code": copied.format(grouped(town, 4))}
    answer = browser.submit("/inscription/en-cours", fields)
    assert answer.headers["Location"] == "/inscription/en-cours"
    assert "Votre inscription est finalisée" in browser.get("/inscription/en-cours").text


def grouped(town: Town, first: int) -> str:
    """The code of the last mail, in its groups: `first` digits, then by three."""
    code = town.code_in_mail()
    rest = [code[at : at + 3] for at in range(first, len(code), 3)]
    written = "\u00a0".join([code[:first], *rest])
    assert any(written in mail.text and written in mail.html for mail in town.mails())
    return written
