"""Which second steps are offered, in which order."""

import pytest

from webapp.rules.factors import offered


@pytest.mark.parametrize("codes", [False, True])
@pytest.mark.parametrize("mail_off", [False, True])
def test_without_a_step_of_one_s_own_only_the_mail(codes, mail_off):
    assert offered(passkey=False, app=False, codes=codes, mail_off=mail_off) == ""


@pytest.mark.parametrize(
    ("has", "letters"),
    [
        ({"passkey": True, "app": True, "codes": True, "mail_off": False}, "pamr"),
        ({"passkey": True, "app": False, "codes": True, "mail_off": True}, "pr"),
        ({"passkey": False, "app": True, "codes": False, "mail_off": False}, "am"),
    ],
)
def test_what_the_member_chose_comes_first(has, letters):
    assert offered(**has) == letters
