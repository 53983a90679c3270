"""Delivery reports: which mail, and how it ended, whatever provider writes them."""

import base64

import pytest

from tests.reports import report
from webapp.rules.delivery_reports import MOST_BYTES, Outcome, Report, read

MINE = "0123456789abcdef0123456789abcdef"
FAILED = Report((MINE,), Outcome.FAILED, "5.1.1")


def test_a_report_says_which_mail_it_is_about_and_how_that_ended() -> None:
    assert read(report(MINE)) == FAILED


def test_the_returned_message_id_says_it_where_the_relay_knew_no_envelope_id() -> None:
    for kind in ("text/rfc822-headers", "message/rfc822", "message/global-headers"):
        assert read(report(MINE, envelope=False, returned=kind)) == FAILED


def test_so_does_the_mail_that_a_report_says_it_answers() -> None:
    more = f"In-Reply-To: <{MINE}@example.org>\n"
    assert read(report(MINE, envelope=False, returned="", more=more)) == FAILED


def test_without_any_of_them_the_recipient_alone_is_not_believed() -> None:
    assert read(report(MINE, envelope=False, returned="")) == Report((), Outcome.FAILED, "5.1.1")


def test_an_international_report_is_read_too() -> None:
    assert read(report(MINE, kind="global-delivery-status")) == FAILED


def test_a_report_in_base64_is_read_too() -> None:
    raw = report(MINE).decode()
    head, start, rest = raw.partition("Reporting-MTA")
    status, end, tail = (start + rest).partition("\n--0200D")
    encoded = base64.encodebytes(status.encode()).decode()
    head = head[:-1] + "Content-Transfer-Encoding: base64\n\n"
    assert read((head + encoded + end + tail).encode()) == FAILED


def test_a_report_that_a_gateway_wrapped_or_somebody_forwarded_is_read_too() -> None:
    head = b"Subject: Fwd\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=around\n\n"
    warning = b"--around\nContent-Type: text/plain\n\nExternal sender\n--around\n"
    _, start, inside = report(MINE).partition(b"Content-Type: multipart/report")
    for forwarded in (start + inside, b"Content-Type: message/rfc822\n\n" + report(MINE)):
        assert read(head + warning + forwarded + b"\n--around--\n") == FAILED


@pytest.mark.parametrize(
    ("action", "status", "outcome", "code"),
    [
        ("failed", "4.4.1", Outcome.FAILED, "4.4.1"),  # the relay gave up after days
        ("Failed (bad)", "5.2.2 (full)", Outcome.FAILED, "5.2.2"),
        ("delayed", "4.4.1", Outcome.DELAYED, "4.4.1"),
        ("delivered", "2.0.0", Outcome.DELIVERED, "2.0.0"),
        ("relayed", "2.0.0", Outcome.DELIVERED, "2.0.0"),
        ("failed", "550", Outcome.FAILED, ""),
    ],
)
def test_the_action_decides_and_the_status_is_its_code(action, status, outcome, code) -> None:
    assert read(report(MINE, action, status)) == Report((MINE,), outcome, code)


def test_the_worst_of_several_recipients_counts() -> None:
    raw = report(MINE, "delayed", "4.4.1").decode()
    other = "\n\nFinal-Recipient: rfc822; x@example.org\nAction: failed\nStatus: 5.1.1\n"
    raw = raw.replace("no such user\n\n--0200D", f"no such user{other}\n--0200D")
    assert read(raw.encode()) == FAILED


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\0\xff" * 100,
        b"From: x@example.org\nSubject: Bonjour\n\nJe suis absente.\n",
        report(MINE).replace(b"delivery-status", b"disposition-notification"),
        report(MINE).replace(b"multipart/report", b"multipart/mixed"),
    ],
)
def test_what_is_no_report_says_nothing(raw: bytes) -> None:
    assert read(raw) is None


@pytest.mark.parametrize(
    "raw",
    [
        report(MINE, action="perhaps"),
        report(MINE).replace(b"Action: failed\n", b""),
        b"Content-Type: multipart/report; boundary=b\n" + b"\n--b\nContent-Type: message/rfc822\n"
        * 4000,
    ],
    ids=["unknown action", "no action", "nested"],
)  # fmt: skip
def test_what_can_t_be_understood_says_so_or_nothing(raw: bytes) -> None:
    try:
        assert read(raw) is None
    except ValueError as fault:
        assert MINE not in str(fault)


def test_only_the_beginning_of_a_huge_one_is_read() -> None:
    assert read(report(MINE) + b"x" * MOST_BYTES) == FAILED
    assert read(b"X-Filler: " + b"x" * MOST_BYTES + b"\n" + report(MINE)) is None


def test_an_id_is_whole_or_none() -> None:
    for other in (MINE[:-1], MINE + "0", MINE.upper(), f"x{MINE}", "../" + MINE):
        found = read(report(other))
        assert found is not None and found.mail_ids == ()
