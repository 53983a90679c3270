"""A relay's answer: later, the address's end, or a fault of ours; as real servers word it."""

import pytest

from webapp.rules.smtp_answers import Verdict, enhanced, status, verdict

LATER, ADDRESS, OURS = Verdict.LATER, Verdict.ADDRESS, Verdict.OURS


@pytest.mark.parametrize(
    ("code", "text", "meaning"),
    [
        (450, "4.2.0 <odile@example.org>: Greylisted", LATER),
        (454, "4.7.1 <odile@example.org>: Relay access denied", OURS),
        (454, "4.7.0 TLS not available", LATER),
        (452, "4.3.1 Insufficient system storage", LATER),
        (550, "5.1.1 <odile@example.org>: User unknown in virtual mailbox table", ADDRESS),
        (550, "5.1.2 Domain not found", ADDRESS),
        (556, "5.1.10 Recipient address has null MX", ADDRESS),
        (550, "5.2.1 The mailbox is disabled", ADDRESS),
        (552, "5.2.2 Quota exceeded", ADDRESS),
        (550, "5.4.1 Recipient address rejected: Access denied", ADDRESS),
        (550, "5.6.7 must provide SMTPUTF8 parameter", ADDRESS),
        (550, "5.1.8 <retours@example.org>: Sender address rejected: Domain not found", OURS),
        (553, "5.1.7 <retours>: Sender address rejected", OURS),
        (554, "5.7.1 <odile@example.org>: Relay access denied", OURS),
        (550, "5.7.26 This mail is unauthenticated: SPF and DKIM did not pass", OURS),
        (530, "5.7.0 Must issue a STARTTLS command first", OURS),
        (552, "5.3.4 Message size exceeds fixed limit", OURS),
        (503, "5.5.1 Error: need MAIL command", OURS),
        (554, "5.6.0 Message content rejected", OURS),
        (550, "No such user here", ADDRESS),
        (553, "sorry, no mailbox here by that name", ADDRESS),
        (550, "relay not permitted", OURS),
        (550, "Relaying denied", OURS),
        (554, "Transaction failed", OURS),
        (535, "authentication failed", OURS),
        (550, "5.7 is no code", ADDRESS),
    ],
)
def test_what_an_answer_means(code: int, text: str, meaning: Verdict) -> None:
    assert verdict(code, text) is meaning


def test_the_codes_alone_are_kept_of_an_answer() -> None:
    assert status(550, "5.1.1 <odile@example.org>: no") == "550 5.1.1"
    assert status(550, "odile@example.org: no") == "550"
    assert enhanced("5.1.1odile") == ""
