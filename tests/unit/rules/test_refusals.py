"""To say no is to name a declared reason."""

from datetime import timedelta

import pytest

from webapp.rules.refusals import KEYS, Refusal


def test_a_refusal_names_its_reason_its_field_and_its_wait():
    refusal = Refusal("resend_soon", "email", wait=timedelta(seconds=9))
    assert (refusal.key, refusal.field, refusal.wait) == (
        "resend_soon",
        "email",
        timedelta(seconds=9),
    )


def test_a_refusal_without_words_cannot_be_raised():
    assert "because" not in KEYS
    with pytest.raises(ValueError, match="unknown refusal"):
        Refusal("because")
