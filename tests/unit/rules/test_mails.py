"""Each mail is declared with its title and with all the facts that it is filled in with."""

import pytest

from webapp.rules.mails import MAILS, check, title


@pytest.mark.parametrize("mail", MAILS.values(), ids=MAILS)
def test_a_mail_takes_its_examples(mail):
    for facts in (mail.facts, *mail.others):
        check(mail.key, facts)


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("new_sign_in", {}),
        ("new_sign_in", {"agent": "Firefox", "email": "odile@example.org"}),
        ("new_sign_in", {"agent": None}),
        ("recovery_codes", {"used": 1, "left": 9}),
    ],
)
def test_a_fact_too_many_too_few_or_of_another_type_is_an_error(name, facts):
    with pytest.raises(ValueError, match="is given"):
        check(name, facts)


def test_an_undeclared_mail_is_an_error():
    with pytest.raises(ValueError, match="declare it in rules/mails"):
        check("moon_landed", {})


@pytest.mark.parametrize("mail", MAILS.values(), ids=MAILS)
def test_a_title_is_what_a_member_reads(mail):
    assert title(mail.key)[0].isupper() and "_" not in title(mail.key)


def test_no_two_mails_have_the_same_title():
    assert len({mail.title for mail in MAILS.values()}) == len(MAILS)


def test_a_mail_of_another_version_is_told_without_its_key():
    assert title("moon_landed") == "Un mail d’une autre version du site"
