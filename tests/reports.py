"""Delivery reports as relays write them. What Postfix writes itself is read in tests/faults."""

_POSTFIX = """\
Return-Path: <>
Date: Sun, 29 Nov 2026 05:47:04 +0000 (UTC)
From: Mail Delivery System <MAILER-DAEMON@mail.example.org>
Subject: Undelivered Mail Returned to Sender
To: retours@example.org
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type={kind};
\tboundary="0200D2301EA.1795931224/mail.example.org"
{more}
This is a MIME-encapsulated message.

--0200D2301EA.1795931224/mail.example.org
Content-Description: Notification
Content-Type: text/plain; charset=utf-8

<odile@example.org>: host mx.example.org said: 550 5.1.1 no such user

--0200D2301EA.1795931224/mail.example.org
Content-Description: Delivery report
Content-Type: message/{kind}

Reporting-MTA: dns; mail.example.org
{envelope}X-Postfix-Queue-ID: 0200D2301EA
Arrival-Date: Sun, 29 Nov 2026 05:47:03 +0000 (UTC)

Final-Recipient: rfc822; odile@example.org
Original-Recipient: rfc822;odile@example.org
Action: {action}
Status: {status}
Remote-MTA: dns; mx.example.org
Diagnostic-Code: smtp; 550 5.1.1 no such user
{returned}
--0200D2301EA.1795931224/mail.example.org--
"""
_RETURNED = """
--0200D2301EA.1795931224/mail.example.org
Content-Description: Undelivered Message
Content-Type: {type}

Return-Path: <retours@example.org>
Message-ID: <{mail_id}@example.org>
From: SMIE <nepasrepondre@example.org>
To: odile@example.org
Subject: Votre code

"""


def report(
    mail_id: str,
    action: str = "failed",
    status: str = "5.1.1",
    *,
    envelope: bool = True,
    returned: str = "text/rfc822-headers",
    kind: str = "delivery-status",
    more: str = "",
) -> bytes:
    """A report on our mail `mail_id`; `returned` is the type of what comes back, "" for nothing;
    `more` are further headers of the report itself."""
    back = _RETURNED.format(type=returned, mail_id=mail_id) if returned else ""
    known = f"Original-Envelope-Id: {mail_id}\n" if envelope else ""
    text = _POSTFIX.format(
        kind=kind, envelope=known, action=action, status=status, returned=back, more=more
    )
    return text.encode()
