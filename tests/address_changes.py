"""A change of address, asked for and confirmed; what was mailed of it. Every step is settled."""

import re

from sqlalchemy import select

from player import mails
from player.mailed_codes import codes_in
from player.world import PASSWORD
from tests.journeys import (
    settled,
)
from webapp.models import Account
from webapp.services.account import (
    address,
    address_confirmation,
)

NEW, THIRD = "neuf@example.org", "trois@example.org"


def ask(work, session, email=NEW, password=PASSWORD):
    return settled(work, address.ask, session, email=email, password=password)


def last(work, name):
    """The mail of this name written last."""
    found = [each for each in mails.waiting(work) if each.name == name]
    work.settle()
    return found[-1]


def code(work):
    return codes_in(last(work, "address_change").text, 6)[0]


def link(work, name="address_change", shape=r"/adresse/(\S+)"):
    return re.search(shape, last(work, name).text)[1]


def undo_link(work):
    return link(work, "address_changed", r"/adresse/retablir/(\S+)")


def present(work):
    row = work.db.execute(select(Account.email, Account.email_key)).first()
    work.settle()
    return row


def confirmed(work, session, email=NEW):
    ask(work, session, email)
    settled(work, address_confirmation.by_code, session, code=code(work))
