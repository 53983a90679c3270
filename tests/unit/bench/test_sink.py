"""The sink speaks SMTP to Python's own client and gives each mail to who waits for it."""

import asyncio
import smtplib
from email.message import EmailMessage

import pytest

from bench.sink import Mail, NoMail, sink


def send(port: int, to: str, text: str) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@example.org", to, "Votre code"
    message.set_content(text)
    with smtplib.SMTP("127.0.0.1", port) as client:
        client.send_message(message)


def test_a_mail_reaches_who_waits_for_it():
    async def play() -> Mail:
        async with sink() as mails:
            waiting = asyncio.ensure_future(mails.mail("odile@example.org", 5))
            await asyncio.to_thread(send, mails.port, "rene@example.org", "rien")
            text = "Voici :\n.\n123456\nhttps://example.org/lien/abc."
            await asyncio.to_thread(send, mails.port, "odile@example.org", text)
            return await waiting

    mail = asyncio.run(play())
    assert mail.code == "123456"
    assert mail.link("/lien/") == "https://example.org/lien/abc."
    assert "Voici :\n.\n" in mail.text


def test_a_mail_that_does_not_come_is_told():
    async def play() -> None:
        async with sink() as mails:
            await mails.mail("odile@example.org", 0.01)

    with pytest.raises(NoMail):
        asyncio.run(play())


def test_a_mail_without_a_code_has_none():
    with pytest.raises(NoMail):
        _ = Mail(b"Content-Type: text/plain\r\n\r\n1234567").code
