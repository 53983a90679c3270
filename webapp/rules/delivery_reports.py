"""What a delivery report says (RFC 3464; RFC 6533 where addresses are international): which of our
mails it is about, and how that ended.

Anybody may write to the mailbox of reports, so nothing in them is believed but the id of a mail
that we sent, which its reader and the relays alone know (docs/decisions/bounces.md).
"""

import base64
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser, HeaderParser
from email.policy import compat32  # the younger policies trip over headers that break the rules
from enum import Enum

MOST_BYTES = 256 * 1024  # a report says what it has to at its beginning
_REPORT_TYPE = "multipart/report"
_STATUS_TYPES = ("message/delivery-status", "message/global-delivery-status")
_RETURNED_TYPES = (
    "text/rfc822-headers", "message/rfc822", "message/global-headers", "message/global",
)  # fmt: skip
_BLANK = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")
_ID = re.compile(r"<?([0-9a-f]{32})(?:@[^\s<>@]*)?>?")
_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")


class Outcome(Enum):
    """How a mail ended after the relay took it; each takes the place of those above it."""

    DELAYED = "delayed"  # a relay goes on trying
    DELIVERED = "delivered"
    FAILED = "failed"


_ACTIONS = {
    "failed": Outcome.FAILED,
    "delayed": Outcome.DELAYED,
    "delivered": Outcome.DELIVERED,
    "relayed": Outcome.DELIVERED,
    "expanded": Outcome.DELIVERED,
}
_ORDER = list(Outcome)


def weaker(outcome: Outcome) -> list[str]:
    """The values of the outcomes that this one takes the place of."""
    return [each.value for each in _ORDER[: _ORDER.index(outcome)]]


@dataclass(frozen=True)
class Report:
    """`mail_ids`: the 32 hexadecimal digits of each mail that it may be about, the surest first.
    `status`: the enhanced code, « 5.1.1 », "" when it has none."""

    mail_ids: tuple[str, ...]
    outcome: Outcome
    status: str


def read(raw: bytes) -> Report | None:
    """What a message reports; None when it is no report. Raises ValueError for one that cannot be
    understood. Only its first 256 KiB are looked at.

    Some gateways wrap what comes from outside in a message with a warning, and people forward a
    report as an attachment: the report is then a part.
    """
    try:
        message = BytesParser(policy=compat32).parsebytes(raw[:MOST_BYTES])
        reports = (each for each in message.walk() if each.get_content_type() == _REPORT_TYPE)
        report = next(reports, None)
        return None if report is None else _report(report, around=message)
    except (LookupError, TypeError, AttributeError, RecursionError) as fault:
        raise ValueError(f"not a message: {type(fault).__name__}") from fault


def _report(report: Message, *, around: Message) -> Report | None:
    parts = list(report.walk())
    blocks = [block for part in parts for block in _blocks(part)]
    if not blocks:
        return None  # of another kind, « this was read »
    about = [block for block in blocks if "Action" in block]
    told = [found for each in about if (found := _told(each))]
    if not told:
        raise ValueError("a report without an action")
    outcome, status = max(told, key=lambda each: _ORDER.index(each[0]))
    envelope = [block["Original-Envelope-Id"] for block in blocks]
    original = [block["X-Original-Message-ID"] for block in blocks]
    returned = [each["Message-ID"] for part in parts for each in _returned(part)]
    answered = [each[name] for each in (report, around) for name in ("In-Reply-To", "References")]
    ids = _ids([*envelope, *returned, *original, *answered])
    return Report(tuple(dict.fromkeys(ids)), outcome, status)


def _told(block: Message) -> tuple[Outcome, str] | None:
    outcome = _ACTIONS.get(str(block["Action"]).partition("(")[0].strip().lower())
    status = _STATUS.match(str(block["Status"]).strip())
    return (outcome, status[0] if status else "") if outcome else None


def _blocks(part: Message) -> Iterator[Message]:
    """The blocks of fields of a delivery status: one about the mail, one a recipient.

    Python's parser knows one of the two types, and its `get_content` gives the first block alone:
    they are read from the part's own text.
    """
    if part.get_content_type() in _STATUS_TYPES:
        for block in _BLANK.split(_text(part).strip()):
            yield HeaderParser(policy=compat32).parsestr(block)


def _returned(part: Message) -> Iterator[Message]:
    """The headers of the mail that came back."""
    if part.get_content_type() in _RETURNED_TYPES:
        yield HeaderParser(policy=compat32).parsestr(_text(part).lstrip())


def _text(part: Message) -> str:
    """A part's text as it was sent, below its own headers."""
    _, _, body = part.as_bytes().replace(b"\r\n", b"\n").partition(b"\n\n")
    encoding = str(part["Content-Transfer-Encoding"]).strip().lower()
    if encoding == "base64":
        body = base64.b64decode(body)
    elif encoding == "quoted-printable":
        body = quopri.decodestring(body)
    return body.replace(b"\r\n", b"\n").decode("utf-8", "replace")


def _ids(fields: list[object]) -> Iterator[str]:
    for field in fields:
        for word in str(field or "").split():
            if found := _ID.fullmatch(word):
                yield found[1]
